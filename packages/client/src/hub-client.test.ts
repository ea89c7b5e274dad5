import { describe, expect, it } from 'vitest';
import { HubError, HubUnreachableError } from './errors.ts';
import { createHubClient, type HubClient } from './hub-client.ts';
import { eventBlock, failing, id, type Scene, startScriptedHub, streaming } from './testing/scripted-hub.ts';

const answering =
  (body: unknown, status = 200): Scene =>
  (response) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
  };

const HEALTH = {
  status: 'degraded',
  nats_connected: false,
  active_connections: 3,
  messages_forwarded: 12,
  uptime_seconds: 60,
};
const METRICS = {
  timestamp: '2026-11-20T10:15:02Z',
  uptime_seconds: 60,
  nats_connected: true,
  subscription_errors: 0,
  messages_forwarded: 12,
  active_sse_connections: 2,
  active_ws_connections: 1,
};
const STATS = {
  total_count: 0,
  oldest_timestamp: null,
  newest_timestamp: null,
  error_count: 0,
  warn_count: 0,
  recent_errors: [],
  active_instances: [],
};

describe('createHubClient', () => {
  it.each([
    ['health', '/health', HEALTH],
    ['metrics', '/metrics', METRICS],
    ['bufferStats', '/logs/buffer/stats', STATS],
  ] as const)('%s gives what the hub says', async (method, path, body) => {
    await using hub = await startScriptedHub(answering(body));
    expect(await createHubClient({ url: hub.url, token: 'secret' })[method]()).toEqual(body);
    expect(hub.requests[0]).toMatchObject({
      method: 'GET',
      path,
      headers: { authorization: 'Bearer secret', accept: 'application/json' },
    });
  });

  it('sends no Authorization without a token, and takes the empty one for none', async () => {
    await using hub = await startScriptedHub(answering(HEALTH));
    await createHubClient({ url: hub.url }).health();
    await createHubClient({ url: hub.url, token: '' }).health();
    for (const request of hub.requests) expect(request.headers.authorization).toBeUndefined();
  });

  it('gets, posts and deletes whatever else the hub has, arrays too', async () => {
    await using hub = await startScriptedHub(
      answering([1, 2]),
      answering({ id: 's' }, 201),
      answering({ ok: true }),
      (response) => void response.writeHead(204).end(),
    );
    const client = createHubClient({ url: `${hub.url}/behind/a/path` });
    expect(await client.get('/api/logs/recent', { limit: 2, app: 'a b', level: undefined })).toEqual([1, 2]);
    expect(await client.post('snapshots')).toEqual({ id: 's' });
    expect(await client.post('chat', { message: 'why?' })).toEqual({ ok: true });
    expect(await client.delete('agents/1')).toBeUndefined();
    expect(hub.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'GET /behind/a/path/api/logs/recent',
      'POST /behind/a/path/snapshots',
      'POST /behind/a/path/chat',
      'DELETE /behind/a/path/agents/1',
    ]);
    expect(hub.requests[0]!.query.toString()).toBe('limit=2&app=a+b');
    expect(hub.requests[1]!.headers['content-type']).toBeUndefined();
    expect(await hub.requests[2]!.body).toBe('{"message":"why?"}');
  });

  it('ready tells a hub that is not from one that is', async () => {
    const report = { nats: { state: 'connecting' } };
    await using hub = await startScriptedHub(answering(report, 503), answering(report), failing(503, '<html>'));
    const client = createHubClient({ url: hub.url });
    expect(await client.ready()).toEqual({ ready: false, report });
    expect(await client.ready()).toEqual({ ready: true, report });
    await expect(client.ready()).rejects.toMatchObject({ status: 503, code: 'unexpected_answer' });
  });

  it('ingests texts and objects as one event each', async () => {
    await using hub = await startScriptedHub(answering({ accepted: 2 }));
    const lines = ['two\nlines', { level: 'warn', message: 'grüße' }];
    const result = await createHubClient({ url: hub.url }).ingest(lines, { batchId: 'b-1' });
    expect(result).toEqual({ accepted: 2 });
    const [request] = hub.requests;
    expect(request).toMatchObject({
      method: 'POST',
      path: '/ingest/logs',
      headers: { 'batch-id': 'b-1', 'content-type': 'application/json' },
    });
    expect(JSON.parse(await request!.body)).toEqual(lines);
  });

  it('signs in and out', async () => {
    await using hub = await startScriptedHub(
      (response) => void response.writeHead(204, { 'set-cookie': 'session=x; HttpOnly' }).end(),
    );
    const client = createHubClient({ url: hub.url });
    await client.signIn('secret');
    await client.signOut();
    expect(hub.requests.map(({ method, path }) => [method, path])).toEqual([
      ['POST', '/session'],
      ['DELETE', '/session'],
    ]);
    expect(JSON.parse(await hub.requests[0]!.body)).toEqual({ token: 'secret' });
  });

  it('tails with its address and token', async () => {
    await using hub = await startScriptedHub(streaming(eventBlock(1)));
    for await (const item of createHubClient({ url: hub.url, token: 'secret' }).tail({ app: 'shop' })) {
      if (item.type === 'event') {
        expect(item.event.id).toBe(id(1));
        break;
      }
    }
    expect(hub.requests[0]!.headers.authorization).toBe('Bearer secret');
    expect(hub.requests[0]!.query.get('app')).toBe('shop');
  });

  it('uses the fetch that it is given', async () => {
    const seen: string[] = [];
    const client = createHubClient({
      url: 'http://hub.internal',
      fetch: async (input, init) => {
        seen.push(`${init?.method} ${input} ${init?.credentials} ${init?.cache}`);
        return Response.json(HEALTH);
      },
    });
    await client.health();
    expect(seen).toEqual(['GET http://hub.internal/health same-origin no-store']);
  });
});

describe('a call that fails', () => {
  it('carries what the hub said', async () => {
    await using hub = await startScriptedHub(
      failing(429, { error: 'too many', code: 'rate_limited', status: 429 }, { 'retry-after': '3' }),
    );
    const error = await createHubClient({ url: hub.url })
      .metrics()
      .catch((failure: unknown) => failure);
    expect(error).toBeInstanceOf(HubError);
    expect(error).toMatchObject({
      message: 'too many',
      code: 'rate_limited',
      status: 429,
      retryAfterMs: 3000,
      isFinal: false,
      url: `${hub.url}/metrics`,
    });
  });

  it.each([
    ['a page', (response: Parameters<Scene>[0]) => void response.end('<html>'), /something that is not JSON/],
    ['a list', answering([1]), /JSON that is no object/],
    ['another shape', answering({ ...HEALTH, uptime_seconds: 'long' }), /uptime_seconds is not number/],
  ])('says when %s came instead of an answer', async (_name, scene, message) => {
    await using hub = await startScriptedHub(scene);
    const call = createHubClient({ url: hub.url }).health();
    await expect(call).rejects.toMatchObject({ code: 'unexpected_answer', message: expect.stringMatching(message) });
  });

  it.each([
    ['no answer', (() => {}) as Scene],
    ['half an answer', ((response) => void response.write('{"status":')) as Scene],
  ])('ends in time with %s', async (_name, scene) => {
    await using hub = await startScriptedHub(scene);
    // Enough for the request to have come, on a busy machine too.
    const call = createHubClient({ url: hub.url, timeoutMs: 700 }).health();
    await expect(call).rejects.toThrow(/within 700 ms/);
    await expect(call).rejects.toBeInstanceOf(HubUnreachableError);
    await hub.requests[0]!.closed;
  });

  it('rejects with the reason of its signal', async () => {
    await using hub = await startScriptedHub(() => {});
    const stopper = new AbortController();
    const call = createHubClient({ url: hub.url }).health({ signal: stopper.signal });
    setTimeout(() => stopper.abort(new Error('enough')), 20);
    await expect(call).rejects.toThrow('enough');
    await hub.requests[0]!.closed;
    await expect(createHubClient({ url: hub.url }).health({ signal: AbortSignal.abort() })).rejects.toThrow(/abort/i);
  });

  it('reads no endless answer', async () => {
    const chunk = 'x'.repeat(1 << 20);
    await using hub = await startScriptedHub((response) => {
      const send = () => {
        while (!response.destroyed) if (!response.write(chunk)) return void response.once('drain', send);
      };
      send();
    });
    await expect(createHubClient({ url: hub.url }).metrics()).rejects.toThrow(/more than 8388608 characters/);
    await hub.requests[0]!.closed;
  });
});

describe('secrets', () => {
  const SECRET = 'hunter2';

  it.each([
    ['a user and password in the address', { url: `http://me:${SECRET}@localhost` }, /user or password/],
    ['a query in the address', { url: `http://localhost/?token=${SECRET}` }, /no query/],
    ['an address that is none', { url: `me:${SECRET}@@:` }, /url: /],
    ['a token with a line break', { url: 'http://localhost', token: `${SECRET}\n` }, /token: /],
  ])('%s: refused, and not repeated', (_name, options, message) => {
    let error: unknown;
    try {
      createHubClient(options);
    } catch (failure) {
      error = failure;
    }
    expect(error).toBeInstanceOf(TypeError);
    expect((error as Error).message).toMatch(message);
    expect((error as Error).message).not.toContain(SECRET);
  });

  it.each([
    ['an error', failing(500, { error: 'broken', code: 'internal', status: 500 })],
    ['a page', failing(500, '<html>')],
    ['no answer', ((response) => void response.destroy()) as Scene],
  ])('neither token nor search words are in %s', async (_name, scene) => {
    await using hub = await startScriptedHub(scene);
    const client: HubClient = createHubClient({ url: hub.url, token: SECRET });
    for (const failure of [await firstFailure(client), await client.health().catch((e: unknown) => e)]) {
      expect(failure).toBeInstanceOf(Error);
      expect(describeWhole(failure)).not.toContain(SECRET);
    }
  });

  async function firstFailure(client: HubClient): Promise<unknown> {
    try {
      for await (const item of client.tail({ q: `password:${SECRET}` })) void item;
    } catch (failure) {
      return failure;
    }
    return undefined;
  }

  function describeWhole(failure: unknown): string {
    const { message, stack, cause, ...rest } = failure as Error;
    return [message, stack, String(cause), (cause as Error | undefined)?.stack, JSON.stringify(rest)].join('\n');
  }
});

it.each([
  [{}, /url: give the address/],
  [{ url: 'ftp://hub' }, /url: expected http: or https:, not ftp:/],
  [{ url: 'http://hub', timeoutMs: 0 }, /timeoutMs: expected/],
])('refuses %o at once', (options, message) => {
  expect(() => createHubClient(options)).toThrow(message);
});
