/** Figures and checks in PostgreSQL, beyond what all stores promise: rows of others, a server that is away, ids of agents. */

import pg from 'pg';
import { expect, test } from 'vitest';
import { checkRow, metricsRow } from '../figures.contract.ts';
import { StoreUnavailableError } from '../store.ts';
import { migrate } from './migrate.ts';
import type { PostgresStore } from './postgres-store.ts';
import { MIGRATIONS } from './schema.ts';
import { until, useStores } from './store-place.fixture.ts';

const places = useStores();
const { setup } = places;

const HOSTS = { kind: 'hosts', checksFromMs: Date.now() - 300_000, details: false } as const;
const POINTS = { kind: 'points', vps: 'vps-1', fromMs: Date.now() - 3_600_000, maxPoints: 1000 } as const;

test('rows that agents wrote themselves are read like all others', async () => {
  const { open, query } = await setup();
  const store = open();
  await store.keep({ kind: 'metrics', id: undefined, rows: [metricsRow(2)] });
  await query(
    `INSERT INTO vps_metrics (timestamp, vps_name, app_name, cpu_percent) VALUES (now(), 'vps-1', 'shop', 77)`,
  );
  await query(
    `INSERT INTO health_checks (vps_name, app_name, url, success) VALUES ('vps-9', 'blog', 'http://b/', false)`,
  );
  const { rows } = await store.ask(POINTS);
  expect(rows.map(({ values }) => values[0])).toEqual([2, 77]);
  const { metrics, results } = await store.ask(HOSTS);
  expect(metrics.map(({ values }) => values[0])).toEqual([77]);
  expect(results).toMatchObject([{ vps: 'vps-9', app: 'blog', values: ['http://b/', null, null, false, null] }]);
});

test('while the server is away rows are refused, and the same batch is kept once when it is back', async () => {
  const { open } = await setup();
  const store = open();
  const batch = { kind: 'metrics', id: 'agent/vps-1-shop-metrics/boot/1/0', rows: [metricsRow(1)] } as const;
  await store.keep({ ...batch, id: 'agent/vps-1-shop-metrics/boot/0/0' });
  await places.server.stop();
  await expect(store.keep(batch)).rejects.toThrow(StoreUnavailableError);
  await until(() => store.status.state === 'away', 'the state');
  const refusal = await store.keep(batch).catch((error: Error) => error);
  expect(refusal).toBeInstanceOf(StoreUnavailableError);
  expect((refusal as Error).message).not.toContain(places.server.password);
  await expect(store.ask(POINTS)).rejects.toThrow(StoreUnavailableError);
  await places.server.start();
  await until(() => store.status.state === 'ready', 'the state');
  expect(await store.keep(batch)).toEqual({ accepted: 1, duplicate: false });
  expect(await store.keep(batch)).toEqual({ accepted: 1, duplicate: true });
  expect((await store.ask(POINTS)).rows).toHaveLength(2);
});

test('the last ids of an agent are kept however old, of all others those of a day', async () => {
  const { open, query } = await setup();
  const store = open();
  const keep = (id: string) => store.keep({ kind: 'metrics', id, rows: [metricsRow(1)] });
  for (let seq = 0; seq < 6; seq++) await keep(`agent/vps-1-shop-metrics/boot/${seq}/0`);
  await keep('a-client/1');
  await query(`UPDATE figure_batches SET at = now() - interval '2 days'`);
  await keep('a-client/2');
  const ids = await query<{ id: string }>('SELECT id FROM figure_batches ORDER BY number');
  const last = [2, 3, 4, 5].map((seq) => `agent/vps-1-shop-metrics/boot/${seq}/0`);
  expect(ids.map(({ id }) => id)).toEqual([...last, 'a-client/2']);
});

test('texts that the database cannot hold are kept as escapes', async () => {
  const { open } = await setup();
  const store = open();
  const values = ['http://a/', 500, 1.5, false, 'half \ud83d and nul \0'];
  const details = JSON.stringify({ name: 'nul \0' });
  await store.keep({ kind: 'checks', id: 'nul \0', rows: [checkRow(1, 'http://a/', { values, details })] });
  const fromMs = Date.now() - 3_600_000;
  const { rows } = await store.ask({ kind: 'results', vps: 'vps-1', fromMs, limit: 10, details: true });
  expect(rows[0]!.values.at(-1)).toBe('half \\ud83d and nul \\u0000');
  expect(JSON.parse(rows[0]!.details!)).toEqual({ name: 'nul \\u0000' });
});

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/** The beginning of an hour some days ago. */
const hourAgo = (days: number) => Math.floor((Date.now() - days * DAY_MS) / HOUR_MS) * HOUR_MS;

/** The curve of CPU from a time on. */
async function cpuFrom(store: PostgresStore, fromMs: number, hours: number, points: number) {
  const question = {
    kind: 'series',
    vps: 'vps-1',
    fromMs,
    toMs: fromMs + hours * HOUR_MS,
    nowMs: Date.now(),
    points,
  } as const;
  const { step_ms, count, series } = JSON.parse((await store.ask(question)).text);
  return { stepMs: step_ms, count, ...series.cpu_percent, iowait: series.cpu_iowait_percent?.max };
}

test('rows that agents wrote themselves, late ones too, are in the curves', async () => {
  const { open, query } = await setup();
  const store = open();
  const fromMs = hourAgo(3);
  await store.keep({ kind: 'metrics', id: undefined, rows: [metricsRow(0, { timeMs: fromMs, cpu: 10 })] });
  expect(await cpuFrom(store, fromMs, 2, 10)).toMatchObject({ count: [1], mean: [10] });
  for (const [second, cpu] of [
    [30, 40],
    [5, 70],
  ]) {
    await query(
      `INSERT INTO vps_metrics (timestamp, vps_name, app_name, cpu_percent) VALUES (to_timestamp($1), 'vps-1', 'x', $2)`,
      [fromMs / 1000 + second!, cpu],
    );
  }
  expect(await cpuFrom(store, fromMs, 2, 10)).toMatchObject({
    stepMs: 900_000,
    count: [3],
    min: [10],
    max: [70],
    mean: [40],
  });
  await until(async () => (await query('SELECT FROM figure_marks')).length === 0, 'the end of the marks');
});

test('two hubs that take rows of the same minute leave it with all of them', async () => {
  const { open, url } = await setup();
  const other = (await setup({ url })).open();
  const stores = [open(), other];
  const fromMs = hourAgo(1);
  const rows = Array.from({ length: 40 }, (_, i) => metricsRow(0, { timeMs: fromMs + i * 1000, cpu: i }));
  await Promise.all(
    rows.map(async (row, i) => {
      await stores[i % 2]!.keep({ kind: 'metrics', id: undefined, rows: [row] });
      if (i % 5 === 0) await cpuFrom(stores[(i + 1) % 2]!, fromMs, 1, 60);
    }),
  );
  for (const store of stores) {
    expect(await cpuFrom(store, fromMs, 1, 60)).toMatchObject({ count: [40], min: [0], max: [39], mean: [19.5] });
  }
});

test('rows of before there were buckets are put into them, and old ones lose their details and keep their curves', async () => {
  const url = await places.server.createDatabase();
  const client = new pg.Client(url);
  await client.connect();
  await migrate(client, MIGRATIONS.slice(0, 3));
  const fromMs = hourAgo(12);
  await client.query(
    `INSERT INTO vps_metrics (timestamp, vps_name, app_name, cpu_percent, details)
     SELECT to_timestamp($1::double precision / 1000) + n * interval '10 s', 'vps-1', 'shop', n, '{"figures": {"cpu": {"iowait_percent": 3}}}'
     FROM generate_series(0, 719) AS n`,
    [fromMs],
  );
  await client.query(
    `INSERT INTO health_checks (timestamp, vps_name, app_name, url, success, details)
     SELECT now() - age, 'vps-1', 'shop', 'http://a/', true, '{"state": "degraded", "name": "home"}'
     FROM unnest(ARRAY[interval '9 days', interval '1 day']) AS age`,
  );
  await client.end();
  const { open, query } = await setup({ url });
  const store = open();
  await until(() => store.status.state === 'ready', 'the state');
  await until(async () => (await query('SELECT FROM figure_buckets WHERE tier = 2')).length === 4, 'buckets');
  expect(await cpuFrom(store, fromMs, 24, 10)).toMatchObject({ stepMs: HOUR_MS, count: [360, 360], max: [359, 719] });
  await until(
    async () => (await query('SELECT FROM vps_metrics WHERE details IS NOT NULL')).length === 1,
    'details to go',
  );
  expect(await cpuFrom(store, fromMs, 1, 400)).toMatchObject({ stepMs: 10_000, iowait: Array(360).fill(3) });
  await until(
    async () => (await query(`SELECT FROM health_checks WHERE details ? 'name'`)).length === 1,
    'details to go',
  );
  const tallies = await store.ask({ kind: 'tallies', fromMs: 0, lastResults: 5 });
  expect(tallies.hosts).toEqual([{ vps: 'vps-1', passed: 0, degraded: 2, failed: 0, last: ['degraded', 'degraded'] }]);
});
