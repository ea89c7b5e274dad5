/** The reading side of figures and checks in the database; rows that agents wrote themselves are rows like all others. */

import {
  type CheckState,
  columnsOf,
  FIGURE_TABLES,
  type FigureKind,
  type FigureReader,
  type FigureRow,
  type FigureValue,
  type HostsAnswer,
  type HostsQuestion,
  MAX_HOST_ROWS,
  MAX_RECENT_RESULTS,
  type PointsQuestion,
  type ResultsQuestion,
  type RowsAnswer,
  type SparksAnswer,
  type SparksQuestion,
  type TalliesAnswer,
  type TalliesQuestion,
  type Trail,
  type TrailsAnswer,
  type TrailsQuestion,
} from '../figures.ts';
import { SparkBuilder } from '../spark-builder.ts';
import { TallyBoard } from '../tally-board.ts';
import type { Queries } from './queries.ts';
import { sqlText } from './sql-text.ts';

const AT = '(extract(epoch FROM timestamp) * 1000)::double precision';

/** Before a time in milliseconds. */
const FROM = (parameter: string) => `timestamp >= to_timestamp(${parameter}::double precision / 1000)`;

/** `hosts`: from one app of a host to the next by the index, since DISTINCT would read all there is. */
const HOST_APPS = (table: string) => `WITH RECURSIVE hosts AS (
    (SELECT vps_name, app_name FROM ${table} ORDER BY vps_name, app_name LIMIT 1)
    UNION ALL
    SELECT next.vps_name, next.app_name FROM hosts CROSS JOIN LATERAL (
      SELECT vps_name, app_name FROM ${table} AS other
      WHERE (other.vps_name, other.app_name) > (hosts.vps_name, hosts.app_name)
      ORDER BY vps_name, app_name LIMIT 1) AS next
  )`;

/** As `checkState` has it. */
const STATE = `CASE WHEN NOT success THEN 'down' WHEN details->>'state' = 'degraded' THEN 'degraded' ELSE 'up' END`;

type Row = readonly [timeMs: number, vps: string, app: string, ...rest: unknown[]];

export class PostgresFigures implements FigureReader {
  readonly #queries: Queries;

  constructor(queries: Queries) {
    this.#queries = queries;
  }

  async hosts({ checksFromMs, details }: HostsQuestion): Promise<HostsAnswer> {
    return {
      metrics: await this.#newest('metrics', details),
      checks: await this.#newest('checks', false),
      results: await this.#rows(
        `SELECT DISTINCT ON (vps_name, app_name, url) ${AT}, vps_name, app_name, ${columnsOf('checks')}, details::text
         FROM health_checks WHERE ${FROM('$1')}
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
    const condition = `AND ${FROM('$1')} AND timestamp <= to_timestamp($2::double precision / 1000)`;
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
         FROM vps_metrics WHERE vps_name = $1 AND ${FROM('$2')}
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
       WHERE vps_name = $1 AND ${FROM('$2')} ORDER BY timestamp DESC, id DESC LIMIT $3`,
      sqlText(vps),
      fromMs,
      limit,
    );
    return { rows };
  }

  async sparks(question: SparksQuestion): Promise<SparksAnswer> {
    const sparks = new SparkBuilder(question);
    const rows = await this.#queries.rows<[vps: string, timeMs: number, ...sums: (number | null)[]]>(
      `SELECT vps_name, $1::double precision + bucket * $2::double precision, sum(cpu_percent), count(cpu_percent)::integer,
         sum(memory_percent), count(memory_percent)::integer
       FROM (SELECT *, floor((${AT} - $1) / $2) AS bucket FROM vps_metrics WHERE ${FROM('$1')}) AS recent GROUP BY vps_name, bucket`,
      [question.fromMs, question.stepMs],
    );
    for (const [vps, timeMs, cpu, cpuCount, memory, memoryCount] of rows) {
      sparks.add(vps, timeMs, { sum: cpu ?? 0, count: cpuCount! }, { sum: memory ?? 0, count: memoryCount! });
    }
    return sparks.finish();
  }

  async tallies({ fromMs, lastResults }: TalliesQuestion): Promise<TalliesAnswer> {
    const board = new TallyBoard(lastResults);
    const counts = await this.#queries.rows<[vps: string, state: CheckState, results: number]>(
      `SELECT vps_name, ${STATE} AS state, count(*)::integer FROM health_checks WHERE ${FROM('$1')} GROUP BY 1, 2`,
      [fromMs],
    );
    for (const [vps, state, results] of counts) board.count(vps, state, results);
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
