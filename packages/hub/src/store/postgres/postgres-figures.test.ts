/** Figures and checks in PostgreSQL, beyond what all stores promise: rows of others, a server that is away, ids of agents. */

import { expect, test } from 'vitest';
import { checkRow, metricsRow } from '../figures.contract.ts';
import { StoreUnavailableError } from '../store.ts';
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
