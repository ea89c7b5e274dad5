/** What a reader can count on: filters, tail, since, resume, gaps, formats, over SSE and WebSocket alike. */

import { once } from 'node:events';
import { connect as connectSocket } from 'node:net';
import { expect, test } from 'vitest';
import { isLogBlock, readSse, readWs, type SseBlock } from '../support/readers.ts';
import { spawnHub, startTestHub } from '../support/test-hub.ts';

async function post(url: string, lines: readonly string[], headers: Record<string, string> = {}): Promise<void> {
  const response = await fetch(`${url}/ingest/logs`, {
    method: 'POST',
    body: lines.join('\n'),
    headers: { 'content-type': 'text/plain', ...headers },
  });
  expect(await response.json()).toEqual({ accepted: lines.length });
}

const numbered = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => `line ${from + i}`);
const messages = (blocks: readonly SseBlock[]) =>
  blocks.filter(isLogBlock).map((block) => JSON.parse(block.data).message as string);

/** One contract for both transports: a reader that yields messages. */
const transports = {
  sse: async (url: string, query: string) => {
    const reader = await readSse(`${url}/logs/stream?${query}`);
    return {
      messages: async (count: number) => messages(await reader.until(count, isLogBlock)),
      close: reader.close,
    };
  },
  ws: async (url: string, query: string) => {
    const reader = await readWs(`${url}/logs/ws?${query}`);
    return {
      messages: async (count: number) =>
        (await reader.until(count)).map((frame) => JSON.parse(frame).message as string),
      close: reader.close,
    };
  },
};

test.each(['sse', 'ws'] as const)(
  '%s: tail, since, filters and labels choose what comes, then live goes on',
  async (transport) => {
    await using hub = await startTestHub();
    const read = transports[transport];
    await post(hub.url, ['INFO one', 'ERROR two', 'WARN three', 'ERROR four status=503']);
    const tail = await read(hub.url, 'tail=2');
    const errors = await read(hub.url, 'tail=10&level=error');
    const field = await read(hub.url, `since=1h&q=${encodeURIComponent('status:>500 or three')}`);
    const nothing = await read(hub.url, 'tail=0&q=nothing');
    await post(hub.url, ['FATAL five', 'three again']);
    expect(await tail.messages(4)).toEqual(['WARN three', 'ERROR four status=503', 'FATAL five', 'three again']);
    expect(await errors.messages(3)).toEqual(['ERROR two', 'ERROR four status=503', 'FATAL five']);
    expect(await field.messages(3)).toEqual(['WARN three', 'ERROR four status=503', 'three again']);
    await post(hub.url, ['nothing of it']);
    expect(await nothing.messages(1)).toEqual(['nothing of it']);
    for (const reader of [tail, errors, field, nothing]) reader.close();
  },
);

test('an SSE reader that is cut goes on after its last id, without loss or repeats, while events keep coming', async () => {
  await using hub = await startTestHub();
  let lastId: string | undefined;
  const seen: string[] = [];
  let sent = 0;
  for (let round = 0; round < 20; round++) {
    const reader = await readSse(`${hub.url}/logs/stream`, lastId === undefined ? {} : { 'last-event-id': lastId });
    lastId ??= reader.items[0]!.id;
    await post(hub.url, numbered(sent + 1, sent + 7));
    sent += 7;
    const wanted = sent - seen.length - (round % 3);
    const blocks = (await reader.until(wanted, isLogBlock)).slice(0, wanted);
    reader.close();
    seen.push(...messages(blocks));
    lastId = blocks.at(-1)?.id ?? lastId;
  }
  expect(seen).toEqual(numbered(1, seen.length));
});

test('a WebSocket reader with control=1 learns its cursor and resumes with after=', async () => {
  await using hub = await startTestHub();
  const first = await readWs(`${hub.url}/logs/ws?control=1`);
  await post(hub.url, numbered(1, 5));
  const frames = await first.until(
    1,
    (frame) => frame.includes('"cursor"') && first.items.filter((item) => item.includes('line')).length === 5,
  );
  const cursor = JSON.parse(frames.at(-1)!) as { type: string; id: string };
  first.close();
  await post(hub.url, numbered(6, 9));
  const second = await readWs(`${hub.url}/logs/ws?after=${cursor.id}`);
  const rest = await second.until(4);
  expect(rest.map((frame) => JSON.parse(frame).message)).toEqual(numbered(6, 9));
  second.close();
});

test('every form has its seed’s shape, and the id is the same everywhere', async () => {
  await using hub = await startTestHub();
  const forms = await Promise.all(
    ['fly', 'natstream', 'structured', 'logcore', 'flat'].map((format) =>
      readSse(`${hub.url}/logs/stream?format=${format}`),
    ),
  );
  const line = {
    timestamp: '2026-11-20T10:15:05.123456Z',
    level: 'ERROR',
    logger: 'pay',
    message: 'no',
    context: { order: 4 },
  };
  const now = new Date();
  const time = now.toISOString().replace('Z', '456Z');
  const response = await fetch(`${hub.url}/ingest/logs?app=shop&region=iad&instance=i1`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify([{ ...line, timestamp: time }]),
  });
  expect(response.status).toBe(200);
  const blocks = await Promise.all(forms.map(async (form) => (await form.until(1, isLogBlock))[0]!));
  const [fly, natstream, structured, logcore, flat] = blocks.map((block) => JSON.parse(block.data));
  expect(fly).toMatchObject({
    event: { provider: 'app' },
    fly: { app: { instance: 'i1', name: 'shop' }, region: 'iad' },
    log: { level: 'error' },
    message: 'no',
    timestamp: time,
  });
  expect(natstream).toEqual({ message: 'no', timestamp: now.getTime(), type: 'log', persistent: false });
  expect(structured).toMatchObject({
    timestamp: time,
    level: 'error',
    source: 'pay',
    message: 'no',
    meta: { order: 4, region: 'iad', instance: 'i1' },
  });
  expect(logcore).toEqual({ timestamp: time, level: 'ERROR', logger: 'pay', message: 'no', context: { order: 4 } });
  expect(flat).toMatchObject({
    id: blocks[0]!.id,
    time,
    level: 'error',
    message: 'no',
    app: 'shop',
    instance: 'i1',
    region: 'iad',
    source: 'pay',
    fields: { order: 4 },
  });
  expect(new Set(blocks.map((block) => block.id)).size).toBe(1);
  for (const form of forms) form.close();
});

test('raw=true adds the payload as it came to the flat form', async () => {
  await using hub = await startTestHub();
  const reader = await readSse(`${hub.url}/logs/stream?format=flat&raw=true`);
  const plain = await readSse(`${hub.url}/logs/stream?format=flat`);
  await post(hub.url, ['{ "level":30, "time":1795169704113, "msg":"x" }']);
  const [block] = await reader.until(1, isLogBlock);
  expect(JSON.parse(block!.data)).toMatchObject({
    message: 'x',
    raw: '{ "level":30, "time":1795169704113, "msg":"x" }',
  });
  const [other] = await plain.until(1, isLogBlock);
  expect(JSON.parse(other!.data)).not.toHaveProperty('raw');
  reader.close();
  plain.close();
});

test('/api/logs begins with a system event, and every event has all four keys', async () => {
  await using hub = await startTestHub();
  const reader = await readSse(`${hub.url}/api/logs`);
  await post(hub.url, ['ERROR x']);
  const blocks = await reader.until(2, (block) => block.data !== '' && block.event === undefined);
  const events = blocks.map((block) => JSON.parse(block.data));
  expect(events[0].type).toBe('system');
  expect(events[1]).toMatchObject({ message: 'ERROR x', type: 'log', persistent: false });
  for (const event of events) expect(Object.keys(event).sort()).toEqual(['message', 'persistent', 'timestamp', 'type']);
  reader.close();
});

test('headers keep proxies from buffering, and the first block tells retry and the cursor', async () => {
  await using hub = await startTestHub();
  const reader = await readSse(`${hub.url}/logs/stream`);
  expect(reader.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
  expect(reader.headers.get('cache-control')).toBe('no-cache, no-transform');
  expect(reader.headers.get('x-accel-buffering')).toBe('no');
  expect(reader.items[0]!.id).toMatch(/^[0-9a-z]{11}-[0-9a-z]{5}$/);
  reader.close();
});

test('a client of HTTP/1.0 gets a body without chunks', async () => {
  await using hub = await startTestHub();
  const socket = connectSocket({ port: hub.port, host: '127.0.0.1' });
  let text = '';
  socket.setEncoding('utf8').on('data', (data) => {
    text += data;
  });
  socket.write('GET /logs/stream HTTP/1.0\r\n\r\n');
  await expect.poll(() => text).toMatch(/retry: \d+\nid: \S+\n\n$/);
  await post(hub.url, ['plain']);
  await expect.poll(() => text).toMatch(/\n\nid: \S+\ndata: \{.*"plain".*\}\n\n$/);
  expect(text.toLowerCase()).not.toContain('transfer-encoding');
  socket.destroy();
});

test('a reader that stops reading under full load costs nobody anything, and is told its gap where nothing is kept', {
  timeout: 60_000,
}, async () => {
  await using hub = await startTestHub({ LOG_BUFFER_MAX_ENTRIES: '2000', PERSISTENCE_ENABLED: 'false' });
  const socket = connectSocket({ port: hub.port, host: '127.0.0.1' });
  await once(socket, 'connect');
  socket.write('GET /logs/stream?format=flat HTTP/1.1\r\nHost: x\r\n\r\n');
  await once(socket, 'data');
  socket.pause();
  const quick = await readSse(`${hub.url}/logs/stream?format=flat`);
  const padding = 'x'.repeat(2000);
  for (let batch = 0; batch < 100; batch++) {
    await post(
      hub.url,
      numbered(batch * 100 + 1, batch * 100 + 100).map((line) => `${line} ${padding}`),
    );
  }
  const all = await quick.until(10_000, isLogBlock, 30_000);
  expect(messages(all).map((message) => Number(message.split(' ')[1]))).toEqual(
    Array.from({ length: 10_000 }, (_, i) => i + 1),
  );
  const metrics = (await (await fetch(`${hub.url}/metrics`)).json()) as { readers_blocked: number };
  expect(metrics.readers_blocked).toBe(1);

  let text = '';
  socket.on('data', (data) => {
    text += data.toString();
  });
  socket.resume();
  await expect.poll(() => text).toContain('event: gap');
  const gap = JSON.parse(/event: gap\nid: \S+\ndata: (.*)/.exec(text)![1]!) as { count: number; reason: string };
  const got = [...text.matchAll(/"message":"line (\d+) /g)].map((match) => Number(match[1]));
  expect(gap.reason).toBe('lagged');
  expect(got).toEqual(Array.from({ length: got.length }, (_, i) => i + 1));
  expect(got.length + gap.count).toBe(10_000);
  await post(hub.url, ['line 10001 after']);
  await expect.poll(() => text).toContain('line 10001 after');
  socket.destroy();
  quick.close();
});

test('WebSocket: a ping in text is answered, other frames are ignored, and an oversized one closes with 1009', async () => {
  await using hub = await startTestHub();
  const reader = await readWs(`${hub.url}/logs/ws`);
  reader.socket.send('{"type":"ping"}');
  expect(await reader.until(1)).toEqual(['{"type":"pong"}']);
  reader.socket.send('hello');
  reader.socket.send(Buffer.from([1, 2, 3]));
  reader.socket.send('x'.repeat(5000));
  expect(await reader.ended).toBe(1009);
});

test('/metrics/ws sends a frame at once and one each second', async () => {
  await using hub = await startTestHub();
  const reader = await readWs(`${hub.url}/metrics/ws`);
  const frames = (await reader.until(2)).map((frame) => JSON.parse(frame));
  for (const frame of frames) {
    expect(frame).toMatchObject({
      type: 'metrics',
      data: { messages_forwarded: 0, active_ws_connections: 0, active_sse_connections: 0 },
    });
  }
  reader.close();
});

test('messages_forwarded counts events once, gauges count readers, and all go back to zero', async () => {
  await using hub = await startTestHub();
  const readers = await Promise.all([
    readSse(`${hub.url}/logs/stream`),
    readSse(`${hub.url}/api/logs`),
    readWs(`${hub.url}/logs/ws`),
    readWs(`${hub.url}/metrics/ws`),
  ]);
  await post(hub.url, numbered(1, 10));
  const metrics = async () => (await (await fetch(`${hub.url}/metrics`)).json()) as Record<string, number>;
  expect(await metrics()).toMatchObject({
    messages_forwarded: 10,
    active_sse_connections: 2,
    active_ws_connections: 1,
  });
  const text = await (await fetch(`${hub.url}/metrics/prometheus`)).text();
  expect(text).toContain('flywatch_messages_forwarded_total 10\n');
  for (const reader of readers) reader.close();
  await expect.poll(metrics).toMatchObject({
    active_sse_connections: 0,
    active_ws_connections: 0,
    sse_connections_total: 2,
    ws_connections_total: 1,
  });
});

test('ids grow across a kill -9, and a reader that resumes then misses nothing', async () => {
  const store = `${process.env.TMPDIR ?? '/tmp'}/flywatch-ids-${process.pid}-${Date.now()}/flywatch.db`;
  const ids: string[] = [];
  for (let run = 0; run < 4; run++) {
    await using hub = await spawnHub({ STORE_PATH: store });
    const reader = await readSse(`${hub.url}/logs/stream`, ids.length === 0 ? {} : { 'last-event-id': ids.at(-1)! });
    // What the last run took while nobody was there comes first.
    const missed = run === 0 ? 0 : 5;
    await reader.until(missed, isLogBlock);
    await post(hub.url, numbered(1, 20));
    const blocks = await reader.until(20 + missed, isLogBlock);
    expect(reader.items.filter((block) => block.event === 'gap')).toEqual([]);
    ids.push(...blocks.map((block) => block.id!));
    reader.close();
    await post(hub.url, numbered(21, 25));
    await hub.end('SIGKILL');
  }
  expect([...ids].sort()).toEqual(ids);
  expect(new Set(ids).size).toBe(95);
  expect(new Set(ids.map((id) => id.slice(-5))).size).toBe(1);
});

test.each(['SIGTERM', 'SIGINT'] as const)(
  '%s: readers are told to come back, everything ends with status 0',
  async (signal) => {
    await using hub = await spawnHub();
    const sse = await readSse(`${hub.url}/logs/stream`);
    const ws = await readWs(`${hub.url}/logs/ws`);
    const metrics = await readWs(`${hub.url}/metrics/ws`);
    await post(hub.url, ['last words']);
    await sse.until(1, isLogBlock);
    expect(await hub.end(signal)).toBe(0);
    await sse.ended;
    expect(await ws.ended).toBe(1012);
    expect(await metrics.ended).toBe(1012);
    expect(hub.lines.join('\n')).toMatch(/stopping[\s\S]*stopped/);
  },
);

test('a stop ends in time although readers and requests hang', async () => {
  await using hub = await spawnHub({ SHUTDOWN_TIMEOUT_MS: '1500' });
  const stuck = connectSocket({ port: hub.port, host: '127.0.0.1' });
  stuck.write('GET /logs/stream HTTP/1.1\r\nHost: x\r\n\r\n');
  await once(stuck, 'data');
  stuck.pause();
  const slow = connectSocket({ port: hub.port, host: '127.0.0.1' });
  slow.write('POST /ingest/logs HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nhalf');
  slow.on('error', () => {});
  await once(slow, 'connect');
  const startedAt = performance.now();
  expect(await hub.end('SIGTERM')).toBe(0);
  expect(performance.now() - startedAt).toBeLessThan(5000);
  stuck.destroy();
  slow.destroy();
});

test('demo traffic is marked, and ends with the first real event', async () => {
  await using hub = await startTestHub({ DEMO_RATE: '200' });
  const reader = await readSse(`${hub.url}/logs/stream`);
  const flat = await readSse(`${hub.url}/logs/stream?format=flat&q=demo:true`);
  for (const block of await reader.until(20, isLogBlock)) expect(JSON.parse(block.data).demo).toBe(true);
  for (const block of await flat.until(20, isLogBlock)) expect(JSON.parse(block.data).fields.demo).toBe(true);
  await post(hub.url, ['real']);
  await reader.until(1, (block) => block.data.includes('"real"'));
  const after = reader.items.length;
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect(reader.items.slice(after).filter(isLogBlock)).toEqual([]);
  reader.close();
  flat.close();
});
