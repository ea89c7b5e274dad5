/** What buckets are made of, as it lies in the database: rows, narrower buckets, and from when on each of them is complete. */

import { sqlText } from '@flywatch/core';
import { resultBucket } from '../check-row.ts';
import { type CheckState, columnsOf, type FigureValue } from '../figures.ts';
import { bucketOf, type TimedBucket, unpackBucket, unpackValues } from '../rollup/bucket.ts';
import { seriesOf, withColumns } from '../rollup/series.ts';
import { isHost, type KnownSubject } from '../rollup/subject.ts';
import { type Floors, type Source, TIERS } from '../rollup/tiers.ts';

/** A time in milliseconds, a fraction of them with it. */
export const AT = '(extract(epoch FROM timestamp) * 1000)::double precision';

/** A parameter in milliseconds as a time. */
export const TIME = (parameter: string) => `to_timestamp(${parameter}::double precision / 1000)`;

/** As `checkState` has it. */
export const STATE = `CASE WHEN NOT success THEN 'down' WHEN details->>'state' = 'degraded' THEN 'degraded' ELSE 'up' END`;

/** Runs a query, for rows as arrays: on the connection that writes, or on those that read. */
export type AskRows = <Row extends readonly unknown[]>(sql: string, values: readonly unknown[]) => Promise<Row[]>;

type MetricsRow = [timeMs: number, details: string | null, others: Uint8Array | null, ...values: FigureValue[]];
type ResultRow = [timeMs: number, state: CheckState, responseMs: number | null];

/** Days are dropped as a whole when all of them is too old, so that what is younger than this is there. */
export function floorsAt(nowMs: number, rowsKeptMs: number): Floors {
  return { rowsMs: nowMs - rowsKeptMs, tiersMs: TIERS.map(({ keptMs }) => nowMs - keptMs) };
}

/** Parts of a span, ascending, each with when it begins; a row is one. `toMs` is not within. */
export async function readParts(
  ask: AskRows,
  { id, vps, app, url }: KnownSubject,
  source: Source,
  fromMs: number,
  toMs: number,
): Promise<TimedBucket[]> {
  if (source !== 'rows') {
    const rows = await ask<[at: number, data: Uint8Array]>(
      `SELECT at::double precision, data FROM figure_buckets
       WHERE subject = $1 AND tier = $2 AND at >= $3 AND at < $4 ORDER BY at`,
      [id, source, fromMs, toMs],
    );
    return rows.map(([at, data]) => [at, unpackBucket(data, at)]);
  }
  if (isHost({ app, url })) {
    const rows = await ask<MetricsRow>(
      `SELECT ${AT}, details::text, others, ${columnsOf('metrics')} FROM vps_metrics
       WHERE vps_name = $1 AND timestamp >= ${TIME('$2')} AND timestamp < ${TIME('$3')} ORDER BY timestamp, id`,
      [sqlText(vps), fromMs, toMs],
    );
    return rows.map(([timeMs, details, others, ...values]) => {
      const series = others === null ? seriesOf({ values, details }) : withColumns(values, unpackValues(others));
      return [Math.floor(timeMs), bucketOf(Math.floor(timeMs), [1], series)];
    });
  }
  const rows = await ask<ResultRow>(
    `SELECT ${AT}, ${STATE}, response_time_ms FROM health_checks
     WHERE vps_name = $1 AND app_name = $2 AND url = $3 AND timestamp >= ${TIME('$4')} AND timestamp < ${TIME('$5')}
     ORDER BY timestamp, id`,
    [vps, app, url, fromMs, toMs].map((value) => (typeof value === 'string' ? sqlText(value) : value)),
  );
  return rows.map(([timeMs, state, responseMs]) => [
    Math.floor(timeMs),
    resultBucket(Math.floor(timeMs), state, responseMs ?? undefined),
  ]);
}
