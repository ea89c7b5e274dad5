/** What every store promises of figures and checks, as tests. */

import { afterEach, describe, expect, test } from 'vitest';
import type { FigureRow, FigureValue } from './figures.ts';
import type { StorePlace } from './store.contract.ts';
import type { EventStore } from './store.ts';

/** With milliseconds, which have to come back too. */
const NOW_MS = Math.floor(Date.now() / 1000) * 1000 - 877;
const MINUTE_MS = 60_000;

export function metricsRow(minutesAgo: number, more: Partial<FigureRow> & { readonly cpu?: number } = {}): FigureRow {
  const { cpu = minutesAgo, ...row } = more;
  const values = [cpu, 40.25, 812.5, null, 11, 0.5, 0.25, 0];
  return { timeMs: NOW_MS - minutesAgo * MINUTE_MS, vps: 'vps-1', app: 'shop', values, details: null, ...row };
}

export function checkRow(minutesAgo: number, url: string, more: Partial<FigureRow> = {}): FigureRow {
  const values: FigureValue[] = [url, 200, 12.5, true, null];
  return { timeMs: NOW_MS - minutesAgo * MINUTE_MS, vps: 'vps-1', app: 'shop', values, details: null, ...more };
}

const HOSTS = { kind: 'hosts', checksFromMs: NOW_MS - 5 * MINUTE_MS, details: true } as const;

function pointsOf(vps: string, maxPoints = 1000) {
  return { kind: 'points', vps, fromMs: NOW_MS - 60 * MINUTE_MS, maxPoints } as const;
}

function resultsOf(vps: string, limit = 1000) {
  return { kind: 'results', vps, fromMs: NOW_MS - 60 * MINUTE_MS, limit, details: true } as const;
}

/** @param survives - whether what is kept is there when the store is opened again */
export function figuresContract(name: string, setup: () => Promise<StorePlace>, survives: boolean): void {
  describe(`${name} keeps figures`, () => {
    const cleanups: (() => Promise<unknown>)[] = [];
    afterEach(async () => {
      for (const clean of cleanups.splice(0).reverse()) await clean();
    });

    async function open(place: StorePlace): Promise<EventStore> {
      const store = await place.open();
      cleanups.push(() => store.stop());
      return store;
    }

    async function openNew(): Promise<EventStore> {
      const place = await setup();
      cleanups.push(() => place.remove());
      return open(place);
    }

    test('rows come back as they were, a host alone, oldest or newest first, from a time on', async () => {
      const store = await openNew();
      const details = JSON.stringify({ figures: { cpu: { per_core: [1, 2] }, note: 'ünïcode "quoted"' } });
      const metrics = [metricsRow(1, { details }), metricsRow(90), metricsRow(3), metricsRow(2, { vps: 'vps-2' })];
      expect(await store.keep({ kind: 'metrics', id: undefined, rows: metrics })).toEqual({
        accepted: 4,
        duplicate: false,
      });
      const failed = checkRow(2, 'http://b/', { values: ['http://b/', null, null, false, "can't\nconnect"] });
      const checks = [checkRow(4, 'http://a/', { details: '{"state":"up"}' }), failed, checkRow(90, 'http://a/')];
      await store.keep({ kind: 'checks', id: undefined, rows: checks });

      const { rows: points } = await store.ask(pointsOf('vps-1'));
      expect(points).toEqual([metrics[2], { ...metrics[0], details: null }]);
      const { rows: results } = await store.ask(resultsOf('vps-1'));
      expect(results.map((row) => ({ ...row, details: row.details && JSON.parse(row.details) }))).toEqual([
        failed,
        { ...checks[0], details: { state: 'up' } },
      ]);
      expect((await store.ask(resultsOf('vps-1', 1))).rows).toEqual([failed]);
      expect(await store.ask(pointsOf('nobody'))).toEqual({ rows: [] });
      expect(await store.ask(resultsOf('nobody'))).toEqual({ rows: [] });
    });

    test('the newest of each app of each host, and of each address, whatever the order of arrival', async () => {
      const store = await openNew();
      expect(await store.ask(HOSTS)).toEqual({ metrics: [], checks: [], results: [] });
      const rows = [
        metricsRow(1, { details: '{"figures":{"load":1}}' }),
        metricsRow(9),
        metricsRow(200, { app: 'blog' }),
        metricsRow(5, { vps: 'vps-0', app: 'x' }),
      ];
      await store.keep({ kind: 'metrics', id: undefined, rows });
      const checks = [
        checkRow(1, 'http://a/'),
        checkRow(2, 'http://a/'),
        checkRow(4, 'http://b/'),
        checkRow(30, 'http://old/'),
        checkRow(30, 'http://c/', { app: 'alone' }),
      ];
      await store.keep({ kind: 'checks', id: undefined, rows: checks });
      const { metrics, checks: newest, results } = await store.ask(HOSTS);
      const named = (found: readonly FigureRow[]) => found.map(({ vps, app, timeMs }) => [vps, app, timeMs]).sort();
      expect(named(metrics)).toEqual(named([rows[3]!, rows[2]!, rows[0]!]));
      expect(JSON.parse(metrics.find(({ details }) => details !== null)!.details!)).toEqual({ figures: { load: 1 } });
      expect(named(newest)).toEqual(named([checks[0]!, checks[4]!]));
      expect(results.map(({ values, timeMs }) => [values[0], timeMs]).sort()).toEqual([
        ['http://a/', checks[0]!.timeMs],
        ['http://b/', checks[2]!.timeMs],
      ]);
    });

    test('the trail of an app: its last reports, and how it stood at some moments', async () => {
      const store = await openNew();
      const question = {
        kind: 'trails',
        last: 3,
        moments: [NOW_MS - 10 * MINUTE_MS, NOW_MS - 40 * MINUTE_MS],
        maxAgeMs: 5 * MINUTE_MS,
      } as const;
      expect(await store.ask(question)).toEqual({ trails: [] });
      const details = '{"figures":{"memory":{"oom_kills":2}}}';
      const rows = [
        metricsRow(14, { details }),
        metricsRow(1),
        metricsRow(2),
        metricsRow(9),
        metricsRow(11, { details }),
      ];
      const other = metricsRow(46, { vps: 'vps-0', app: 'blog', details });
      await store.keep({ kind: 'metrics', id: undefined, rows: [...rows, other] });
      const { trails } = await store.ask(question);
      const parsed = trails.map((trail) => ({
        ...trail,
        earlier: trail.earlier.map((row) => row && { ...row, details: JSON.parse(row.details!) as unknown }),
      }));
      const wanted = { ...rows[4]!, details: JSON.parse(details) as unknown };
      expect(parsed.sort((a, b) => (a.vps < b.vps ? -1 : 1))).toEqual([
        { vps: 'vps-0', app: 'blog', recent: [{ ...other, details: null }], earlier: [null, null] },
        { vps: 'vps-1', app: 'shop', recent: [rows[1], rows[2], rows[3]], earlier: [wanted, null] },
      ]);
    });

    test('too many points are thinned evenly, each app for itself, the newest among them', async () => {
      const store = await openNew();
      const rows = Array.from({ length: 40 }, (_, i) => [metricsRow(i), metricsRow(i, { app: 'blog' })]).flat();
      await store.keep({ kind: 'metrics', id: undefined, rows });
      expect((await store.ask(pointsOf('vps-1', 80))).rows).toHaveLength(80);
      const { rows: points } = await store.ask(pointsOf('vps-1', 20));
      for (const app of ['shop', 'blog']) {
        const minutes = points.filter((row) => row.app === app).map(({ values }) => values[0]);
        expect(minutes).toEqual([36, 32, 28, 24, 20, 16, 12, 8, 4, 0]);
      }
    });

    test('sparks are means of all hosts per bucket from a time on, over all their apps', async () => {
      const store = await openNew();
      const fromMs = NOW_MS - 20 * MINUTE_MS;
      const question = { kind: 'sparks', fromMs, stepMs: 5 * MINUTE_MS } as const;
      expect(await store.ask(question)).toEqual({ hosts: [] });
      const at = (minute: number) => ({ timeMs: fromMs + minute * MINUTE_MS });
      const rows = [
        metricsRow(0, { cpu: 10, ...at(0) }),
        metricsRow(0, { cpu: 15.5, ...at(4.9) }),
        metricsRow(0, { cpu: 30, app: 'blog', ...at(3) }),
        metricsRow(0, { cpu: 80, ...at(19) }),
        metricsRow(0, { cpu: 99, ...at(-1) }),
        metricsRow(0, { vps: 'vps-2', values: [null, 12.5, null, null, null, null, null, null], ...at(6) }),
      ];
      await store.keep({ kind: 'metrics', id: undefined, rows });
      const { hosts } = await store.ask(question);
      expect(hosts.toSorted((a, b) => a.vps.localeCompare(b.vps))).toEqual([
        {
          vps: 'vps-1',
          times: [fromMs, fromMs + 15 * MINUTE_MS],
          cpuPercent: [18.5, 80],
          memoryPercent: [40.25, 40.25],
        },
        { vps: 'vps-2', times: [fromMs + 5 * MINUTE_MS], cpuPercent: [null], memoryPercent: [12.5] },
      ]);
    });

    test('tallies count the results of all checks of a host since a time, and tell the newest whatever their age', async () => {
      const store = await openNew();
      const question = { kind: 'tallies', fromMs: NOW_MS - 10 * MINUTE_MS, lastResults: 4 } as const;
      expect(await store.ask(question)).toEqual({ hosts: [] });
      const down = { values: ['http://a/', null, null, false, 'refused'] };
      const slow = { details: '{"state":"degraded"}' };
      const rows = [
        checkRow(1, 'http://a/', down),
        checkRow(2, 'http://b/', { ...slow, app: 'blog' }),
        checkRow(3, 'http://a/', { details: '{"state":"up"}' }),
        checkRow(4, 'http://a/'),
        checkRow(5, 'http://a/', down),
        checkRow(60, 'http://c/', { ...slow, vps: 'vps-2' }),
      ];
      await store.keep({ kind: 'checks', id: undefined, rows });
      const { hosts } = await store.ask(question);
      expect(hosts.toSorted((a, b) => a.vps.localeCompare(b.vps))).toEqual([
        { vps: 'vps-1', passed: 2, degraded: 1, failed: 2, last: ['up', 'up', 'degraded', 'down'] },
        { vps: 'vps-2', passed: 0, degraded: 0, failed: 0, last: ['degraded'] },
      ]);
    });

    test('a batch is kept once under its id, also when it comes twice at the same time', async () => {
      const store = await openNew();
      const batch = { kind: 'metrics', id: 'agent/vps-1-shop-metrics/boot/1/ab', rows: [metricsRow(1)] } as const;
      const both = await Promise.all([store.keep(batch), store.keep(batch)]);
      expect(both.map(({ duplicate }) => duplicate).sort()).toEqual([false, true]);
      expect(await store.keep({ ...batch, rows: [metricsRow(2), metricsRow(3)] })).toEqual({
        accepted: 1,
        duplicate: true,
      });
      await store.keep({ ...batch, id: 'agent/vps-1-shop-metrics/boot/2/ab' });
      expect((await store.ask(pointsOf('vps-1'))).rows).toHaveLength(2);
    });

    if (!survives) return;
    test('rows and ids are there after the store was closed and opened', async () => {
      const place = await setup();
      cleanups.push(() => place.remove());
      const batch = { kind: 'checks', id: 'a-client/1', rows: [checkRow(1, 'http://a/')] } as const;
      const first = await open(place);
      await first.keep(batch);
      await first.stop();
      const second = await open(place);
      expect(await second.keep(batch)).toEqual({ accepted: 1, duplicate: true });
      expect((await second.ask(resultsOf('vps-1'))).rows).toEqual(batch.rows);
    });
  });
}
