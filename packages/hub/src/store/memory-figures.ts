/** Figures and checks without a disk: the newest rows of each kind, and the ids of the newest batches. */

import { checkName, checkState, checkUrl, responseTimeMs, resultBucket } from './check-row.ts';
import {
  type FigureBatch,
  type FigureKind,
  type FigureReader,
  type FigureRow,
  type HostHistory,
  type HostsAnswer,
  type HostsQuestion,
  type KeptBatch,
  MAX_HOST_CHECKS,
  NEWEST_REPORTS,
  type PointsQuestion,
  type ResultsQuestion,
  type RowsAnswer,
  type SeriesQuestion,
  type SparksAnswer,
  type SparksQuestion,
  type TalliesAnswer,
  type TalliesQuestion,
  type TrailsAnswer,
  type TrailsQuestion,
} from './figures.ts';
import { bucketOf, inSteps } from './rollup/bucket.ts';
import { seriesOf } from './rollup/series.ts';
import { bucketStart, shownAs, TIERS } from './rollup/tiers.ts';
import { SparkBuilder, sumOf } from './spark-builder.ts';
import { TallyBoard } from './tally-board.ts';

/** Characters of the rows of a kind: a day of figures of ten hosts. The oldest to arrive go first. */
const MAX_CHARS = 16 * 1024 * 1024;

/** What a row takes besides its details. */
const ROW_CHARS = 200;

/** Buckets are made of what rows there are, whatever the range. */
const ALL_HELD = { rowsMs: 0, tiersMs: TIERS.map(() => 0) };

/** Ids of batches that are remembered; an agent has one on its way. */
const MAX_IDS = 10_000;

export class MemoryFigures implements FigureReader {
  readonly #rows: Readonly<Record<FigureKind, FigureRow[]>> = { metrics: [], checks: [] };
  readonly #chars: Record<FigureKind, number> = { metrics: 0, checks: 0 };
  readonly #taken = new Map<string, number>();
  readonly #retentionMs: number;

  constructor(retentionMs: number) {
    this.#retentionMs = retentionMs;
  }

  keep({ kind, id, rows }: FigureBatch): KeptBatch {
    const known = id === undefined ? undefined : this.#taken.get(id);
    if (known !== undefined) return { accepted: known, duplicate: true };
    const held = this.#rows[kind];
    for (const row of rows) {
      held.push(row);
      this.#chars[kind] += charsOf(row);
    }
    const oldestMs = Date.now() - this.#retentionMs;
    let gone = 0;
    while (gone < held.length && (this.#chars[kind] > MAX_CHARS || held[gone]!.timeMs < oldestMs))
      this.#chars[kind] -= charsOf(held[gone++]!);
    held.splice(0, gone);
    if (id !== undefined) this.#taken.set(id, rows.length);
    if (this.#taken.size > MAX_IDS) this.#taken.delete(this.#taken.keys().next().value!);
    return { accepted: rows.length, duplicate: false };
  }

  hosts({ checksFromMs, details }: HostsQuestion): HostsAnswer {
    const recent = this.#rows.checks.filter(({ timeMs }) => timeMs >= checksFromMs);
    const metrics = newestBy(this.#rows.metrics, ({ vps, app }) => [vps, app]);
    return {
      metrics: details ? metrics : metrics.map(withoutDetails),
      checks: newestBy(this.#rows.checks, ({ vps, app }) => [vps, app]).map(withoutDetails),
      results: newestBy(recent, ({ vps, app, values }) => [vps, app, values[0]]),
    };
  }

  trails({ last, moments, maxAgeMs }: TrailsQuestion): TrailsAnswer {
    const apps = Map.groupBy(this.#rows.metrics, ({ vps, app }) => JSON.stringify([vps, app]));
    const trails = [...apps.values()].map((rows) => {
      const sorted = newestFirst(rows);
      const { vps, app } = sorted[0]!;
      const earlier = moments.map((moment) => {
        const row = sorted.find(({ timeMs }) => timeMs <= moment);
        return row !== undefined && row.timeMs >= moment - maxAgeMs ? row : null;
      });
      return { vps, app, recent: sorted.slice(0, last).map(withoutDetails), earlier };
    });
    return { trails };
  }

  points({ vps, fromMs, maxPoints }: PointsQuestion): RowsAnswer {
    const rows = this.#newestFirst('metrics', vps, fromMs);
    const step = Math.max(1, Math.ceil(rows.length / maxPoints));
    const places = new Map<string, number>();
    const told = rows.filter(({ app }) => {
      const place = places.get(app) ?? 0;
      places.set(app, place + 1);
      return place % step === 0;
    });
    return { rows: told.reverse().map(withoutDetails) };
  }

  results({ vps, fromMs, limit, details }: ResultsQuestion): RowsAnswer {
    const rows = this.#newestFirst('checks', vps, fromMs).slice(0, limit);
    return { rows: details ? rows : rows.map(withoutDetails) };
  }

  sparks(question: SparksQuestion): SparksAnswer {
    const sparks = new SparkBuilder(question);
    for (const { vps, timeMs, values } of this.#rows.metrics)
      sparks.add(vps, timeMs, sumOf(values[0]), sumOf(values[1]));
    return sparks.finish();
  }

  tallies({ fromMs, lastResults }: TalliesQuestion): TalliesAnswer {
    const board = new TallyBoard(lastResults);
    for (const row of [...this.#rows.checks].sort((a, b) => b.timeMs - a.timeMs)) {
      if (row.timeMs >= fromMs) board.count(row.vps, checkState(row), 1);
      board.last(row.vps, checkState(row));
    }
    return board.finish();
  }

  history({ vps, fromMs, toMs, points }: SeriesQuestion): HostHistory {
    const { stepMs } = shownAs(fromMs, (toMs - fromMs) / points, ALL_HELD);
    const startMs = bucketStart(fromMs, stepMs);
    const endMs = Math.ceil(toMs / stepMs) * stepMs;
    const within = ({ timeMs }: FigureRow) => timeMs >= startMs && timeMs < endMs;
    const reports = this.#newestFirst('metrics', vps, 0);
    const results = this.#newestFirst('checks', vps, startMs).filter(within).reverse();
    const checks = Map.groupBy(results, (row) => JSON.stringify([row.app, checkUrl(row)]));
    const parts = reports.filter(within).reverse();
    return {
      stepMs,
      buckets: inSteps(
        parts.map((row) => [row.timeMs, bucketOf(row.timeMs, [1], seriesOf(row))]),
        stepMs,
      ),
      checks: [...checks.values()].slice(0, MAX_HOST_CHECKS).map((own) => ({
        url: checkUrl(own[0]!),
        name: own.map(checkName).findLast((name) => name !== null) ?? null,
        app: own[0]!.app,
        buckets: inSteps(
          own.map((row) => [row.timeMs, resultBucket(row.timeMs, checkState(row), responseTimeMs(row))]),
          stepMs,
        ),
      })),
      newest: reports[0],
      newestMs: reports.slice(0, NEWEST_REPORTS).map(({ timeMs }) => timeMs),
      beforeMs: reports.find(({ timeMs }) => timeMs < startMs)?.timeMs,
      afterMs: reports.findLast(({ timeMs }) => timeMs >= endMs)?.timeMs,
    };
  }

  #newestFirst(kind: FigureKind, vps: string, fromMs: number): FigureRow[] {
    return newestFirst(this.#rows[kind].filter((row) => row.vps === vps && row.timeMs >= fromMs));
  }
}

/** Of equal times, the last to arrive first. */
function newestFirst(rows: readonly FigureRow[]): FigureRow[] {
  return [...rows].reverse().sort((a, b) => b.timeMs - a.timeMs);
}

function charsOf({ details }: FigureRow): number {
  return ROW_CHARS + (details?.length ?? 0);
}

function withoutDetails(row: FigureRow): FigureRow {
  return row.details === null ? row : { ...row, details: null };
}

function newestBy(rows: readonly FigureRow[], keyOf: (row: FigureRow) => readonly unknown[]): FigureRow[] {
  const newest = new Map<string, FigureRow>();
  for (const row of rows) {
    const key = JSON.stringify(keyOf(row));
    if ((newest.get(key)?.timeMs ?? Number.NEGATIVE_INFINITY) <= row.timeMs) newest.set(key, row);
  }
  return [...newest.values()];
}
