/** What becomes of figures in the database beside the days that are dropped: old rows lose their details, and old buckets go. */

import type { Link } from '@flywatch/agent/postgres';
import { columnsOf, DETAILS_KEPT_MS, FIGURE_TABLES, type FigureKind, type FigureValue } from '../figures.ts';
import { packValues } from '../rollup/bucket.ts';
import { seriesOf, withoutColumns } from '../rollup/series.ts';
import { TIERS } from '../rollup/tiers.ts';
import { TIME } from './figure-parts.ts';

/** Rows that lose their details in one statement, and buckets that go in one: what comes in has its turn between them. */
const ROWS_AT_ONCE = 500;
const BUCKETS_AT_ONCE = 5000;

/** How often is looked for what is too old, once all of it is gone. */
const STRIP_INTERVAL_MS = 60_000;
const DROP_INTERVAL_MS = 3_600_000;

/** What stays of a result's details. */
const DEGRADED = `'{"state": "degraded"}'::jsonb`;

type OldRow = readonly [at: string, id: string, details: string | null, ...values: FigureValue[]];

export class FigureRetention {
  #nextStripMs = 0;
  #nextDropMs = 0;

  /** A bit of what is due. */
  async tend(link: Link, nowMs: number): Promise<void> {
    if (nowMs >= this.#nextStripMs) {
      const rows = await strip(link, 'metrics', nowMs);
      const results = await strip(link, 'checks', nowMs);
      if (Math.max(rows, results) < ROWS_AT_ONCE) this.#nextStripMs = nowMs + STRIP_INTERVAL_MS;
    }
    if (nowMs >= this.#nextDropMs && (await dropBuckets(link, nowMs)) < BUCKETS_AT_ONCE) {
      await link.query(
        'DELETE FROM figure_subjects AS own WHERE NOT EXISTS (SELECT FROM figure_buckets WHERE subject = own.id)',
      );
      this.#nextDropMs = nowMs + DROP_INTERVAL_MS;
    }
  }
}

/** Takes the details of some old rows, but not of the newest of an app on its host; how many there were. */
async function strip(link: Link, kind: FigureKind, nowMs: number): Promise<number> {
  const { table } = FIGURE_TABLES[kind];
  const { rows } = await link.query({
    text: `SELECT timestamp::text, id, details::text, ${columnsOf(kind)} FROM ${table} AS own
      WHERE timestamp >= coalesce((SELECT at FROM figure_progress WHERE name = $1), '-infinity') AND timestamp < ${TIME('$2')}
        AND details <> ${DEGRADED} AND EXISTS (SELECT FROM ${table} AS newer
          WHERE newer.vps_name = own.vps_name AND newer.app_name = own.app_name AND newer.timestamp > own.timestamp)
      ORDER BY timestamp LIMIT ${ROWS_AT_ONCE}`,
    values: [kind, nowMs - DETAILS_KEPT_MS[kind]],
    rowMode: 'array',
  });
  const old = rows as unknown as OldRow[];
  if (old.length === 0) return 0;
  const keys = [old.map(([at]) => at), old.map(([, id]) => id)];
  const given = (more: string) => `unnest($1::timestamptz[], $2::bigint[]${more}) AS given (at, id${more && ', others'})
    WHERE own.timestamp = given.at AND own.id = given.id`;
  if (kind === 'metrics') {
    const others = old.map(([, , details, ...values]) =>
      Buffer.from(packValues(withoutColumns(seriesOf({ values, details })))),
    );
    await link.query(
      `UPDATE vps_metrics AS own SET details = NULL, others = given.others FROM ${given(', $3::bytea[]')}`,
      [...keys, others],
    );
  } else {
    await link.query(
      `UPDATE health_checks AS own SET details = CASE WHEN details->>'state' = 'degraded' THEN ${DEGRADED} END FROM ${given('')}`,
      keys,
    );
  }
  await link.query(
    `INSERT INTO figure_progress (name, at) VALUES ($1, $2)
     ON CONFLICT (name) DO UPDATE SET at = greatest(figure_progress.at, excluded.at)`,
    [kind, old.at(-1)![0]],
  );
  return old.length;
}

/** Drops some buckets of each tier that are too old; the most that a tier had. */
async function dropBuckets(link: Link, nowMs: number): Promise<number> {
  let most = 0;
  for (const [tier, { keptMs }] of TIERS.entries()) {
    const { rowCount } = await link.query(
      `DELETE FROM figure_buckets WHERE ctid = ANY (ARRAY(
         SELECT ctid FROM figure_buckets WHERE tier = $1 AND at < $2 LIMIT ${BUCKETS_AT_ONCE}))`,
      [tier, nowMs - keptMs],
    );
    most = Math.max(most, rowCount ?? 0);
  }
  return most;
}
