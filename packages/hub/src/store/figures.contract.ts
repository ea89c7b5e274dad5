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

const HOUR_MS = 60 * MINUTE_MS;

/** The beginning of an hour that has ended. */
const HOUR_START_MS = NOW_MS - (NOW_MS % HOUR_MS) - HOUR_MS;

function seriesOf(vps: string, hours: number) {
  return { kind: 'series', vps, fromMs: NOW_MS - hours * HOUR_MS, toMs: NOW_MS, nowMs: NOW_MS, points: 300 } as const;
}

/** As an agent sends them. */
function figuresDetails(): string {
  const disk = (mount: string, source: string, io?: object) => ({ mount, source, io });
  return JSON.stringify({
    figures: {
      cpu: { iowait_percent: 1.5, steal_percent: 'none' },
      memory: { swap_total_bytes: 4096, swap_used_bytes: 1024 },
      network: { total: { tx_bytes: 5_000_000_000 } },
      disks: [
        disk('/', '/dev/vda', { read_bytes_per_second: 100 }),
        disk('/again', '/dev/vda', { read_bytes_per_second: 100 }),
        disk('/data', '/dev/vdb', { read_bytes_per_second: 200 }),
        disk('/tmp', 'tmpfs'),
      ],
    },
  });
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

    test('sparks of whole minutes are the same, from what the rows come to', async () => {
      const store = await openNew();
      const fromMs = HOUR_START_MS - 2 * HOUR_MS;
      const at = (minute: number) => ({ timeMs: fromMs + minute * MINUTE_MS });
      const rows = [
        metricsRow(0, { cpu: 10, ...at(0) }),
        metricsRow(0, { cpu: 20, ...at(0.5) }),
        metricsRow(0, { cpu: 60, ...at(14) }),
        metricsRow(0, { cpu: 5, ...at(-0.1) }),
        metricsRow(0, { cpu: 40, ...at(60) }),
      ];
      await store.keep({ kind: 'metrics', id: undefined, rows });
      for (const [stepMs, cpuPercent] of [
        [MINUTE_MS, [15, 60, 40]],
        [15 * MINUTE_MS, [30, 40]],
        [2 * HOUR_MS, [32.5]],
      ] as const) {
        const { hosts } = await store.ask({ kind: 'sparks', fromMs, stepMs });
        expect(hosts.map((host) => host.cpuPercent)).toEqual([cpuPercent]);
      }
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

    test.each([
      ['10 s', 3, 1200, 10_000],
      ['a minute', 4, 300, MINUTE_MS],
      ['15 minutes', 48, 300, 15 * MINUTE_MS],
      ['an hour', 24 * 30, 300, HOUR_MS],
    ])('curves in steps of %s tell least, most, mean and count', async (_step, hours, points, stepMs) => {
      const store = await openNew();
      const startMs = HOUR_START_MS - HOUR_MS;
      const rows = [
        metricsRow(0, { cpu: 10, timeMs: startMs + 1000 }),
        metricsRow(0, { cpu: 25, timeMs: startMs + 4000, details: figuresDetails() }),
        metricsRow(0, { cpu: 40, timeMs: startMs + 5000, app: 'blog' }),
        metricsRow(0, { cpu: 70, timeMs: HOUR_START_MS + 1000 }),
      ];
      // The oldest last: what comes late counts as if it had come in time.
      for (const row of rows.toReversed()) await store.keep({ kind: 'metrics', id: undefined, rows: [row] });
      const { text } = await store.ask({ ...seriesOf('vps-1', hours), points });
      const { times, count, series, step_ms: shownStepMs } = JSON.parse(text);
      expect({ times, count, stepMs: shownStepMs }).toEqual({ times: [startMs, HOUR_START_MS], count: [3, 1], stepMs });
      expect(series.cpu_percent).toEqual({ min: [10, 70], max: [40, 70], mean: [25, 70] });
      expect(series.cpu_iowait_percent).toEqual({ min: [1.5, null], max: [1.5, null], mean: [1.5, null] });
      expect(series.swap_percent.mean).toEqual([25, null]);
      expect(series.disk_read_bytes_per_second.mean).toEqual([300, null]);
      expect(series.network_out_bytes_per_second.mean).toEqual([5_000_000_000, null]);
      expect(series).not.toHaveProperty('cpu_steal_percent');
      expect(series).not.toHaveProperty('disk_percent');
    });

    test('curves of checks tell how long they took and how they went', async () => {
      const store = await openNew();
      const startMs = HOUR_START_MS - HOUR_MS;
      const check = (second: number, ms: number | null, more: Partial<FigureRow> = {}) =>
        checkRow(0, 'http://a/', {
          timeMs: startMs + second * 1000,
          values: ['http://a/', 200, ms, ms !== null, null],
          ...more,
        });
      const rows = [
        check(1, 100, { details: '{"name":"home","state":"up"}' }),
        check(2, 300, { details: '{"name":"home","state":"degraded"}' }),
        check(3, null),
        check(120, 50),
        check(1, 7, { vps: 'vps-2' }),
      ];
      await store.keep({ kind: 'checks', id: undefined, rows });
      const { text } = await store.ask(seriesOf('vps-1', 4));
      expect(JSON.parse(text)).toMatchObject({
        times: [],
        series: {},
        outages: [],
        details: null,
        checks: [
          {
            url: 'http://a/',
            name: 'home',
            app_name: 'shop',
            times: [startMs, startMs + 120_000],
            mean_ms: [200, 50],
            max_ms: [300, 50],
            up: [1, 1],
            degraded: [1, 0],
            down: [1, 0],
          },
        ],
      });
    });

    test('a check without a url is a check all the same', async () => {
      const store = await openNew();
      const timeMs = HOUR_START_MS;
      await store.keep({ kind: 'metrics', id: undefined, rows: [metricsRow(0, { timeMs, cpu: 10 })] });
      await store.keep({
        kind: 'checks',
        id: undefined,
        rows: [checkRow(0, '', { timeMs, values: ['', 200, 9, true, null] })],
      });
      const { hosts } = await store.ask({ kind: 'sparks', fromMs: timeMs, stepMs: HOUR_MS });
      expect(hosts.map(({ cpuPercent }) => cpuPercent)).toEqual([[10]]);
      const { text } = await store.ask(seriesOf('vps-1', 4));
      expect(JSON.parse(text)).toMatchObject({
        count: [1],
        checks: [{ url: '', app_name: 'shop', max_ms: [9], up: [1] }],
      });
      const tallies = await store.ask({ kind: 'tallies', fromMs: timeMs, lastResults: 5 });
      expect(tallies.hosts).toMatchObject([{ passed: 1, last: ['up'] }]);
    });

    test('a host that was silent for more than three intervals was out, also within a bucket, and may be still', async () => {
      const store = await openNew();
      const minutes = [200, 199, 198, 150, 149, 148, 147, 146, 145, 20, 19, 18, 17];
      await store.keep({ kind: 'metrics', id: undefined, rows: minutes.map((minute) => metricsRow(minute)) });
      const at = (minute: number) => new Date(NOW_MS - minute * MINUTE_MS).toISOString();
      const outagesIn = async (hours: number) => {
        const { text } = await store.ask(seriesOf('vps-1', hours));
        return JSON.parse(text).outages as unknown;
      };
      const lasting = { from: at(17), to: null };
      const all = [{ from: at(198), to: at(150) }, { from: at(145), to: at(20) }, lasting];
      expect(await outagesIn(6)).toEqual(all);
      expect(await outagesIn(24 * 30)).toEqual(all);
      expect(await outagesIn(0.05)).toEqual([lasting]);
      const newest = metricsRow(1, { details: '{"interval_seconds":600,"figures":{"note":1}}' });
      await store.keep({ kind: 'metrics', id: undefined, rows: [newest] });
      const { text } = await store.ask(seriesOf('vps-1', 6));
      expect(JSON.parse(text)).toMatchObject({ outages: [all[0], all[1]], details: { note: 1 } });
    });

    test('agents of several apps that report one shortly after the other are no outage', async () => {
      const store = await openNew();
      const rows = Array.from({ length: 10 }, (_, minute) =>
        ['shop', 'mail', 'wiki'].map((app, i) =>
          metricsRow(minute, { app, timeMs: NOW_MS - minute * MINUTE_MS - i * 2000 }),
        ),
      ).flat();
      await store.keep({ kind: 'metrics', id: undefined, rows });
      const { text } = await store.ask(seriesOf('vps-1', 1));
      expect(JSON.parse(text).outages).toEqual([]);
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
