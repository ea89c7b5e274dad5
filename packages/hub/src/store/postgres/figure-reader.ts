/** The reading side of figures and checks in the database; rows that agents wrote themselves are rows like all others. */

import { sqlText } from '@flywatch/core';
import {
  CHECK_STATES,
  type CheckHistory,
  type CheckState,
  columnsOf,
  FIGURE_TABLES,
  type FigureKind,
  type FigureReader,
  type FigureRow,
  type FigureValue,
  type HostHistory,
  type HostsAnswer,
  type HostsQuestion,
  MAX_HOST_CHECKS,
  MAX_HOST_ROWS,
  MAX_RECENT_RESULTS,
  NEWEST_REPORTS,
  type PointsQuestion,
  type ResultsQuestion,
  type RowsAnswer,
  type SeriesQuestion,
  type SparksAnswer,
  type SparksQuestion,
  type TalliesAnswer,
  type TalliesQuestion,
  type Trail,
  type TrailsAnswer,
  type TrailsQuestion,
} from '../figures.ts';
import { inSteps, type TimedBucket, unpackBucket } from '../rollup/bucket.ts';
import { CPU_PERCENT, MEMORY_PERCENT } from '../rollup/series.ts';
import { IS_HOST, isHost, type KnownSubject } from '../rollup/subject.ts';
import { bucketStart, type Floors, sectionsFrom, shownAs, widestWithin } from '../rollup/tiers.ts';
import { SparkBuilder, sumOf } from '../spark-builder.ts';
import { TallyBoard } from '../tally-board.ts';
import { type AskRows, AT, floorsAt, readParts, STATE, TIME } from './figure-parts.ts';
import type { Queries } from './queries.ts';

/** `hosts`: from one app of a host to the next by the index, since DISTINCT would read all there is. */
const HOST_APPS = (table: string) => `WITH RECURSIVE hosts AS (
    (SELECT vps_name, app_name FROM ${table} ORDER BY vps_name, app_name LIMIT 1)
    UNION ALL
    SELECT next.vps_name, next.app_name FROM hosts CROSS JOIN LATERAL (
      SELECT vps_name, app_name FROM ${table} AS other
      WHERE (other.vps_name, other.app_name) > (hosts.vps_name, hosts.app_name)
      ORDER BY vps_name, app_name LIMIT 1) AS next
  )`;

/** Some rows of figures of each app of the host `$1`, by the index of host, app and time: without the app it has no order by time. */
const OF_APPS = (columns: string, rest: string) => `WITH RECURSIVE apps AS (
    (SELECT app_name FROM vps_metrics WHERE vps_name = $1 ORDER BY app_name LIMIT 1)
    UNION ALL
    SELECT next.app_name FROM apps CROSS JOIN LATERAL (
      SELECT app_name FROM vps_metrics AS other WHERE vps_name = $1 AND other.app_name > apps.app_name
      ORDER BY app_name LIMIT 1) AS next
  )
  SELECT own.* FROM apps CROSS JOIN LATERAL (
    SELECT ${columns} FROM vps_metrics WHERE vps_name = $1 AND app_name = apps.app_name ${rest}) AS own`;

type Row = readonly [timeMs: number, vps: string, app: string, ...rest: unknown[]];

export class PostgresFigures implements FigureReader {
  readonly #queries: Queries;
  readonly #rowsKeptMs: number;

  /** @param rowsKeptMs - milliseconds after their time that rows are kept */
  constructor(queries: Queries, rowsKeptMs: number) {
    this.#queries = queries;
    this.#rowsKeptMs = rowsKeptMs;
  }

  async hosts({ checksFromMs, details }: HostsQuestion): Promise<HostsAnswer> {
    return {
      metrics: await this.#newest('metrics', details),
      checks: await this.#newest('checks', false),
      results: await this.#rows(
        `SELECT DISTINCT ON (vps_name, app_name, url) ${AT}, vps_name, app_name, ${columnsOf('checks')}, details::text
         FROM health_checks WHERE timestamp >= ${TIME('$1')}
         ORDER BY vps_name, app_name, url, timestamp DESC, id DESC LIMIT ${MAX_RECENT_RESULTS}`,
        checksFromMs,
      ),
    };
  }

  #newest(kind: FigureKind, withDetails: boolean): Promise<FigureRow[]> {
    return this.#ofEachApp(kind, { withDetails, condition: '', limit: 1 });
  }

  async trails({ last, moments, maxAgeMs }: TrailsQuestion): Promise<TrailsAnswer> {
    const keyOf = ({ vps, app }: FigureRow) => JSON.stringify([vps, app]);
    const condition = `AND timestamp BETWEEN ${TIME('$1')} AND ${TIME('$2')}`;
    const earlier: Map<string, FigureRow>[] = [];
    for (const moment of moments) {
      const values = [moment - maxAgeMs, moment];
      const rows = await this.#ofEachApp('metrics', { withDetails: true, condition, limit: 1 }, values);
      earlier.push(new Map(rows.map((row) => [keyOf(row), row])));
    }
    const rows = await this.#ofEachApp('metrics', { withDetails: false, condition: '', limit: last });
    const trails = [...Map.groupBy(rows, keyOf)].map(([key, recent]): Trail => {
      const { vps, app } = recent[0]!;
      return { vps, app, recent, earlier: earlier.map((byApp) => byApp.get(key) ?? null) };
    });
    return { trails };
  }

  /** The newest rows of each app of each host, from one to the next by the index: DISTINCT would read all there is. */
  #ofEachApp(
    kind: FigureKind,
    wish: { readonly withDetails: boolean; readonly condition: string; readonly limit: number },
    values: readonly unknown[] = [],
  ): Promise<FigureRow[]> {
    const { table } = FIGURE_TABLES[kind];
    return this.#rows(
      `
      ${HOST_APPS(table)}
      SELECT newest.* FROM (SELECT * FROM hosts LIMIT ${MAX_HOST_ROWS}) AS host CROSS JOIN LATERAL (
        SELECT ${AT}, vps_name, app_name, ${columnsOf(kind)}, ${wish.withDetails ? 'details::text' : 'NULL'} FROM ${table} AS own
        WHERE own.vps_name = host.vps_name AND own.app_name = host.app_name ${wish.condition}
        ORDER BY timestamp DESC, id DESC LIMIT ${wish.limit}) AS newest`,
      ...values,
    );
  }

  async points({ vps, fromMs, maxPoints }: PointsQuestion): Promise<RowsAnswer> {
    const rows = await this.#rows(
      `SELECT ${AT}, vps_name, app_name, ${columnsOf('metrics')}, NULL FROM (
         SELECT id, timestamp, vps_name, app_name, ${columnsOf('metrics')},
           row_number() OVER (PARTITION BY app_name ORDER BY timestamp DESC, id DESC) - 1 AS place, count(*) OVER () AS total
         FROM vps_metrics WHERE vps_name = $1 AND timestamp >= ${TIME('$2')}
       ) AS numbered WHERE place % greatest(1, (total + $3::integer - 1) / $3::integer) = 0 ORDER BY timestamp, id`,
      sqlText(vps),
      fromMs,
      maxPoints,
    );
    return { rows };
  }

  async results({ vps, fromMs, limit, details }: ResultsQuestion): Promise<RowsAnswer> {
    const rows = await this.#rows(
      `SELECT ${AT}, vps_name, app_name, ${columnsOf('checks')}, ${details ? 'details::text' : 'NULL'} FROM health_checks
       WHERE vps_name = $1 AND timestamp >= ${TIME('$2')} ORDER BY timestamp DESC, id DESC LIMIT $3`,
      sqlText(vps),
      fromMs,
      limit,
    );
    return { rows };
  }

  async sparks(question: SparksQuestion): Promise<SparksAnswer> {
    const { fromMs, stepMs } = question;
    const sparks = new SparkBuilder(question);
    const source = widestWithin(fromMs, stepMs, this.#floors());
    if (source !== 'rows') {
      const buckets = await this.#queries.rows<[vps: string, at: number, data: Uint8Array]>(
        `SELECT vps_name, at::double precision, data FROM figure_subjects JOIN figure_buckets ON subject = id
         WHERE ${IS_HOST} AND tier = $1 AND at >= $2`,
        [source, fromMs],
      );
      for (const [vps, at, data] of buckets) {
        const { series } = unpackBucket(data, at);
        sparks.add(vps, at, series[CPU_PERCENT], series[MEMORY_PERCENT]);
      }
      return sparks.finish();
    }
    const rows = await this.#queries.rows<[vps: string, timeMs: number, cpu: number | null, memory: number | null]>(
      `SELECT vps_name, ${AT}, cpu_percent, memory_percent FROM vps_metrics WHERE timestamp >= ${TIME('$1')}`,
      [fromMs],
    );
    for (const [vps, timeMs, cpu, memory] of rows) sparks.add(vps, Math.floor(timeMs), sumOf(cpu), sumOf(memory));
    return sparks.finish();
  }

  async tallies({ fromMs, lastResults }: TalliesQuestion): Promise<TalliesAnswer> {
    const board = new TallyBoard(lastResults);
    for (const { source, fromMs: startMs, toMs } of sectionsFrom(fromMs)) {
      if (source === 'rows') await this.#countResults(board, startMs, toMs);
      else await this.#countBuckets(board, source, startMs, toMs);
    }
    const newest = await this.#queries.rows<[vps: string, state: CheckState]>(
      `${HOST_APPS('health_checks')}
       SELECT vps_name, state FROM (
         SELECT newest.*, row_number() OVER (PARTITION BY newest.vps_name ORDER BY newest.timestamp DESC, newest.id DESC) AS place
         FROM (SELECT * FROM hosts LIMIT ${MAX_HOST_ROWS}) AS host CROSS JOIN LATERAL (
           SELECT vps_name, timestamp, id, ${STATE} AS state FROM health_checks AS own
           WHERE own.vps_name = host.vps_name AND own.app_name = host.app_name
           ORDER BY timestamp DESC, id DESC LIMIT $1::integer) AS newest
       ) AS numbered WHERE place <= $1::integer ORDER BY vps_name, place`,
      [lastResults],
    );
    for (const [vps, state] of newest) board.last(vps, state);
    return board.finish();
  }

  async #countResults(board: TallyBoard, fromMs: number, toMs: number): Promise<void> {
    const counts = await this.#queries.rows<[vps: string, state: CheckState, results: number]>(
      `SELECT vps_name, ${STATE}, count(*)::integer FROM health_checks
       WHERE timestamp >= ${TIME('$1')} AND timestamp < ${TIME('$2')} GROUP BY 1, 2`,
      [fromMs, toMs],
    );
    for (const [vps, state, results] of counts) board.count(vps, state, results);
  }

  async #countBuckets(board: TallyBoard, tier: number, fromMs: number, toMs: number): Promise<void> {
    const buckets = await this.#queries.rows<[vps: string, at: number, data: Uint8Array]>(
      `SELECT vps_name, at::double precision, data FROM figure_subjects JOIN figure_buckets ON subject = id
       WHERE NOT (${IS_HOST}) AND tier = $1 AND at >= $2 AND at < $3`,
      [tier, fromMs, toMs],
    );
    for (const [vps, at, data] of buckets) {
      const { counts } = unpackBucket(data, at);
      for (const [place, state] of CHECK_STATES.entries()) board.count(vps, state, counts[place] ?? 0);
    }
  }

  async history({ vps, fromMs, toMs, points }: SeriesQuestion): Promise<HostHistory> {
    const { stepMs, source } = shownAs(fromMs, (toMs - fromMs) / points, this.#floors());
    const startMs = bucketStart(fromMs, stepMs);
    const endMs = Math.ceil(toMs / stepMs) * stepMs;
    const ask: AskRows = (sql, values) => this.#queries.rows(sql, values);
    const read = async (subject: KnownSubject) =>
      inSteps(await readParts(ask, subject, source, startMs, endMs), stepMs);
    const subjects = await this.#queries.rows<[id: number, app: string, url: string, name: string | null]>(
      'SELECT id, app_name, url, name FROM figure_subjects WHERE vps_name = $1 ORDER BY app_name, md5(url) LIMIT $2',
      [sqlText(vps), MAX_HOST_CHECKS + 1],
    );
    let buckets: TimedBucket[] = [];
    const checks: CheckHistory[] = [];
    for (const [id, app, url, name] of subjects) {
      const own = await read({ id, vps, app, url, name });
      if (isHost({ app, url })) buckets = own;
      else checks.push({ url, name, app, buckets: own });
    }
    const newest = await this.#rows(
      OF_APPS(`${AT}, vps_name, app_name, ${columnsOf('metrics')}, details::text`, 'ORDER BY timestamp DESC LIMIT 1'),
      sqlText(vps),
    );
    /** Newest first. */
    const reports = async (rest: string, ...values: readonly number[]) => {
      const rows = await ask<[timeMs: number]>(OF_APPS(AT, rest), [sqlText(vps), ...values]);
      return rows.map(([timeMs]) => Math.floor(timeMs)).sort((a, b) => b - a);
    };
    const before = `AND timestamp < ${TIME('$2')} ORDER BY timestamp DESC LIMIT 1`;
    const after = `AND timestamp >= ${TIME('$2')} ORDER BY timestamp LIMIT 1`;
    const latest = await reports('ORDER BY timestamp DESC LIMIT $2::integer', NEWEST_REPORTS);
    return {
      stepMs,
      buckets,
      checks,
      newest: newest.toSorted((a, b) => b.timeMs - a.timeMs)[0],
      newestMs: latest.slice(0, NEWEST_REPORTS),
      beforeMs: (await reports(before, startMs))[0],
      afterMs: (await reports(after, endMs)).at(-1),
    };
  }

  #floors(): Floors {
    return floorsAt(Date.now(), this.#rowsKeptMs);
  }

  async #rows(sql: string, ...values: readonly unknown[]): Promise<FigureRow[]> {
    const rows = await this.#queries.rows<Row>(sql, values);
    return rows.map(([timeMs, vps, app, ...rest]) => ({
      timeMs: Math.floor(timeMs),
      vps,
      app,
      values: rest.slice(0, -1) as FigureValue[],
      details: rest.at(-1) as string | null,
    }));
  }
}
