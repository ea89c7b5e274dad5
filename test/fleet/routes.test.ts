/** Figures and checks over HTTP, on a real hub: taken as a whole or not at all, and read in Observ's shapes. */

import { gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestHub, type TestHub } from '../support/test-hub.ts';

let hub: TestHub;

beforeAll(async () => {
  hub = await startTestHub();
});

afterAll(() => hub[Symbol.asyncDispose]());

const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();

function metrics(vps: string, minutes: number, more: object = {}) {
  return {
    timestamp: ago(minutes),
    vps_name: vps,
    app_name: 'shop',
    cpu_percent: minutes,
    memory_percent: 50,
    ...more,
  };
}

function check(vps: string, minutes: number, url: string, success: boolean, more: object = {}) {
  const [status_code, error_message] = success ? [200, null] : [500, 'status 500'];
  const row = { timestamp: ago(minutes), vps_name: vps, app_name: 'shop', url, status_code, response_time_ms: 3.5 };
  return { ...row, success, error_message, ...more };
}

interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

async function post(kind: 'metrics' | 'checks', body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  const isRaw = typeof body === 'string' || body instanceof Uint8Array;
  const response = await fetch(`${hub.url}/ingest/${kind}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: isRaw ? (body as Uint8Array<ArrayBuffer>) : JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

async function rows(path: string): Promise<Record<string, unknown>[]> {
  const response = await fetch(hub.url + path);
  expect(response.status).toBe(200);
  return (await response.json()) as Record<string, unknown>[];
}

const cpuOf = async (vps: string, query = '') =>
  (await rows(`/api/vps/${vps}/metrics${query}`)).map(({ cpu_percent }) => cpu_percent);

test('an array, one object and lines are taken, plain and packed', async () => {
  const lines = `${JSON.stringify(metrics('forms', 5))}\n\n${JSON.stringify(metrics('forms', 4))}\n`;
  const packed = (row: object) => Buffer.from(JSON.stringify([row]));
  const answers = [
    await post('metrics', [metrics('forms', 9), metrics('forms', 8)]),
    await post('metrics', metrics('forms', 7)),
    await post('metrics', lines, { 'content-type': 'application/x-ndjson' }),
    await post('metrics', gzipSync(packed(metrics('forms', 3))), { 'content-encoding': 'gzip' }),
    await post('metrics', zstdCompressSync(packed(metrics('forms', 2))), { 'content-encoding': 'zstd' }),
    await post('metrics', []),
  ];
  expect(answers).toEqual([2, 1, 2, 1, 1, 0].map((accepted) => ({ status: 200, body: { accepted } })));
  expect(await cpuOf('forms')).toEqual([9, 8, 7, 5, 4, 3, 2]);
});

test('of a batch with a bad row nothing is taken, and its id is free', async () => {
  const id = { 'batch-id': 'bad/1' };
  const good = metrics('bad', 1);
  const bad = await post('metrics', [good, { ...good, disk_gb: 'much' }], id);
  expect(bad).toEqual({
    status: 400,
    body: {
      error: 'row 2: disk_gb: "much" cannot be used; expected a number or null; nothing of the batch was taken',
      code: 'bad_row',
      status: 400,
    },
  });
  expect(await rows('/api/vps/bad/metrics')).toEqual([]);
  expect(await post('metrics', [good], id)).toEqual({ status: 200, body: { accepted: 1 } });
  expect(await post('metrics', [good], id)).toEqual({ status: 200, body: { accepted: 1, duplicate: true } });
  expect(await cpuOf('bad')).toEqual([1]);
});

test('too many rows, one that is too large, and half a document are refused', async () => {
  const many = await post('metrics', Array(5001).fill(metrics('large', 1)));
  expect([many.status, many.body.code]).toEqual([413, 'too_large']);
  const wide = await post('metrics', metrics('large', 1, { figures: 'x'.repeat(300_000) }));
  expect([wide.status, wide.body.code]).toEqual([413, 'too_large']);
  const half = await post('checks', '[{"url":');
  expect([half.status, half.body.code]).toEqual([400, 'bad_json']);
  expect(await rows('/api/vps/large/metrics')).toEqual([]);
});

test('metrics are bare rows with Observ’s columns, oldest first, of a day unless more hours are asked for', async () => {
  const figures = { cpu: { per_core: [1] } };
  await post('metrics', [metrics('host', 1, { figures }), metrics('host', 26 * 60), metrics('host', 3)]);
  const [first] = await rows('/api/vps/host/metrics');
  expect(first).toEqual({
    timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    cpu_percent: 3,
    memory_percent: 50,
    memory_mb: null,
    disk_percent: null,
    disk_gb: null,
    load_avg_1m: null,
    load_avg_5m: null,
    load_avg_15m: null,
  });
  expect(await cpuOf('host')).toEqual([3, 1]);
  expect(await cpuOf('host', '?hours=168')).toEqual([26 * 60, 3, 1]);
  for (const query of ['?hours=0', '?hours=169', '?hours=a', '?hours=']) {
    const { status } = await fetch(`${hub.url}/api/vps/host/metrics${query}`);
    // Forms send an empty value for none.
    expect([query, status]).toEqual([query, query === '?hours=' ? 200 : 400]);
  }
});

test('beyond a day points are thinned to 2000, up to a day each is told', async () => {
  const at = (i: number) => new Date(Date.now() - 60_000 - i * 20_000).toISOString();
  const points = Array.from({ length: 4001 }, (_, i) => metrics('long', i, { timestamp: at(i) }));
  await post('metrics', points);
  expect(await cpuOf('long')).toHaveLength(4001);
  const thinned = (await cpuOf('long', '?hours=48')) as number[];
  expect(thinned).toEqual(Array.from({ length: 1334 }, (_, i) => (1333 - i) * 3));
});

test('results of checks are bare rows with Observ’s columns, newest first, with details where asked for', async () => {
  const details = { name: 'home', state: 'up', attempts: 1 };
  await post('checks', [check('checked', 2, 'http://a/', true, details), check('checked', 1, 'http://a/', false)]);
  const results = await rows('/api/vps/checked/health');
  expect(results).toEqual([
    expect.objectContaining({ url: 'http://a/', status_code: 500, success: false, error_message: 'status 500' }),
    {
      timestamp: expect.any(String),
      url: 'http://a/',
      status_code: 200,
      response_time_ms: 3.5,
      success: true,
      error_message: null,
    },
  ]);
  const detailed = await rows('/api/vps/checked/health?details=true');
  expect(detailed.map((row) => row.details)).toEqual([null, details]);
});

test('an unknown host is an empty array, and a name may have any characters', async () => {
  expect([await rows('/api/vps/none/metrics'), await rows('/api/vps/none/health')]).toEqual([[], []]);
  for (const name of ['a/b ü%', '日'.repeat(256)]) {
    await post('metrics', metrics(name, 1));
    expect(await cpuOf(encodeURIComponent(name))).toEqual([1]);
  }
});

test('the summary has a row an app of a host, as bad as its worst address, and no host of log lines alone', async () => {
  await fetch(`${hub.url}/ingest/logs?host=lines-alone&app=x`, { method: 'POST', body: 'a line' });
  await post('metrics', [metrics('sum-1', 30), metrics('sum-1', 2, { figures: { uptime: 5 } }), metrics('sum-2', 1)]);
  await post('checks', [
    check('sum-1', 3, 'http://a/', false),
    check('sum-1', 1.5, 'http://a/', true),
    check('sum-1', 2, 'http://slow/', true, { state: 'degraded' }),
    check('sum-1', 6, 'http://gone/', false),
    check('sum-3', 4, 'http://a/', false),
  ]);
  const all = await rows('/api/fleet/summary');
  const summary = all.filter(({ vps_name }) => String(vps_name).startsWith('sum-'));
  expect(summary.map((row) => [row.vps_name, row.health_status])).toEqual([
    ['sum-2', 'unknown'],
    ['sum-1', 'degraded'],
    ['sum-3', 'unhealthy'],
  ]);
  expect(summary[1]).toEqual({
    vps_name: 'sum-1',
    app_name: 'shop',
    last_seen: expect.any(String),
    cpu_percent: 2,
    memory_percent: 50,
    disk_percent: null,
    health_status: 'degraded',
  });
  expect(all.map(({ vps_name }) => vps_name)).not.toContain('lines-alone');
  const detailed = await rows('/api/fleet/summary?details=true');
  expect(detailed.find(({ vps_name }) => vps_name === 'sum-1')!.details).toEqual({ figures: { uptime: 5 } });
});
