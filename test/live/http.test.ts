/** The contract of HTTP: tokens, sessions, origins, errors, ingest. */

import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { isLogBlock, readSse } from '../support/readers.ts';
import { startTestHub } from '../support/test-hub.ts';

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const guarded = { AUTH_TOKEN: 'right-token', INGEST_TOKEN: 'write-token' };

async function status(url: string, init: RequestInit = {}): Promise<number> {
  const response = await fetch(url, { redirect: 'manual', ...init });
  await response.body?.cancel();
  return response.status;
}

async function refusal(url: string, init: RequestInit = {}): Promise<{ error: string; code: string; status: number }> {
  const response = await fetch(url, init);
  const body = (await response.json()) as { error: string; code: string; status: number };
  expect(body.status).toBe(response.status);
  expect(Object.keys(body).sort()).toEqual(['code', 'error', 'status']);
  return body;
}

/** The answer to a WebSocket handshake that is refused. */
function handshake(url: string, headers: Record<string, string> = {}): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url.replace(/^http/, 'ws'), { headers });
    socket.once('open', () => {
      socket.terminate();
      resolve({ status: 101, body: '' });
    });
    socket.once('unexpected-response', (_request, response) => {
      let body = '';
      response.on('data', (data: Buffer) => {
        body += data.toString();
      });
      response.on('end', () => resolve({ status: response.statusCode!, body }));
    });
    socket.once('error', reject);
  });
}

test('without a token only health, readiness and the page are open; nothing else says whether it exists', async () => {
  await using hub = await startTestHub(guarded);
  for (const path of ['/health', '/healthz', '/ready', '/ui/']) expect(await status(hub.url + path), path).toBe(200);
  expect(await status(`${hub.url}/`)).toBe(302);
  for (const path of [
    '/metrics',
    '/metrics/prometheus',
    '/logs/stream',
    '/logs/stream?tail=x',
    '/api/logs',
    '/logs/ws',
    '/metrics/ws',
    '/logs/buffer/stats',
    '/openapi.json',
    '/nothing',
    '/%zz',
    '/logs/stream?q=(',
  ]) {
    expect(await status(hub.url + path), path).toBe(401);
    expect(await status(hub.url + path, { headers: bearer('wrong') }), path).toBe(401);
  }
  for (const method of ['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'])
    expect(await status(`${hub.url}/metrics`, { method }), method).toBe(401);
  expect(await status(`${hub.url}/ingest/logs`, { method: 'POST', body: '{' })).toBe(401);
  for (const path of ['/logs/ws', '/metrics/ws', '/nothing', '/logs/ws?tail=x']) {
    const answer = await handshake(hub.url + path);
    expect([path, answer.status, JSON.parse(answer.body).code]).toEqual([path, 401, 'unauthorized']);
  }
});

test('the token opens everything, the scheme in any case; the write-only token may only write', async () => {
  await using hub = await startTestHub(guarded);
  expect(await status(`${hub.url}/metrics`, { headers: bearer('right-token') })).toBe(200);
  expect(await status(`${hub.url}/metrics`, { headers: { authorization: 'bearer right-token' } })).toBe(200);
  expect((await handshake(`${hub.url}/logs/ws`, bearer('right-token'))).status).toBe(101);
  expect(await status(`${hub.url}/ingest/logs`, { method: 'POST', body: 'x', headers: bearer('write-token') })).toBe(
    200,
  );
  expect(await refusal(`${hub.url}/metrics`, { headers: bearer('write-token') })).toMatchObject({
    status: 403,
    code: 'forbidden',
  });
  expect((await handshake(`${hub.url}/logs/ws`, bearer('write-token'))).status).toBe(403);
  expect(await refusal(`${hub.url}/nothing`, { headers: bearer('right-token') })).toMatchObject({
    status: 404,
    code: 'not_found',
  });
  const wrongMethod = await fetch(`${hub.url}/metrics`, { method: 'POST', headers: bearer('right-token') });
  expect([wrongMethod.status, wrongMethod.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
});

test('HEAD of a stream has the headers of the stream, and ends', async () => {
  await using hub = await startTestHub();
  for (const path of ['/logs/stream', '/api/logs']) {
    const { status, headers } = await fetch(hub.url + path, { method: 'HEAD' });
    expect({ status, cache: headers.get('cache-control'), buffering: headers.get('x-accel-buffering') }).toEqual({
      status: 200,
      cache: 'no-cache, no-transform',
      buffering: 'no',
    });
  }
});

test('METRICS_PUBLIC opens the metrics and nothing else', async () => {
  await using hub = await startTestHub({ ...guarded, METRICS_PUBLIC: 'true' });
  expect(await status(`${hub.url}/metrics`)).toBe(200);
  expect(await status(`${hub.url}/metrics/prometheus`)).toBe(200);
  expect(await status(`${hub.url}/logs/buffer/stats`)).toBe(401);
});

test('from the twentieth wrong token on the answers slow down; a right one never does', async () => {
  await using hub = await startTestHub(guarded);
  const timed = async (token: string) => {
    const startedAt = performance.now();
    const code = await status(`${hub.url}/metrics`, { headers: bearer(token) });
    return { code, ms: performance.now() - startedAt };
  };
  for (let i = 0; i < 19; i++) await timed('wrong');
  const slow = await timed('wrong');
  const slower = await timed('wrong');
  expect([slow.code, slower.code]).toEqual([401, 401]);
  expect(slow.ms).toBeGreaterThanOrEqual(49);
  expect(slower.ms).toBeGreaterThanOrEqual(99);
  expect(await timed('right-token')).toMatchObject({ code: 200 });
});

test('a browser signs in once: the cookie is no token, survives a restart, and ends at sign-out or with the token', async () => {
  const store = `${process.env.TMPDIR ?? '/tmp'}/flywatch-session-${process.pid}-${Date.now()}/flywatch.db`;
  const signIn = (url: string, token: string, headers: Record<string, string> = {}) =>
    fetch(`${url}/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ token }),
    });
  let cookie: string;
  {
    await using hub = await startTestHub({ ...guarded, STORE_PATH: store });
    expect((await signIn(hub.url, 'wrong')).status).toBe(401);
    expect((await signIn(hub.url, 'write-token')).status).toBe(403);
    const response = await signIn(hub.url, 'right-token');
    const header = response.headers.get('set-cookie')!;
    expect(header).toMatch(/^flywatch_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Expires=/);
    expect(header).not.toContain('Secure');
    expect(header).not.toContain('right-token');
    cookie = header.split(';')[0]!;
    const expires = Date.parse(/Expires=([^;]+)/.exec(header)![1]!);
    expect(expires - Date.now()).toBeGreaterThan(29.9 * 86_400_000);
    expect(
      (await signIn(hub.url, 'right-token', { 'x-forwarded-proto': 'https' })).headers.get('set-cookie'),
    ).toContain('; Secure');
    expect(await status(`${hub.url}/metrics`, { headers: { cookie } })).toBe(200);
    expect(
      (await handshake(`${hub.url}/logs/ws`, { cookie, origin: hub.url.replace('localhost', `localhost`) })).status,
    ).toBe(101);
  }
  {
    await using hub = await startTestHub({ ...guarded, STORE_PATH: store });
    expect(await status(`${hub.url}/metrics`, { headers: { cookie } })).toBe(200);
  }
  {
    await using hub = await startTestHub({ ...guarded, AUTH_TOKEN: 'new-token', STORE_PATH: store });
    expect(await status(`${hub.url}/metrics`, { headers: { cookie } })).toBe(401);
  }
  await using hub = await startTestHub({ ...guarded, STORE_PATH: store });
  expect(await status(`${hub.url}/metrics`, { headers: { cookie } })).toBe(200);
  expect(await status(`${hub.url}/session`, { method: 'DELETE', headers: { cookie } })).toBe(204);
  expect(await status(`${hub.url}/metrics`, { headers: { cookie } })).toBe(401);
});

test('pages of other origins get no WebSocket, nothing with a cookie, and no CORS headers, unless they are named', async () => {
  await using hub = await startTestHub({ CORS_ORIGIN: 'https://status.example.com' });
  const get = (origin: string, more: Record<string, string> = {}) =>
    fetch(`${hub.url}/metrics`, { headers: { origin, ...more } });
  expect((await get('https://evil.example', { cookie: 'a=b' })).status).toBe(403);
  expect((await get('null', { cookie: 'a=b' })).status).toBe(403);
  const foreign = await get('https://evil.example');
  expect([foreign.status, foreign.headers.get('access-control-allow-origin')]).toEqual([200, null]);
  const named = await get('https://status.example.com', { cookie: 'a=b' });
  expect([
    named.status,
    named.headers.get('access-control-allow-origin'),
    named.headers.get('access-control-allow-credentials'),
  ]).toEqual([200, 'https://status.example.com', 'true']);
  expect((await get(hub.url, { cookie: 'a=b' })).status).toBe(200);
  expect((await handshake(`${hub.url}/logs/ws`, { origin: 'https://evil.example' })).status).toBe(403);
  expect((await handshake(`${hub.url}/logs/ws`, { origin: 'https://status.example.com' })).status).toBe(101);
  expect((await handshake(`${hub.url}/logs/ws`, { origin: hub.url })).status).toBe(101);
  const preflight = await fetch(`${hub.url}/logs/stream`, {
    method: 'OPTIONS',
    headers: {
      origin: 'https://status.example.com',
      'access-control-request-method': 'GET',
      'access-control-request-headers': 'authorization',
    },
  });
  expect(preflight.status).toBe(204);
  expect(preflight.headers.get('access-control-allow-headers')).toContain('Authorization');
});

test.each([
  ['/logs/stream?tail=x', 'bad_parameter', /tail: "x".*0 to 10000/],
  ['/logs/stream?tail=10001', 'bad_parameter', /tail/],
  ['/logs/stream?tail=-1', 'bad_parameter', /tail/],
  ['/logs/stream?level=loud', 'bad_parameter', /level: "loud".*trace, debug, info, warn, error, fatal/],
  ['/logs/stream?level=', '', /^$/],
  ['/logs/stream?since=soon', 'bad_parameter', /since: "soon".*15m/],
  ['/logs/stream?format=xml', 'bad_parameter', /format: "xml".*fly, natstream/],
  ['/logs/stream?after=123', 'bad_event_id', /after: "123"/],
  ['/logs/stream?q=(', 'bad_filter', /q: /],
  ['/logs/stream?q=/open', 'bad_filter', /q: /],
  ['/logs/stream?q=status:%3E', 'bad_filter', /q: /],
  ['/logs/stream?q=a&q=b', 'bad_parameter', /q: /],
  ['/logs/ws?control=2', 'upgrade_required', /WebSocket/],
  ['/api/logs?tail=1.5', 'bad_parameter', /tail/],
])('%s is answered with %s', async (path, code, message) => {
  await using hub = await startTestHub();
  if (code === '') {
    expect(await status(hub.url + path)).toBe(200);
    return;
  }
  const answer = await refusal(hub.url + path);
  expect(answer.code).toBe(code);
  expect(answer.error).toMatch(message);
});

test('a WebSocket handshake is judged like any other request', async () => {
  await using hub = await startTestHub();
  for (const [query, code] of [
    ['tail=x', 'bad_parameter'],
    ['q=(', 'bad_filter'],
    ['after=1', 'bad_event_id'],
    ['control=2', 'bad_parameter'],
  ] as const) {
    const { status: answered, body } = await handshake(`${hub.url}/logs/ws?${query}`);
    expect([answered, JSON.parse(body).code]).toEqual([400, code]);
  }
  expect((await handshake(`${hub.url}/nothing`)).status).toBe(404);
});

test('an unreadable Last-Event-ID is a 400 that says so', async () => {
  await using hub = await startTestHub();
  const answer = await refusal(`${hub.url}/logs/stream`, { headers: { 'last-event-id': '1732000000000-0' } });
  expect(answer).toMatchObject({
    code: 'bad_event_id',
    error: expect.stringContaining('Last-Event-ID: "1732000000000-0"'),
  });
});

test('bodies of every kind and encoding are taken', async () => {
  await using hub = await startTestHub();
  const reader = await readSse(`${hub.url}/logs/stream?format=flat`);
  const take = async (body: string | Buffer, headers: Record<string, string>) => {
    const response = await fetch(`${hub.url}/ingest/logs`, {
      method: 'POST',
      body: new Uint8Array(Buffer.from(body)),
      headers,
    });
    return (await response.json()) as { accepted: number };
  };
  const json = { 'content-type': 'application/json' };
  const ndjson = { 'content-type': 'application/x-ndjson' };
  const text = { 'content-type': 'text/plain' };
  expect(await take('{"message":"1"}', json)).toEqual({ accepted: 1 });
  expect(await take('[{"message":"2"}, "3", 4, null, [5]]', json)).toEqual({ accepted: 5 });
  expect(await take('\uFEFF[]', json)).toEqual({ accepted: 0 });
  expect(await take('{"message":"6"}\n\n{broken\r\n', ndjson)).toEqual({ accepted: 2 });
  expect(await take('7\n\n8', text)).toEqual({ accepted: 3 });
  expect(await take(gzipSync('{"message":"9"}'), { ...json, 'content-encoding': 'gzip' })).toEqual({ accepted: 1 });
  expect(await take(zstdCompressSync('10'), { ...text, 'content-encoding': 'zstd' })).toEqual({ accepted: 1 });
  expect(await take(brotliCompressSync('11'), { ...text, 'content-encoding': 'br' })).toEqual({ accepted: 1 });
  expect(await take(deflateSync('12'), { ...text, 'content-encoding': 'deflate' })).toEqual({ accepted: 1 });
  expect(await take('13', {})).toEqual({ accepted: 1 });
  const blocks = await reader.until(16, isLogBlock);
  const expected = ['1', '2', '3', '4', 'null', '[5]', '6', '{broken', '7', '', '8', '9', '10', '11', '12', '13'];
  expect(blocks.map((block) => JSON.parse(block.data).message)).toEqual(expected);
  reader.close();
});

test.each([
  ['{"a":1', 'application/json', 400, 'bad_json'],
  ['{"a":1}{"b":2}', 'application/json', 400, 'bad_json'],
  ['[1,2', 'application/json', 400, 'bad_json'],
  ['[{"message":"taken?"},{]', 'application/json', 400, 'bad_json'],
  ['42', 'application/json', 400, 'bad_json'],
  ['', 'application/json', 400, 'bad_json'],
])('%j as %s is a %i and nothing is taken', async (body, type, expected, code) => {
  await using hub = await startTestHub();
  const answer = await refusal(`${hub.url}/ingest/logs`, { method: 'POST', body, headers: { 'content-type': type } });
  expect(answer).toMatchObject({ status: expected, code });
  expect(await (await fetch(`${hub.url}/logs/buffer/stats`)).json()).toMatchObject({ total_count: 0 });
});

test('unknown encodings, broken packing and bodies over the limit are refused', async () => {
  await using hub = await startTestHub();
  const send = (body: Uint8Array<ArrayBuffer>, encoding: string) =>
    refusal(`${hub.url}/ingest/logs`, {
      method: 'POST',
      body,
      headers: { 'content-encoding': encoding, 'content-type': 'text/plain' },
    });
  expect(await send(new Uint8Array(3), 'lzma')).toMatchObject({ status: 415, code: 'unsupported_encoding' });
  expect(await send(new Uint8Array(30), 'gzip')).toMatchObject({ status: 400, code: 'bad_request' });
  const bomb = new Uint8Array(gzipSync(Buffer.alloc(80 * 1024 * 1024)));
  expect(await send(bomb, 'gzip')).toMatchObject({ status: 413, code: 'too_large' });
  const health = (await (await fetch(`${hub.url}/health`)).json()) as { messages_forwarded: number };
  expect(health.messages_forwarded).toBe(0);
});

test('a batch with an id is taken once, however often and however close together it is sent', async () => {
  await using hub = await startTestHub();
  const send = () =>
    fetch(`${hub.url}/ingest/logs`, {
      method: 'POST',
      body: 'a\nb\nc',
      headers: { 'batch-id': 'agent-1/boot/7', 'content-type': 'text/plain' },
    }).then((response) => response.json());
  const answers = await Promise.all([send(), send(), send()]);
  expect(answers.map((answer) => (answer as { accepted: number }).accepted)).toEqual([3, 3, 3]);
  expect(await send()).toEqual({ accepted: 3, duplicate: true });
  expect(await (await fetch(`${hub.url}/health`)).json()).toMatchObject({ messages_forwarded: 3 });
});

test('the buffer’s statistics count levels and name the newest errors first', async () => {
  await using hub = await startTestHub({ LOG_BUFFER_MAX_ENTRIES: '50' });
  const lines = Array.from({ length: 60 }, (_, i) =>
    i % 10 === 0 ? `ERROR e${i}` : i % 10 === 1 ? `WARN w${i}` : `INFO i${i}`,
  );
  await fetch(`${hub.url}/ingest/logs?instance=web-1`, {
    method: 'POST',
    body: lines.join('\n'),
    headers: { 'content-type': 'text/plain' },
  });
  const stats = (await (await fetch(`${hub.url}/logs/buffer/stats`)).json()) as {
    recent_errors: { message: string }[];
  };
  expect(stats).toMatchObject({ total_count: 50, error_count: 5, warn_count: 5, active_instances: ['web-1'] });
  expect(stats.recent_errors.map((error) => error.message)).toEqual([
    'ERROR e50',
    'ERROR e40',
    'ERROR e30',
    'ERROR e20',
    'ERROR e10',
  ]);
});

test('an upgrade to something else than WebSocket is an ordinary request', async () => {
  await using hub = await startTestHub();
  const { request } = await import('node:http');
  const code = await new Promise<number>((resolve, reject) => {
    request(
      `${hub.url}/health`,
      {
        headers: {
          connection: 'Upgrade, HTTP2-Settings',
          upgrade: 'h2c',
          'http2-settings': 'AAMAAABkAAQAoAAAAAIAAAAA',
        },
      },
      (response) => {
        response.resume();
        resolve(response.statusCode!);
      },
    )
      .on('error', reject)
      .end();
  });
  expect(code).toBe(200);
});
