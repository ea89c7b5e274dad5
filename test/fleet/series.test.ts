/** Curves of a host over HTTP, on a real hub: what was sent comes back as least, most and mean per bucket, and is counted. */

import { hostname } from 'node:os';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestHub, type TestHub } from '../support/test-hub.ts';

let hub: TestHub;

beforeAll(async () => {
  hub = await startTestHub();
});

afterAll(() => hub[Symbol.asyncDispose]());

const MINUTE_MS = 60_000;

/** A minute that has ended. */
const START_MS = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS - 10 * MINUTE_MS;

const at = (second: number) => new Date(START_MS + second * 1000).toISOString();

async function post(kind: string, rows: readonly object[]): Promise<number> {
  const response = await fetch(`${hub.url}/ingest/${kind}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(rows),
  });
  return response.status;
}

async function get(path: string): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await fetch(hub.url + path);
  expect(response.headers.get('content-type')).toContain('application/json');
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

test('figures and checks of a host come back as curves', async () => {
  const row = (second: number, cpu_percent: number) => ({
    timestamp: at(second),
    vps_name: 'web 1',
    app_name: 'shop',
    cpu_percent,
    figures: { cpu: { iowait_percent: 2 }, uptime: { seconds: 5 } },
    interval_seconds: 3600,
  });
  expect(await post('metrics', [row(0, 10), row(10, 30), row(70, 50)])).toBe(200);
  const check = { timestamp: at(5), vps_name: 'web 1', app_name: 'shop', url: 'http://a/', response_time_ms: 5 };
  expect(await post('checks', [{ ...check, success: true, name: 'home' }])).toBe(200);
  const range = `from=${at(0)}&to=${at(300)}&points=10`;
  expect(await get(`/api/vps/web%201/series?${range}`)).toEqual({
    status: 200,
    body: {
      vps_name: 'web 1',
      from: at(0),
      to: at(300),
      step_ms: MINUTE_MS,
      times: [START_MS, START_MS + MINUTE_MS],
      count: [2, 1],
      series: {
        cpu_percent: { min: [10, 50], max: [30, 50], mean: [20, 50] },
        cpu_iowait_percent: { min: [2, 2], max: [2, 2], mean: [2, 2] },
      },
      checks: [
        {
          url: 'http://a/',
          name: 'home',
          app_name: 'shop',
          times: [START_MS],
          mean_ms: [5],
          max_ms: [5],
          up: [1],
          degraded: [0],
          down: [0],
        },
      ],
      outages: [],
      details: { cpu: { iowait_percent: 2 }, uptime: { seconds: 5 } },
    },
  });
  const { body: fine } = await get(`/api/vps/web%201/series?from=${at(0)}&to=${at(100)}`);
  expect(fine).toMatchObject({ step_ms: 10_000, times: [0, 10, 70].map((second) => START_MS + second * 1000) });
});

test('the last hour is the default, and a host that nobody knows has no curves', async () => {
  const { status, body } = await get('/api/vps/nobody/series');
  expect(status).toBe(200);
  expect(body).toMatchObject({ times: [], count: [], series: {}, checks: [], outages: [], details: null });
  expect(Date.parse(body.to as string) - Date.parse(body.from as string)).toBe(60 * MINUTE_MS);
});

test.each([
  ['points=5', '`points`'],
  ['points=2001', '`points`'],
  ['from=yesterday', '`from`'],
  ['from=1h&to=2h', '`from`'],
  // Without `to` a range ends now.
  [`from=${Date.now() + 3_600_000}`, '`from`'],
])('%s is refused', async (query, name) => {
  const { status, body } = await get(`/api/vps/x/series?${query}`);
  expect(status).toBe(400);
  expect(body.error).toContain(name.replaceAll('`', ''));
});

test('rows that were taken and requests that were refused are counted', async () => {
  expect(await post('metrics', [{ vps_name: 5 }])).toBe(400);
  const counters = { metrics_rows: 3, check_rows: 1, rows_rejected: 1 };
  const { body: metrics } = await get('/metrics');
  expect(metrics).toMatchObject(counters);
  const { body: status } = await get('/status');
  expect(status).toMatchObject({ figures: { metrics_rows: 3, check_rows: 1 }, losses: { rows_rejected: 1 } });
  const text = await (await fetch(`${hub.url}/metrics/prometheus`)).text();
  expect(text).toMatch(/^flywatch_metrics_rows_total 3$/m);
  expect(text).toMatch(/^flywatch_check_rows_total 1$/m);
  expect(text).toMatch(/^flywatch_rows_rejected_total 1$/m);
});

test('a hub watches its own host where that is wished', async () => {
  await using own = await startTestHub({ WATCH_OWN_HOST: 'true' });
  const newest = async () => {
    const rows = (await (await fetch(`${own.url}/api/fleet/summary?details=true`)).json()) as Record<string, unknown>[];
    return rows[0];
  };
  await expect.poll(newest, { interval: 200 }).toMatchObject({
    vps_name: hostname(),
    app_name: 'flywatch',
    cpu_percent: expect.any(Number),
    details: { interval_seconds: 60 },
  });
});
