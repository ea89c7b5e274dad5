/** The tools with a whole hub: what they answer, where they cut, and how the rest is had. Called over `/mcp`, as they are for everybody. */

import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestHub, type TestHub } from '../support/test-hub.ts';

const COUNT = 1200;
/** Lines of one moment: a page may end among them. */
const SAME_MOMENT = 130;

let hub: TestHub;
let now: number;

beforeAll(async () => {
  hub = await startTestHub();
  now = Date.now();
  const at = (agoMs: number) => new Date(now - agoMs).toISOString();
  const line = (i: number) => ({
    message: `GET /orders/${i} 200 in ${i % 90}ms`,
    timestamp: at(i < SAME_MOMENT ? 3_000_000 : 3_000_000 - i * 1000),
    ...{ level: 'info', user: { id: i % 5 }, password: `hunter${i % 3}` },
  });
  const errors = Array.from({ length: 30 }, (_, i) => ({
    ...{ message: `connection refused to postgres at 10.0.0.${i}`, timestamp: at(300_000 - i * 1000), level: 'error' },
  }));
  const long = { message: `${'x'.repeat(480)} api_key=${'k'.repeat(40)} end`, timestamp: at(1000), level: 'warn' };
  await send('logs?app=shop&instance=m1&region=fra', [
    ...Array.from({ length: COUNT }, (_, i) => line(i)),
    ...errors,
    long,
  ]);
  const row = (i: number) => ({ timestamp: at(i * 60_000), vps_name: 'vps-1', app_name: 'shop' });
  const minutes = Array.from({ length: 200 }, (_, i) => i);
  await send(
    'metrics',
    minutes.map((i) => ({ ...row(i), cpu_percent: 10, memory_percent: 90 - i / 4, disk_percent: 50 })),
  );
  await send(
    'checks',
    minutes.slice(0, 40).map((i) => ({
      ...{ ...row(i), url: 'http://shop/', success: i >= 3, response_time_ms: 20 },
      error_message: i >= 3 ? null : 'status 503 token=abcdefgh1234',
    })),
  );
  await fetch(`${hub.url}/snapshots`, { method: 'POST' });
});

afterAll(() => hub[Symbol.asyncDispose]());

async function send(route: string, rows: readonly object[]): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(`${hub.url}/ingest/${route}`, { method: 'POST', headers, body: JSON.stringify(rows) });
  expect(response.status).toBe(200);
}

async function call(name: string, input: object = {}): Promise<string> {
  const response = await fetch(`${hub.url}/mcp`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name, arguments: input } }),
  });
  const { result } = (await response.json()) as { result: { content: { text: string }[] } };
  return result.content[0]!.text.split('\n').slice(1, -1).join('\n');
}

const idsOf = (text: string) => [...text.matchAll(/ {2}#(\S+)$/gm)].map(([, id]) => id!);
const cursorOf = (text: string) => /cursor=([\w.]+)\)/.exec(text)?.[1];

test.each([
  ['asc', 50],
  ['desc', 50],
  ['desc', 300],
  ['asc', 7],
] as const)('search_logs goes on by cursor, %s by %i: every line once', async (order, limit) => {
  const filters = { from: '2h', level: 'info', query: 'orders', order, limit };
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const text = await call('search_logs', { ...filters, ...(cursor === undefined ? undefined : { cursor }) });
    expect(text.length).toBeLessThan(17_000);
    seen.push(...idsOf(text));
    cursor = cursorOf(text);
  } while (cursor !== undefined && seen.length <= COUNT);
  expect(seen).toHaveLength(COUNT);
  expect(new Set(seen).size).toBe(COUNT);
});

test('get_logs keeps the newest where not all fit, says so, and search_logs has the rest', async () => {
  const newest = await call('get_logs', { count: 500 });
  expect(newest.length).toBeLessThan(17_000);
  expect(newest.split('\n')[0]).toMatch(/^\(There are older lines: search_logs with cursor=/);
  expect(newest.split('\n').at(-1)).toContain('WARN shop-m1 fra: xxxx');
  const seen = idsOf(newest);
  const older = idsOf(await call('search_logs', { cursor: cursorOf(newest), limit: 300 }));
  expect(older.length).toBeGreaterThan(100);
  expect(older.filter((id) => seen.includes(id))).toEqual([]);
});

test('a secret on the cut is masked', async () => {
  const text = await call('get_logs', { count: 1 });
  expect(text).not.toContain('kkkk');
  expect(text).toContain('more characters');
});

test('count_logs counts exactly, by time and by field, and masks values of secret fields', async () => {
  expect(await call('count_logs', { from: '2h' })).toMatch(/^1231 lines in all/);
  expect(await call('count_logs', { from: '2h', by: 'level' })).toBe(
    '1231 lines in all. By level:\n"info": 1200\n"error": 30\n"warn": 1',
  );
  expect(await call('count_logs', { from: '2h', by: 'user.id' })).toContain('"4": 240');
  expect(await call('count_logs', { from: '2h', by: 'password' })).toBe(
    '1231 lines in all. By password:\n"[masked]": 1200',
  );
});

test('get_patterns says what is new beside the time before', async () => {
  expect(await call('get_patterns', { from: '10m', baseline: '1h' })).toMatch(
    /\n30× new \(before 0\) error: connection refused to postgres at <\*>/,
  );
});

test('get_log_context marks the line, by its id with or without #', async () => {
  const id = idsOf(await call('search_logs', { query: 'refused', order: 'asc', limit: 5 }))[3]!;
  for (const given of [id, `#${id}`]) {
    const lines = (await call('get_log_context', { id: given, before: 2, after: 1 })).split('\n');
    expect(lines).toHaveLength(4);
    expect(lines[2]).toMatch(/^>>> .*10\.0\.0\.3 /);
  }
});

test('hosts, their figures, checks and snapshots', async () => {
  expect(await call('get_hosts')).toMatch(
    /^vps-1 \/ shop: CPU 10%, memory 90%, disk 50%, checks unhealthy, last seen/m,
  );
  const figures = (await call('get_host_metrics', { host: 'vps-1' })).split('\n');
  expect(figures.length).toBeLessThan(52);
  expect(figures.at(-1)).toContain('90');
  const checks = await call('get_checks', { host: 'vps-1' });
  expect(checks).toContain('http://shop/: fails now; 37 of 40 passed');
  expect(checks).toContain('status 503 token=[masked]');
  expect(await call('get_snapshots')).toContain('manual');
  expect(await call('get_metrics', { type: 'connections' })).toBe('Conns: SSE=0 WS=0');
});

test('the tools of a hub without a line say that there is nothing', async () => {
  const full = hub;
  await using empty = await startTestHub();
  hub = empty;
  try {
    expect(await call('get_logs')).toBe('No line matches.');
    expect(await call('search_logs')).toBe('No line matches in this span.');
    expect(await call('get_snapshots')).toBe('There is no snapshot yet.');
    expect(await call('get_checks', { host: 'x' })).toMatch(/^No checks/);
  } finally {
    hub = full;
  }
});
