/** The reading side of figures and checks in the database; rows that agents wrote themselves are rows like all others. */

import { sqlText } from '@flywatch/core';
import {
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
} from '../figures.ts';
import type { Queries } from './queries.ts';

const AT = '(extract(epoch FROM timestamp) * 1000)::double precision';

/** Before a time in milliseconds. */
const FROM = (parameter: string) => `timestamp >= to_timestamp(${parameter}::double precision / 1000)`;

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

  /** From one app of a host to the next by the index: DISTINCT would read all there is. */
  #newest(kind: FigureKind, withDetails: boolean): Promise<FigureRow[]> {
    const { table } = FIGURE_TABLES[kind];
    return this.#rows(`
      WITH RECURSIVE hosts AS (
        (SELECT vps_name, app_name FROM ${table} ORDER BY vps_name, app_name LIMIT 1)
        UNION ALL
        SELECT next.vps_name, next.app_name FROM hosts CROSS JOIN LATERAL (
          SELECT vps_name, app_name FROM ${table} AS other
          WHERE (other.vps_name, other.app_name) > (hosts.vps_name, hosts.app_name)
          ORDER BY vps_name, app_name LIMIT 1) AS next
      )
      SELECT newest.* FROM (SELECT * FROM hosts LIMIT ${MAX_HOST_ROWS}) AS host CROSS JOIN LATERAL (
        SELECT ${AT}, vps_name, app_name, ${columnsOf(kind)}, ${withDetails ? 'details::text' : 'NULL'} FROM ${table} AS own
        WHERE own.vps_name = host.vps_name AND own.app_name = host.app_name
        ORDER BY timestamp DESC, id DESC LIMIT 1) AS newest`);
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
