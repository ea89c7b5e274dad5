/** What can be asked about the past, over real HTTP: pages, counts, context, exports, and streams that begin in the past. */

import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isLogBlock, readSse, readWs } from '../support/readers.ts';
import { spawnHub, startTestHub } from '../support/test-hub.ts';

type Json = Record<string, unknown>;
interface Row extends Json {
  readonly id: string;
  readonly message: string;
}

async function post(url: string, events: readonly (object | string)[], headers: Record<string, string> = {}) {
  const response = await fetch(`${url}/ingest/logs`, {
    method: 'POST',
    body: JSON.stringify(events),
    headers: { 'content-type': 'application/json', ...headers },
  });
  expect(response.status).toBe(200);
  return (await response.json()) as { accepted: number; duplicate?: boolean };
}

async function get<T = Json>(url: string, expectedStatus = 200): Promise<T> {
  const response = await fetch(url);
  expect(response.status, url).toBe(expectedStatus);
  return (await response.json()) as T;
}

interface Page {
  readonly logs: readonly Row[];
  readonly next_cursor: string | null;
  readonly has_more: boolean;
}

const START = Date.parse('2026-11-20T10:00:00Z');
const at = (second: number) => new Date(START + second * 1000).toISOString();
const newFolder = () => mkdtempSync(join(tmpdir(), 'flywatch-history-'));
const messagesOf = (rows: readonly Json[]) => rows.map((row) => row.message);

/** A hundred lines of two apps, a second apart. */
const lines = Array.from({ length: 100 }, (_, i) => ({
  message: `line ${i} of ${i % 2 === 0 ? 'web' : 'api'}`,
  level: i % 10 === 0 ? 'error' : 'info',
  app: i % 2 === 0 ? 'web' : 'api',
  instance: `m${i % 4}`,
  time: at(i),
}));

test('pages go through everything once, newest first by default, across a restart too', async () => {
  const store = join(newFolder(), 'flywatch.db');
  let first: Page;
  {
    await using hub = await spawnHub({ STORE_PATH: store });
    await post(hub.url, lines);
    first = await get<Page>(`${hub.url}/logs/history?limit=30&app=web`);
    expect(messagesOf(first.logs)).toEqual(
      lines
        .filter(({ app }) => app === 'web')
        .reverse()
        .slice(0, 30)
        .map(({ message }) => message),
    );
    expect(first).toMatchObject({ has_more: true });
    await hub.end('SIGKILL');
  }
  await using hub = await spawnHub({ STORE_PATH: store });
  const rest = await get<Page>(`${hub.url}/logs/history?limit=30&app=web&cursor=${first.next_cursor}`);
  expect(rest).toMatchObject({ has_more: false, next_cursor: null });
  expect(messagesOf([...first.logs, ...rest.logs])).toEqual(
    lines
      .filter(({ app }) => app === 'web')
      .reverse()
      .map(({ message }) => message),
  );
  const oldest = await get<Page>(`${hub.url}/logs/history?order=asc&limit=3&raw=true`);
  expect(messagesOf(oldest.logs)).toEqual(['line 0 of web', 'line 1 of api', 'line 2 of web']);
  expect(oldest.logs[0]!.raw).toBe(JSON.stringify(lines[0]));
});

test('seed 000: the events before a time, oldest first, with timestamp, raw and the number of all', async () => {
  await using hub = await startTestHub();
  await post(hub.url, lines);
  const page = await get<Page & { total_count: number }>(`${hub.url}/logs/history?before=${at(50)}&limit=5`);
  expect(messagesOf(page.logs)).toEqual([45, 46, 47, 48, 49].map((i) => lines[i]!.message));
  expect(page).toMatchObject({ total_count: 100, has_more: true });
  expect(page.logs[4]).toMatchObject({
    timestamp: at(49),
    raw: JSON.stringify(lines[49]),
    level: 'info',
    instance: 'm1',
    region: null,
  });
});

test('counts over time and by value are exact, under every filter', async () => {
  await using hub = await startTestHub();
  await post(hub.url, lines);
  const histogram = await get<{
    buckets: { time: string; counts: Record<string, number> }[];
    interval_ms: number;
    total: number;
  }>(`${hub.url}/logs/histogram?interval=30s&app=web`);
  expect(histogram).toEqual({
    interval_ms: 30_000,
    total: 50,
    buckets: [
      { time: at(0), counts: { info: 12, error: 3 } },
      { time: at(30), counts: { info: 12, error: 3 } },
      { time: at(60), counts: { info: 12, error: 3 } },
      { time: at(90), counts: { info: 4, error: 1 } },
    ],
  });
  const byDefault = await get<{ interval_ms: number; buckets: unknown[] }>(`${hub.url}/logs/histogram`);
  expect(byDefault.interval_ms).toBe(500);
  expect(byDefault.buckets.length).toBeLessThanOrEqual(200);
  const { facets } = await get<{ facets: Record<string, unknown> }>(`${hub.url}/logs/facets?level=error`);
  expect(facets).toMatchObject({
    app: [{ value: 'web', count: 10 }],
    level: [{ value: 'error', count: 10 }],
    instance: [
      { value: 'm0', count: 5 },
      { value: 'm2', count: 5 },
    ],
  });
  await get(`${hub.url}/logs/histogram?interval=1ms&from=2026-11-20`, 400);
});

test('the lines around one, of its instance, its app, its request, or all', async () => {
  await using hub = await startTestHub();
  await post(hub.url, [
    ...lines,
    ...[1, 2, 3].map((i) => ({ message: `request_id=r-7 step ${i}`, app: `a${i}`, time: at(200 + i) })),
  ]);
  const { logs } = await get<Page>(`${hub.url}/logs/history?q="line 50"`);
  const id = logs[0]!.id;
  const around = await get<{ before: Row[]; line: Row; after: Row[] }>(
    `${hub.url}/logs/context?id=${id}&before=2&after=1`,
  );
  expect(around.line.message).toBe('line 50 of web');
  expect(messagesOf(around.before)).toEqual(['line 42 of web', 'line 46 of web']);
  expect(messagesOf(around.after)).toEqual(['line 54 of web']);
  const all = await get<{ before: Row[] }>(`${hub.url}/logs/context?id=${id}&scope=all&before=2&after=0`);
  expect(messagesOf(all.before)).toEqual(['line 48 of web', 'line 49 of api']);
  const step = (await get<Page>(`${hub.url}/logs/history?q="step 2"`)).logs[0]!;
  const request = await get<{ before: Row[]; after: Row[] }>(`${hub.url}/logs/context?id=${step.id}&scope=request`);
  expect(messagesOf([...request.before, ...request.after])).toEqual(['request_id=r-7 step 1', 'request_id=r-7 step 3']);
  await get(`${hub.url}/logs/context?id=zzz`, 400);
  await get(`${hub.url}/logs/context?id=00000000001-${id.slice(-5)}`, 404);
  await get(`${hub.url}/logs/context?id=${id.slice(0, -5)}zzzzz`, 404);
});

test('exports are files of all formats, oldest first, and a formula in a cell stays text', async () => {
  await using hub = await startTestHub();
  await post(hub.url, [...lines, { message: '=HYPERLINK("x"), "quoted"\nnext', time: at(500) }]);
  const ndjson = await fetch(`${hub.url}/logs/export?app=web`);
  expect(ndjson.headers.get('content-disposition')).toMatch(/^attachment; filename="flywatch-logs-.*\.ndjson"$/);
  const rows = (await ndjson.text())
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Row);
  expect(messagesOf(rows)).toEqual(lines.filter(({ app }) => app === 'web').map(({ message }) => message));
  const json = (await (await fetch(`${hub.url}/logs/export?format=json`)).json()) as Row[];
  expect(json).toHaveLength(101);
  const csv = await (await fetch(`${hub.url}/logs/export?format=csv&q=HYPERLINK`)).text();
  expect(csv.split('\r\n')[0]).toBe('id,time,receivedAt,level,app,instance,region,host,provider,source,message,fields');
  expect(csv).toContain(`"'=HYPERLINK(""x""), ""quoted""\nnext"`);
  expect(await (await fetch(`${hub.url}/logs/export?format=json&q=nothing`)).json()).toEqual([]);
});

test('seed 001 and seed 003: the last of each level, a summary, search and recent lines', async () => {
  await using hub = await startTestHub();
  await post(hub.url, [
    ...lines,
    ...[1, 2, 3].map((i) => ({ message: `Timeout after ${i}00 ms`, level: 'error', app: 'db', instance: 'db1' })),
  ]);
  const levels = await get<{ errors: Row[]; infos: Row[]; others: Row[]; levels: Record<string, Row[]> }>(
    `${hub.url}/logs/levels?n=2`,
  );
  expect(messagesOf(levels.errors)).toEqual(['Timeout after 300 ms', 'Timeout after 200 ms']);
  expect(messagesOf(levels.infos)).toEqual(['line 99 of api', 'line 98 of web']);
  expect(levels.levels.error).toEqual(levels.errors);
  const summary = await get(`${hub.url}/logs/summary?since=5m`);
  expect(summary).toMatchObject({
    total: 3,
    counts: { error: 3 },
    top_errors: [{ message: 'Timeout after 300 ms', count: 3 }],
  });
  const found = await get<Json[]>(`${hub.url}/api/logs/search?query=TIMEOUT&vps_name=db1&level=ERROR`);
  expect(found.map(({ message }) => message)).toEqual([3, 2, 1].map((i) => `Timeout after ${i}00 ms`));
  expect(Object.keys(found[0]!)).toEqual(['timestamp', 'vps_name', 'app_name', 'level', 'message', 'context']);
  expect(await get(`${hub.url}/api/logs/search?query=100%25`)).toEqual([]);
  expect(await get(`${hub.url}/api/logs/recent?app_name=web&limit=2`)).toMatchObject([
    { app_name: 'web', message: 'line 98 of web' },
    { app_name: 'web', message: 'line 96 of web' },
  ]);
  await get(`${hub.url}/api/logs/search`, 400);
  await get(`${hub.url}/api/logs/search?query=x&hours=169`, 400);
  expect(await get(`${hub.url}/api/logs/search?query=${'x'.repeat(4094)}`)).toEqual([]);
  // The text becomes a filter, which has a bound of its own.
  for (const text of ['x'.repeat(4095), '%22'.repeat(2048)]) {
    const { error } = await get<{ error: string }>(`${hub.url}/api/logs/search?query=${text}`, 400);
    expect(error).toMatch(/^query: /);
  }
});

test.each([
  'limit=0',
  'limit=1001',
  'limit=x',
  'order=up',
  'cursor=abc',
  'from=yesterday',
  'from=2026-11-21&to=2026-11-20',
  'level=loud',
  'q=(',
  'after=1',
])('/logs/history?%s is a 400 that names the parameter', async (query) => {
  await using hub = await startTestHub();
  const { error } = await get<{ error: string }>(`${hub.url}/logs/history?${query}`, 400);
  expect(error).toMatch(new RegExp(`^${query.split('=')[0]}: `));
});

test('a reader that was away for long gets all of it in order, once, then live, also after a kill -9', async () => {
  const store = join(newFolder(), 'flywatch.db');
  const numbered = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => `line ${from + i}`);
  let lastId: string;
  {
    await using hub = await spawnHub({ STORE_PATH: store, LOG_BUFFER_MAX_ENTRIES: '100' });
    const reader = await readSse(`${hub.url}/logs/stream`);
    await post(hub.url, numbered(1, 10));
    lastId = (await reader.until(10, isLogBlock)).at(-1)!.id!;
    reader.close();
    for (let from = 11; from <= 5000; from += 998) await post(hub.url, numbered(from, Math.min(5000, from + 997)));
    const resumed = await readSse(`${hub.url}/logs/stream?format=flat&after=${lastId}`);
    await post(hub.url, numbered(5001, 5010));
    const blocks = await resumed.until(5000, isLogBlock);
    expect(blocks.map(({ data }) => (JSON.parse(data) as Row).message)).toEqual(numbered(11, 5010));
    expect(blocks.map(({ data }) => (JSON.parse(data) as Row).id)).toEqual(blocks.map(({ id }) => id));
    await hub.end('SIGKILL');
  }
  await using hub = await spawnHub({ STORE_PATH: store, LOG_BUFFER_MAX_ENTRIES: '100' });
  const ws = await readWs(`${hub.url}/logs/ws?format=flat&after=${lastId}&q=${encodeURIComponent('"line 4" or live')}`);
  await post(hub.url, ['live again']);
  const expected = [...numbered(11, 5010).filter((line) => line.startsWith('line 4')), 'live again'];
  const frames = await ws.until(expected.length);
  expect(frames.map((frame) => (JSON.parse(frame) as Row).message)).toEqual(expected);
  const tail = await readSse(`${hub.url}/logs/stream?format=flat&tail=300`);
  const last = await tail.until(300, isLogBlock);
  expect((JSON.parse(last[0]!.data) as Row).message).toBe('line 4712');
  const since = await readSse(`${hub.url}/logs/stream?format=flat&since=1h&q=%22line%205%22`);
  expect((await since.until(12, isLogBlock)).length).toBeGreaterThanOrEqual(12);
  for (const reader of [ws, tail, since]) reader.close();
});

test('a reader that stops reading for a while is brought up from the store: nothing is missing', {
  timeout: 60_000,
}, async () => {
  await using hub = await startTestHub({ LOG_BUFFER_MAX_ENTRIES: '500' });
  const { connect } = await import('node:net');
  const { once } = await import('node:events');
  const socket = connect({ port: hub.port, host: '127.0.0.1' });
  await once(socket, 'connect');
  socket.write('GET /logs/stream?format=flat HTTP/1.1\r\nHost: x\r\n\r\n');
  await once(socket, 'data');
  socket.pause();
  const padding = 'x'.repeat(2000);
  for (let batch = 0; batch < 60; batch++) {
    await post(
      hub.url,
      Array.from({ length: 100 }, (_, i) => `line ${batch * 100 + i} ${padding}`),
    );
  }
  let text = '';
  socket.on('data', (data) => {
    text += data.toString();
  });
  socket.resume();
  const seen = () => [...text.matchAll(/"message":"line (\d+) /g)].map((match) => Number(match[1]));
  await expect.poll(() => seen().length, { interval: 200 }).toBe(6000);
  expect(seen()).toEqual(Array.from({ length: 6000 }, (_, i) => i));
  expect(text).not.toContain('event: gap');
  await post(hub.url, ['line 6000 live']);
  await expect.poll(() => seen().at(-1)).toBe(6000);
  socket.destroy();
});

test('what a gap names can be fetched by its url', async () => {
  await using hub = await startTestHub();
  await post(hub.url, lines.slice(0, 10));
  const { logs } = await get<Page>(`${hub.url}/logs/history?order=asc`);
  const page = await get<Page>(`${hub.url}/logs/history?order=asc&after=${logs[2]!.id}&until=${logs[5]!.id}`);
  expect(page.logs).toEqual(logs.slice(3, 6));
});

test('a batch that comes again is taken once, also after a kill -9, and a half-taken one is completed', async () => {
  const store = join(newFolder(), 'flywatch.db');
  const batch = Array.from({ length: 3000 }, (_, i) => `batch line ${i}`);
  {
    await using hub = await spawnHub({ STORE_PATH: store });
    expect(await post(hub.url, batch, { 'batch-id': 'b-1' })).toEqual({ accepted: 3000 });
    expect(await post(hub.url, batch, { 'batch-id': 'b-1' })).toEqual({ accepted: 3000, duplicate: true });
    await hub.end('SIGKILL');
  }
  await using hub = await spawnHub({ STORE_PATH: store });
  expect(await post(hub.url, batch, { 'batch-id': 'b-1' })).toEqual({ accepted: 3000, duplicate: true });
  const { total } = await get<{ total: number }>(`${hub.url}/logs/histogram`);
  expect(total).toBe(3000);
});

test('without persistence history, counts and streams are of the memory', async () => {
  await using hub = await startTestHub({ PERSISTENCE_ENABLED: 'false' });
  await post(hub.url, lines);
  expect((await get<Page>(`${hub.url}/logs/history?limit=1000`)).logs).toHaveLength(100);
  expect(await get(`${hub.url}/ready`)).toMatchObject({ ready: true, store: { state: 'disabled' } });
  const taken = await fetch(`${hub.url}/snapshots`, { method: 'POST' });
  expect(taken.status).toBe(201);
  expect((await get<{ snapshots: Json[] }>(`${hub.url}/snapshots`)).snapshots).toEqual([await taken.json()]);
});

test('snapshots are taken by hand and at an error spike, once, and survive a kill -9', async () => {
  const store = join(newFolder(), 'flywatch.db');
  {
    await using hub = await spawnHub({ STORE_PATH: store });
    await post(
      hub.url,
      Array.from({ length: 11 }, (_, i) => ({ message: `ERROR disk ${i} is gone`, app: 'db' })),
    );
    await expect.poll(async () => (await get<{ snapshots: Json[] }>(`${hub.url}/snapshots`)).snapshots.length).toBe(1);
    await post(
      hub.url,
      Array.from({ length: 30 }, () => 'ERROR again'),
    );
    const manual = await fetch(`${hub.url}/snapshots`, { method: 'POST' });
    expect(manual.status).toBe(201);
    await hub.end('SIGKILL');
  }
  await using hub = await spawnHub({ STORE_PATH: store });
  const { snapshots } = await get<{ snapshots: (Json & { id: string; logs: Json })[] }>(`${hub.url}/snapshots`);
  expect(snapshots.map(({ trigger }) => trigger)).toEqual(['manual', 'error_spike']);
  expect(snapshots[1]!.logs).toMatchObject({ errors: 11, top_errors: [{ count: 11, app: 'db' }] });
  expect(await get(`${hub.url}/snapshots/${snapshots[1]!.id}`)).toEqual(snapshots[1]);
  await get(`${hub.url}/snapshots/nothing`, 404);
});
