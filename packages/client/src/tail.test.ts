import { setImmediate as immediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { HubError, HubUnreachableError } from './errors.ts';
import { type Tail, tail } from './tail.ts';
import type { TailItem, TailWaiting } from './tail-items.ts';
import type { TailOptions } from './tail-options.ts';
import { ManualTimers } from './testing/manual-timers.ts';
import {
  dropping,
  ending,
  eventBlock,
  failing,
  gapBlock,
  id,
  openStream,
  pingBlock,
  startScriptedHub,
  streaming,
} from './testing/scripted-hub.ts';

/** No wait between connections, so that tests wait for events and not for time. */
const EAGER: TailOptions = { random: () => 0 };

/** Reads until an item fits, then leaves the loop. */
async function readUntil(stream: Tail, isLast: (item: TailItem) => boolean): Promise<TailItem[]> {
  const items: TailItem[] = [];
  for await (const item of stream) {
    items.push(item);
    if (isLast(item)) break;
  }
  return items;
}

const isEvent = (position: number) => (item: TailItem) => item.type === 'event' && item.event.id === id(position);
const ids = (items: readonly TailItem[]) => items.flatMap((item) => (item.type === 'event' ? [item.event.id] : []));
const states = (items: readonly TailItem[]) => items.flatMap((item) => (item.type === 'state' ? [item.state] : []));
const waits = (items: readonly TailItem[]) =>
  items.filter((item): item is TailWaiting => item.type === 'state' && item.state === 'waiting');

async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await immediate();
}

describe('tail', () => {
  it('asks for what it was told to show, and yields it', async () => {
    await using hub = await startScriptedHub(streaming(`retry: 100\nid: ${id(1)}\n\n`, eventBlock(2), eventBlock(3)));
    const stream = tail({
      url: hub.url,
      token: 'secret',
      level: 'warn',
      app: ['a', 'b'],
      q: 'x -y',
      raw: true,
      tail: 20,
    });
    const items = await readUntil(stream, isEvent(3));
    expect(items).toMatchObject([
      { type: 'state', state: 'connecting', after: null },
      { type: 'state', state: 'open', resumed: false },
      { type: 'event', event: { id: id(2), message: 'line 2', app: 'shop', level: 'info' } },
      { type: 'event', event: { id: id(3) } },
    ]);
    const [request] = hub.requests;
    expect(request!.path).toBe('/logs/stream');
    expect(Object.fromEntries(request!.query)).toEqual({
      level: 'warn',
      app: 'a,b',
      q: 'x -y',
      format: 'flat',
      raw: 'true',
      tail: '20',
    });
    expect(request!.headers).toMatchObject({ authorization: 'Bearer secret', accept: 'text/event-stream' });
    expect(request!.headers['last-event-id']).toBeUndefined();
    expect(stream.cursor).toBe(id(3));
    expect(stream.stats).toEqual({ connections: 1, eventsReceived: 2, duplicatesDropped: 0, eventsUnreadable: 0 });
  });

  it('finds a hub that lives behind a path', async () => {
    await using hub = await startScriptedHub(streaming(eventBlock(1)));
    await readUntil(tail({ url: `${hub.url}/logs-hub` }), isEvent(1));
    expect(hub.requests[0]!.path).toBe('/logs-hub/logs/stream');
  });

  it('gives the same items in batches', async () => {
    await using hub = await startScriptedHub(streaming(eventBlock(1), eventBlock(2), pingBlock(9)));
    const stream = tail({ url: hub.url });
    const items: TailItem[] = [];
    for await (const batch of stream.batches()) {
      items.push(...batch);
      if (ids(items).length === 2) break;
    }
    expect(states(items)).toEqual(['connecting', 'open']);
    expect(ids(items)).toEqual([id(1), id(2)]);
  });

  it('can be iterated only once', async () => {
    await using hub = await startScriptedHub(streaming(eventBlock(1)));
    const stream = tail({ url: hub.url });
    await readUntil(stream, isEvent(1));
    await expect(readUntil(stream, () => true)).rejects.toThrow(/once/);
  });
});

describe('a tail whose connection is lost', () => {
  it('goes on after the last event, and asks for the beginning only once', async () => {
    await using hub = await startScriptedHub(
      dropping(eventBlock(1), eventBlock(2), eventBlock(3).slice(0, 40)),
      streaming(eventBlock(3), eventBlock(4)),
    );
    const items = await readUntil(tail({ ...EAGER, url: hub.url, app: 'shop', tail: 5, since: '15m' }), isEvent(4));
    expect(ids(items)).toEqual([id(1), id(2), id(3), id(4)]);
    expect(states(items)).toEqual(['connecting', 'open', 'waiting', 'connecting', 'open']);
    expect(waits(items)).toMatchObject([{ reason: 'lost', failures: 1, error: { name: 'HubUnreachableError' } }]);
    const [first, second] = hub.requests;
    expect(first!.query.get('tail')).toBe('5');
    expect(first!.query.get('since')).toBe('15m');
    expect(second!.headers['last-event-id']).toBe(id(2));
    expect(Object.fromEntries(second!.query)).toEqual({ app: 'shop', format: 'flat' });
  });

  it('never yields an id twice nor loses one, wherever the connection breaks', async () => {
    const blocks = [1, 2, 3, 4].map((n) => eventBlock(n, `grüße ${n} 🛰️`));
    const bytes = Buffer.from(blocks.join(''));
    for (let cut = 0; cut < bytes.length; cut += 7) {
      await using hub = await startScriptedHub(
        (response) => {
          openStream(response);
          response.end(bytes.subarray(0, cut));
        },
        (response, request) => {
          // A hub that is exact, but for one event too many before the cursor.
          const after = request.headers['last-event-id'];
          const from = after === undefined ? 0 : blocks.findIndex((block) => block.startsWith(`id: ${after}\n`));
          openStream(response, blocks.slice(from).join(''));
        },
      );
      const stream = tail({ ...EAGER, url: hub.url });
      expect(ids(await readUntil(stream, isEvent(4)))).toEqual([id(1), id(2), id(3), id(4)]);
      const resumed = hub.requests[1]!.headers['last-event-id'] !== undefined;
      expect(stream.stats.duplicatesDropped).toBe(resumed ? 1 : 0);
    }
  });

  it.each([
    ['a ping', pingBlock(9), id(9)],
    ['the block at connect', `retry: 10\nid: ${id(5)}\n\n`, id(5)],
    ['a gap', gapBlock({ from: id(2), to: id(7), count: 5, reason: 'lagged' }), id(7)],
    ['an event of a name that it does not know', `event: news\nid: ${id(8)}\ndata: {}\n\n`, id(8)],
  ])('goes on after %s', async (_name, block, cursor) => {
    await using hub = await startScriptedHub(ending(block), streaming(eventBlock(20)));
    await readUntil(tail({ ...EAGER, url: hub.url, tail: 3 }), isEvent(20));
    expect(hub.requests[1]!.headers['last-event-id']).toBe(cursor);
    expect(hub.requests[1]!.query.has('tail')).toBe(false);
  });

  it('asks for the beginning again where it has seen no id yet', async () => {
    await using hub = await startScriptedHub(ending(': hello\n\n'), streaming(eventBlock(1)));
    await readUntil(tail({ ...EAGER, url: hub.url, tail: 3 }), isEvent(1));
    expect(hub.requests[1]!.query.get('tail')).toBe('3');
    expect(hub.requests[1]!.headers['last-event-id']).toBeUndefined();
  });

  it('keeps no id that a hub would refuse, and none behind what was shown', async () => {
    await using hub = await startScriptedHub(
      ending(eventBlock(5), 'event: ping\nid: 1700000000\ndata: {}\n\n', 'id\n\n', pingBlock(4)),
      streaming(eventBlock(6)),
    );
    await readUntil(tail({ ...EAGER, url: hub.url }), isEvent(6));
    expect(hub.requests[1]!.headers['last-event-id']).toBe(id(5));
  });

  it('waits at least as long as the hub says with retry', async () => {
    const timers = new ManualTimers();
    await using hub = await startScriptedHub(ending(eventBlock(1), 'retry: 4000\n\n'), streaming(eventBlock(2)));
    const reading = readUntil(tail({ url: hub.url, timers, random: () => 0.5 }), isEvent(2));
    await until(() => timers.delays.includes(5000));
    timers.advance(4999);
    expect(hub.requests).toHaveLength(1);
    timers.advance(1);
    expect(waits(await reading)).toMatchObject([{ delayMs: 5000, reason: 'ended', error: null }]);
  });

  it('does not wait for days, whatever the hub says', async () => {
    await using hub = await startScriptedHub(ending(eventBlock(1), `retry: ${'9'.repeat(400)}\n\n`));
    const items = await readUntil(tail({ ...EAGER, url: hub.url }), (item) => waits([item]).length > 0);
    expect(waits(items)[0]!.delayMs).toBe(300_000);
  });

  it('tries again through errors that pass, with longer and longer waits', async () => {
    await using hub = await startScriptedHub(
      ending(eventBlock(1)),
      failing(503, { error: 'starting', code: 'starting', status: 503 }),
      failing(502, '<html>bad gateway</html>'),
      failing(404, '<html>no such route</html>'),
      failing(429, { error: 'too many', code: 'rate_limited', status: 429 }, { 'retry-after': '0' }),
      (response) => void response.socket!.destroy(),
      failing(200, '<html>please sign in</html>'),
      streaming(eventBlock(2)),
    );
    const stream = tail({ url: hub.url, backoffBaseMs: 1, random: () => 1 - 2 ** -53 });
    const items = await readUntil(stream, isEvent(2));
    expect(ids(items)).toEqual([id(1), id(2)]);
    expect(
      waits(items).map((item) => [
        item.failures,
        item.delayMs,
        item.error && 'code' in item.error ? item.error.code : item.error?.name,
      ]),
    ).toEqual([
      [1, 1, undefined],
      [2, 2, 'starting'],
      [3, 4, 'http_502'],
      [4, 8, 'http_404'],
      [5, 16, 'rate_limited'],
      [6, 32, 'HubUnreachableError'],
      [7, 64, 'unexpected_answer'],
    ]);
    for (const request of hub.requests.slice(1)) expect(request.headers['last-event-id']).toBe(id(1));
    expect(stream.stats.connections).toBe(2);
  });

  it('honours Retry-After', async () => {
    await using hub = await startScriptedHub(
      ending(eventBlock(1)),
      failing(429, { error: 'slow down' }, { 'retry-after': '7' }),
    );
    const items = await readUntil(tail({ ...EAGER, url: hub.url }), (item) => waits([item])[0]?.reason === 'refused');
    expect(waits(items).at(-1)!.delayMs).toBe(7000);
  });

  it('backs off where connections open and bring nothing, and begins anew after one that worked', async () => {
    await using hub = await startScriptedHub(ending(), ending(), ending(), ending(eventBlock(1)), ending(), ending());
    const stream = tail({ url: hub.url, backoffBaseMs: 1, random: () => 1 - 2 ** -53 });
    let waited = 0;
    const items = await readUntil(stream, (item) => waits([item]).length === 1 && ++waited === 6);
    expect(waits(items).map((item) => item.delayMs)).toEqual([1, 2, 4, 1, 2, 4]);
  });

  it('counts a connection that stayed open as one that worked', async () => {
    const timers = new ManualTimers();
    let end = () => {};
    await using hub = await startScriptedHub(ending(), ending(), (response) => {
      openStream(response);
      end = () => response.end();
    });
    const items: TailItem[] = [];
    const reading = (async () => {
      for await (const item of tail({ url: hub.url, timers, random: () => 0.5 })) {
        items.push(item);
        if (waits(items).length === 3) break;
      }
    })();
    await until(() => timers.delays.includes(125));
    timers.advance(125);
    await until(() => timers.delays.includes(250));
    timers.advance(250);
    await until(() => timers.delays.includes(45_000));
    timers.advance(5_000);
    end();
    await reading;
    expect(waits(items).map((item) => item.failures)).toEqual([1, 2, 1]);
  });
});

describe('a tail whose hub is silent', () => {
  it('connects again after 45 s without a byte', async () => {
    const timers = new ManualTimers();
    await using hub = await startScriptedHub(streaming(eventBlock(1)), streaming(eventBlock(2)));
    const items: TailItem[] = [];
    const reading = (async () => {
      for await (const item of tail({ url: hub.url, timers, random: () => 0 })) {
        items.push(item);
        if (isEvent(2)(item)) break;
      }
    })();
    await until(() => ids(items).length === 1 && timers.delays.includes(45_000));
    timers.advance(44_999);
    await immediate();
    expect(waits(items)).toEqual([]);
    timers.advance(1);
    await hub.requests[0]!.closed;
    await until(() => timers.delays.includes(0));
    timers.advance(0);
    await reading;
    expect(waits(items)).toMatchObject([{ reason: 'silent', failures: 1 }]);
    expect(waits(items)[0]!.error!.message).toContain('not one byte for 45000 ms');
    expect(hub.requests[1]!.headers['last-event-id']).toBe(id(1));
  });

  it('takes a comment for a sign of life', async () => {
    const timers = new ManualTimers();
    let ping = () => {};
    await using hub = await startScriptedHub((response) => {
      openStream(response, eventBlock(1));
      ping = () => response.write(': ping\n\n');
    });
    const stopper = new AbortController();
    const items: TailItem[] = [];
    const reading = (async () => {
      for await (const item of tail({ url: hub.url, timers, signal: stopper.signal })) items.push(item);
    })();
    for (let i = 0; i < 5; i++) {
      await until(() => timers.delays.includes(45_000));
      timers.advance(30_000);
      expect(timers.delays).toEqual([15_000]);
      ping();
    }
    await until(() => timers.delays.includes(45_000));
    expect(waits(items)).toEqual([]);
    stopper.abort();
    await reading;
  });

  it('does not blame the hub for a reader that takes its time', async () => {
    const timers = new ManualTimers();
    await using hub = await startScriptedHub(streaming(eventBlock(1), eventBlock(2)));
    const items = tail({ url: hub.url, timers })[Symbol.asyncIterator]();
    for (let i = 0; i < 3; i++) await items.next();
    timers.advance(3_600_000);
    expect(await items.next()).toMatchObject({ value: { type: 'event', event: { id: id(2) } } });
    await items.return?.();
    expect(hub.requests).toHaveLength(1);
  });
});

describe('a tail that cannot begin', () => {
  it.each([
    [400, { error: 'q: expected a term after "and"', code: 'bad_query', status: 400 }, 'bad_query'],
    [401, { error: 'a token is needed', code: 'unauthorized', status: 401 }, 'unauthorized'],
    [403, { error: 'this token may only write', code: 'forbidden', status: 403 }, 'forbidden'],
  ])('ends at once with the words of a %i, first connection or not', async (status, body, code) => {
    await using hub = await startScriptedHub(failing(status, body));
    await using later = await startScriptedHub(ending(eventBlock(1)), failing(status, body));
    for (const url of [hub.url, later.url]) {
      const items: TailItem[] = [];
      const error = await (async () => {
        for await (const item of tail({ ...EAGER, url, q: 'a and', retryFirst: true })) items.push(item);
      })().catch((failure: unknown) => failure);
      expect(error).toBeInstanceOf(HubError);
      expect(error).toMatchObject({ status, code, message: body.error, isFinal: true, url: `${url}/logs/stream` });
      expect(items.at(-1)).toEqual({ type: 'state', state: 'closed', reason: 'failed', error });
    }
    expect(hub.requests).toHaveLength(1);
  });

  it.each([
    ['an error that passes', failing(503, { error: 'starting', code: 'starting', status: 503 }), /^starting$/],
    ['a page', failing(200, '<html>sign in</html>'), /answered with text\/html; is this a Flywatch hub\?/],
    ['no answer', (response: { destroy(): void }) => void response.destroy(), /^no answer from http:\/\/127/],
  ])('throws %s at its first connection', async (_name, scene, message) => {
    await using hub = await startScriptedHub(scene);
    await expect(readUntil(tail({ url: hub.url }), () => false)).rejects.toThrow(message);
    expect(hub.requests).toHaveLength(1);
  });

  it('says when nobody listens there', async () => {
    const hub = await startScriptedHub(streaming());
    await hub[Symbol.asyncDispose]();
    const error = await readUntil(tail({ url: hub.url }), () => false).catch((failure: unknown) => failure);
    expect(error).toBeInstanceOf(HubUnreachableError);
    expect(error).toMatchObject({
      message: `no answer from ${hub.url}/logs/stream: ECONNREFUSED`,
      url: expect.any(String),
    });
    expect((error as Error).cause).toBeInstanceOf(Error);
  });

  it('gives a first connection that hangs only the time it was told to', async () => {
    await using hub = await startScriptedHub(() => {});
    const reading = readUntil(tail({ url: hub.url, firstConnectTimeoutMs: 60 }), () => false);
    await expect(reading).rejects.toThrow(/nothing within 60 ms/);
    await hub.requests[0]!.closed;
  });

  it('waits no longer for the words of an error than for the answer', async () => {
    await using hub = await startScriptedHub((response) => {
      response.writeHead(401, { 'content-type': 'application/json' });
      response.write('{"error":"never');
    });
    const reading = readUntil(tail({ url: hub.url, firstConnectTimeoutMs: 60 }), () => false);
    await expect(reading).rejects.toMatchObject({ status: 401, code: 'http_401' });
  });

  it('tries again where it was told to', async () => {
    await using hub = await startScriptedHub(failing(503, 'no'), streaming(eventBlock(1)));
    const items = await readUntil(tail({ ...EAGER, url: hub.url, retryFirst: true, tail: 2 }), isEvent(1));
    expect(states(items)).toEqual(['connecting', 'waiting', 'connecting', 'open']);
    expect(hub.requests[1]!.query.get('tail')).toBe('2');
  });

  it('begins after an id that it is given', async () => {
    await using hub = await startScriptedHub(streaming(eventBlock(7), eventBlock(8)));
    const stream = tail({ url: hub.url, after: id(7) });
    const items = await readUntil(stream, isEvent(8));
    expect(hub.requests[0]!.headers['last-event-id']).toBe(id(7));
    expect(items[1]).toMatchObject({ state: 'open', resumed: true });
    expect(ids(items)).toEqual([id(8)]);
    expect(stream.stats.duplicatesDropped).toBe(1);
  });

  it.each([
    [{ tail: -1 }, /tail: expected a whole number from 0 to 10000/],
    [{ tail: 1.5 }, /tail:/],
    [{ after: '1700000000000' }, /after: expected the id of an event/],
    [{ after: id(1), tail: 5 }, /after: .*give one of them/],
    [{ silenceTimeoutMs: 0 }, /silenceTimeoutMs: expected milliseconds/],
    [{ connectTimeoutMs: Number.POSITIVE_INFINITY }, /connectTimeoutMs:/],
    [{ backoffBaseMs: 100, backoffCapMs: 50 }, /backoffCapMs: 50 is less/],
    [{ maxEventChars: 0 }, /maxEventChars:/],
    [{ tail: -1, silenceTimeoutMs: -1 }, /tail: .*\n.*silenceTimeoutMs:/],
  ])('refuses %o at once', (options, message) => {
    expect(() => tail({ url: 'http://localhost', ...options })).toThrow(message);
  });
});

describe('a tail that loses events', () => {
  it('passes on what the hub says about a gap', async () => {
    const gap = { from: id(2), to: id(90), count: 87, reason: 'lagged', fetch: '/logs/history?after=x' };
    await using hub = await startScriptedHub(streaming(eventBlock(2), gapBlock(gap), eventBlock(91)));
    const stream = tail({ url: hub.url });
    const items = await readUntil(stream, isEvent(91));
    expect(items[3]).toEqual({
      type: 'gap',
      from: id(2),
      to: id(90),
      count: 87,
      reason: 'lagged',
      details: { type: 'gap', ...gap },
    });
  });

  it('follows to another hub, whose ids are in another order', async () => {
    const other = (position: number) => eventBlock(position).replaceAll(id(position), id(position, 'zzzzz'));
    const gap = gapBlock({ from: id(50), to: id(3, 'zzzzz'), count: null, reason: 'other_hub' });
    await using hub = await startScriptedHub(
      ending(eventBlock(50)),
      ending(gap, other(4)),
      streaming(other(4), other(5)),
    );
    const items = await readUntil(tail({ ...EAGER, url: hub.url }), (item) => ids([item])[0] === id(5, 'zzzzz'));
    expect(ids(items)).toEqual([id(50), id(4, 'zzzzz'), id(5, 'zzzzz')]);
    expect(items.find((item) => item.type === 'gap')).toMatchObject({ reason: 'other_hub', count: null });
    expect(hub.requests[2]!.headers['last-event-id']).toBe(id(4, 'zzzzz'));
  });

  it('takes a gap that says nothing for a gap', async () => {
    await using hub = await startScriptedHub(streaming(eventBlock(2), 'event: gap\ndata: {\n\n'));
    const items = await readUntil(tail({ url: hub.url }), (item) => item.type === 'gap');
    expect(items.at(-1)).toEqual({ type: 'gap', from: id(2), to: null, count: null, reason: 'lagged', details: {} });
  });

  it('reports an event that it cannot read or that is too large, and goes on', async () => {
    await using hub = await startScriptedHub(
      ending(
        eventBlock(1),
        `id: ${id(2)}\ndata: {"id":\n\n`,
        eventBlock(3, 'x'.repeat(5000)),
        eventBlock(4),
        eventBlock(5, 'y'.repeat(5000)),
      ),
      streaming(eventBlock(6)),
    );
    const stream = tail({ ...EAGER, url: hub.url, maxEventChars: 1000 });
    const items = await readUntil(stream, isEvent(6));
    expect(ids(items)).toEqual([id(1), id(4), id(6)]);
    expect(items.filter((item) => item.type === 'gap')).toEqual([
      { type: 'gap', from: id(1), to: id(2), count: 1, reason: 'unreadable', details: {} },
      { type: 'gap', from: id(2), to: id(3), count: 1, reason: 'too_large', details: {} },
      { type: 'gap', from: id(4), to: id(5), count: 1, reason: 'too_large', details: {} },
    ]);
    expect(stream.stats.eventsUnreadable).toBe(3);
    expect(hub.requests[1]!.headers['last-event-id']).toBe(id(5));
  });
});

describe('a tail that is stopped', () => {
  it('closes its socket when the loop is left', async () => {
    await using hub = await startScriptedHub(streaming(eventBlock(1)));
    await readUntil(tail({ url: hub.url }), isEvent(1));
    await hub.requests[0]!.closed;
  });

  it('closes its socket on abort and ends without an error', async () => {
    await using hub = await startScriptedHub(streaming(eventBlock(1)));
    const stopper = new AbortController();
    const items: TailItem[] = [];
    for await (const item of tail({ url: hub.url, signal: stopper.signal })) {
      items.push(item);
      if (isEvent(1)(item)) setImmediate(() => stopper.abort());
    }
    await hub.requests[0]!.closed;
    expect(items.at(-1)).toEqual({ type: 'state', state: 'closed', reason: 'aborted', error: null });
  });

  it('closes its socket on abort even while nobody asks for more', async () => {
    await using hub = await startScriptedHub(streaming(eventBlock(1)));
    const stopper = new AbortController();
    const items = tail({ url: hub.url, signal: stopper.signal })[Symbol.asyncIterator]();
    for (let i = 0; i < 3; i++) await items.next();
    stopper.abort();
    await hub.requests[0]!.closed;
    expect(await items.next()).toMatchObject({ value: { state: 'closed' } });
    expect(await items.next()).toEqual({ value: undefined, done: true });
  });

  it('hands over nothing after an abort, and its cursor says so', async () => {
    await using hub = await startScriptedHub(streaming(eventBlock(1), eventBlock(2), eventBlock(3)));
    const stopper = new AbortController();
    const stream = tail({ url: hub.url, signal: stopper.signal });
    const items: TailItem[] = [];
    for await (const item of stream) {
      items.push(item);
      if (isEvent(2)(item)) stopper.abort();
    }
    expect(ids(items)).toEqual([id(1), id(2)]);
    expect(stream.cursor).toBe(id(2));
  });

  it('does not sit out its wait', async () => {
    const timers = new ManualTimers();
    await using hub = await startScriptedHub(ending(eventBlock(1)));
    const stopper = new AbortController();
    const reading = readUntil(tail({ url: hub.url, timers, signal: stopper.signal, random: () => 0.5 }), () => false);
    await until(() => timers.delays.includes(125));
    stopper.abort();
    expect(states(await reading)).toEqual(['connecting', 'open', 'waiting', 'closed']);
    expect(timers.delays).toEqual([]);
  });

  it('gives up a connection that is being made', async () => {
    await using hub = await startScriptedHub(() => {});
    const stopper = new AbortController();
    const reading = readUntil(tail({ url: hub.url, signal: stopper.signal }), () => false);
    await until(() => hub.requests.length === 1);
    stopper.abort();
    expect(states(await reading)).toEqual(['connecting', 'closed']);
    await hub.requests[0]!.closed;
  });

  it('sends nothing when it is aborted before it begins', async () => {
    await using hub = await startScriptedHub(streaming());
    const items = await readUntil(tail({ url: hub.url, signal: AbortSignal.abort() }), () => false);
    expect(states(items)).toEqual(['closed']);
    expect(hub.requests).toHaveLength(0);
  });
});

describe('a slow reader of a fast hub', () => {
  it('holds the hub back rather than its own events', async () => {
    const total = 100_000;
    const padding = 'x'.repeat(1000);
    let sent = 0;
    await using hub = await startScriptedHub((response) => {
      openStream(response);
      const send = () => {
        while (sent < total) if (!response.write(eventBlock(++sent, padding))) return void response.once('drain', send);
      };
      send();
    });
    const items = tail({ url: hub.url })[Symbol.asyncIterator]();
    let received = 0;
    while (received < 200) {
      if ((await items.next()).value?.type === 'event') received++;
      await immediate();
    }
    // The hub stands still now: what is under way is in the buffers of the two sockets, some megabytes.
    let before = -1;
    while (before !== sent) {
      before = sent;
      for (let i = 0; i < 200; i++) await immediate();
    }
    expect(sent).toBeLessThan(total / 4);
    for (; received < total; received++) {
      const { value } = await items.next();
      if (value?.type !== 'event' || value.event.id !== id(received + 1)) throw new Error(`lost ${received + 1}`);
    }
    await items.return?.();
  });
});
