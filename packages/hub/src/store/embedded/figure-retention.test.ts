/** What becomes of figures with time, straight on the file: the writer's own parts, and a clock that is handed in. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { zstdCompressSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { renderSeries } from '../answers/series.ts';
import { checkRow, metricsRow } from '../figures.contract.ts';
import type { FigureKind, FigureRow } from '../figures.ts';
import { BatchIdTable } from './batch-id-table.ts';
import { MIGRATIONS, openForWriting } from './database.ts';
import { EmbeddedFigures } from './figure-reader.ts';
import { FigureRetention } from './figure-retention.ts';
import { FigureTables } from './figure-tables.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const ROWS_KEPT_MS = 30 * DAY_MS;

/** The beginning of an hour. */
const START_MS = Date.UTC(2026, 0, 1);

let folder: string;
let path: string;
let db: DatabaseSync;
let tables: FigureTables;
let retention: FigureRetention;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'flywatch-figures-'));
  path = join(folder, 'flywatch.db');
  open();
});

afterEach(() => {
  db.close();
  rmSync(folder, { recursive: true });
});

function open(): void {
  db = openForWriting(path).db;
  tables = new FigureTables(db, new BatchIdTable(db, { batchIdsKept: 10, batchIdsMinAgeMs: DAY_MS }));
  retention = new FigureRetention(db, ROWS_KEPT_MS);
}

function keep(kind: FigureKind, rows: readonly FigureRow[], nowMs: number): void {
  tables.keep({ kind, id: undefined, rows }, nowMs);
}

function tend(nowMs: number): void {
  while (retention.tend(nowMs));
}

const row = (timeMs: number, cpu: number) =>
  metricsRow(0, { timeMs, cpu, details: '{"figures":{"cpu":{"iowait_percent":3}}}' });

/** A curve from a time on. */
function curve(name: string, fromMs: number, hours: number, points: number) {
  const question = {
    kind: 'series',
    vps: 'vps-1',
    fromMs,
    toMs: fromMs + hours * HOUR_MS,
    nowMs: fromMs,
    points,
  } as const;
  const { text } = renderSeries(question, new EmbeddedFigures(db).history(question));
  const { step_ms, count, series } = JSON.parse(text);
  return { stepMs: step_ms, count, ...series[name] };
}

const count = (table: string) => (db.prepare(`SELECT count(*) AS n FROM ${table}`).get() as { n: number }).n;

test('rows lose their details after days, keep the curves that stood in them, and the newest of a host keeps all', () => {
  keep(
    'metrics',
    [row(START_MS, 10), row(START_MS + 5000, 20), metricsRow(0, { ...row(START_MS, 1), vps: 'vps-2' })],
    START_MS,
  );
  keep('checks', [checkRow(0, 'http://a/', { timeMs: START_MS, details: '{"state":"degraded"}' })], START_MS);
  tend(START_MS + DAY_MS);
  expect(count('vps_metrics_details')).toBe(3);
  keep('metrics', [row(START_MS + 3 * DAY_MS, 30)], START_MS + 3 * DAY_MS);
  keep('checks', [checkRow(0, 'http://a/', { timeMs: START_MS + 9 * DAY_MS })], START_MS + 9 * DAY_MS);
  tend(START_MS + 9 * DAY_MS);
  expect(count('vps_metrics_details')).toBe(2);
  expect(count('health_checks_details')).toBe(0);
  expect(curve('cpu_iowait_percent', START_MS, 1, 400)).toMatchObject({ stepMs: 10_000, count: [2], mean: [3] });
  const { hosts } = new EmbeddedFigures(db).tallies({ kind: 'tallies', fromMs: START_MS + 1, lastResults: 5 });
  expect(hosts).toEqual([{ vps: 'vps-1', passed: 1, degraded: 0, failed: 0, last: ['degraded', 'up'] }]);
});

test('rows and narrow buckets go, wider ones stay, and what comes late still counts as long as anything tells how', () => {
  keep('metrics', [row(START_MS, 10), row(START_MS + 20 * 60_000, 20)], START_MS);
  const nowMs = START_MS + 20 * DAY_MS;
  tend(nowMs);
  expect(db.prepare('SELECT tier, count(*) AS n FROM figure_buckets GROUP BY tier').all()).toMatchObject([
    { tier: 1, n: 2 },
    { tier: 2, n: 1 },
  ]);
  keep('metrics', [row(START_MS + 60_000, 60)], nowMs);
  expect(curve('cpu_percent', START_MS, 4, 16)).toMatchObject({
    stepMs: 15 * 60_000,
    count: [2, 1],
    mean: [35, 20],
  });
  expect(curve('cpu_percent', START_MS, 100, 100)).toMatchObject({ stepMs: HOUR_MS, count: [3], mean: [30] });

  // A month later there are no rows any more, but the quarters are, and what comes now is too late for them.
  tend(START_MS + 31 * DAY_MS);
  expect(count('vps_metrics')).toBe(0);
  keep('metrics', [row(START_MS + 120_000, 90)], START_MS + 31 * DAY_MS);
  expect(curve('cpu_percent', START_MS, 100, 100)).toMatchObject({ count: [3], max: [60] });
  tend(START_MS + 100 * DAY_MS);
  expect(curve('cpu_percent', START_MS, 1, 400)).toMatchObject({ stepMs: HOUR_MS, count: [3], max: [60] });
  tend(START_MS + 731 * DAY_MS);
  expect(count('figure_buckets') + count('figure_subjects')).toBe(0);
});

test('rows of before there were buckets are put into them, some at a time', () => {
  db.close();
  rmSync(path);
  const old = openForWriting(path, { migrations: MIGRATIONS.slice(0, 3) }).db;
  const insert = old.prepare(
    `INSERT INTO vps_metrics (at, vps_name, app_name, cpu_percent, details) VALUES (?, 'vps-1', 'shop', ?, ?)`,
  );
  const details = zstdCompressSync('{"figures":{"cpu":{"iowait_percent":3}}}');
  for (let i = 0; i < 1200; i++) insert.run(START_MS + i * 10_000, i, details);
  old
    .prepare(
      `INSERT INTO health_checks (at, vps_name, app_name, url, success) VALUES (?, 'vps-1', 'shop', 'http://a/', 0)`,
    )
    .run(START_MS);
  old.close();
  open();
  expect(curve('cpu_percent', START_MS, 100, 100).count).toEqual([]);
  expect(retention.tend(START_MS)).toBe(true);
  tend(START_MS);
  expect(curve('cpu_percent', START_MS, 100, 100)).toMatchObject({
    count: [360, 360, 360, 120],
    min: [0, 360, 720, 1080],
  });
  expect(curve('cpu_iowait_percent', START_MS, 100, 100).max).toEqual([3, 3, 3, 3]);
  const { hosts } = new EmbeddedFigures(db).tallies({ kind: 'tallies', fromMs: START_MS, lastResults: 5 });
  expect(hosts).toMatchObject([{ failed: 1 }]);
});

test('where there is no room the oldest rows and minutes go first, and the hours last', () => {
  const rows = Array.from({ length: 1200 }, (_, i) => row(START_MS + i * 60_000, 1));
  keep('metrics', rows, START_MS + 20 * HOUR_MS);
  expect(retention.shed()).toBe(true);
  expect(count('vps_metrics')).toBe(700);
  const tiers = () => db.prepare('SELECT tier, count(*) AS n, min(at) AS at FROM figure_buckets GROUP BY tier').all();
  expect(tiers()).toMatchObject([
    { tier: 0, n: 1140, at: START_MS + HOUR_MS },
    { tier: 1, n: 80 },
    { tier: 2, n: 20 },
  ]);
  while (count('vps_metrics') > 0 || tiers().length === 3) retention.shed();
  expect(tiers()).toMatchObject([{ tier: 1 }, { tier: 2, n: 20 }]);
});
