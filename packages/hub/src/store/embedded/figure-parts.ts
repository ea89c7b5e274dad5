/** What buckets are made of, as it lies in the file: rows, narrower buckets, and from when on each of them is complete. */

import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import { resultBucket } from '../check-row.ts';
import { CHECK_STATES, columnsOf, FIGURE_TABLES, type FigureKind, type FigureValue } from '../figures.ts';
import { bucketOf, type TimedBucket, unpackBucket, unpackValues } from '../rollup/bucket.ts';
import { withColumns } from '../rollup/series.ts';
import { isHost, type KnownSubject } from '../rollup/subject.ts';
import { type Floors, type Source, TIERS } from '../rollup/tiers.ts';

/** Names of the facts that say from when on something is complete. */
export const FLOOR_FACTS = {
  rows: (kind: FigureKind) => `${kind}_from`,
  tier: (tier: number) => `figure_tier_${tier}_from`,
};

/**
 * Rows of a host in a span, by the index of host, app and time: app by app, so that what is older is never read. `?1` is the
 * host, `?2` and `?3` the span. CROSS JOIN keeps SQLite from turning the two around.
 */
export function ofHost(kind: FigureKind, columns: string): string {
  const { table } = FIGURE_TABLES[kind];
  return `WITH RECURSIVE apps (app) AS (
      SELECT min(app_name) FROM ${table} WHERE vps_name = ?1
      UNION ALL
      SELECT (SELECT min(app_name) FROM ${table} WHERE vps_name = ?1 AND app_name > app) FROM apps WHERE app IS NOT NULL
    ), own AS (
      SELECT id, at, vps_name, app_name, ${columns} FROM apps CROSS JOIN ${table}
      WHERE vps_name = ?1 AND app_name = app AND at >= ?2 AND at < ?3
    )`;
}

/** A result's place in `CHECK_STATES`; rows of before it was a column are up or down. */
export const STATE = 'coalesce(state, CASE success WHEN 1 THEN 0 ELSE 2 END)';

export class FigureParts {
  readonly #ofHost: StatementSync;
  readonly #ofCheck: StatementSync;
  readonly #ofTier: StatementSync;
  readonly #facts: StatementSync;

  constructor(db: DatabaseSync) {
    const arrays = (sql: string) => {
      const statement = db.prepare(sql);
      statement.setReturnArrays(true);
      return statement;
    };
    this.#ofHost = arrays(
      `${ofHost('metrics', `${columnsOf('metrics')}, others`)} SELECT at, others, ${columnsOf('metrics')} FROM own ORDER BY at, id`,
    );
    this.#ofCheck = arrays(
      `SELECT at, ${STATE}, response_time_ms FROM health_checks
       WHERE vps_name = ? AND app_name = ? AND url = ? AND at >= ? AND at < ? ORDER BY at, id`,
    );
    this.#ofTier = arrays(
      'SELECT at, data FROM figure_buckets WHERE subject = ? AND tier = ? AND at >= ? AND at < ? ORDER BY at',
    );
    this.#facts = db.prepare('SELECT value FROM facts WHERE name = ?');
  }

  floors(kind: FigureKind): Floors {
    const fact = (name: string) => (this.#facts.get(name) as { value: number } | undefined)?.value ?? 0;
    return { rowsMs: fact(FLOOR_FACTS.rows(kind)), tiersMs: TIERS.map((_, tier) => fact(FLOOR_FACTS.tier(tier))) };
  }

  /** Parts of a span, ascending, each with when it begins; a row is one. `toMs` is not within. */
  read({ id, vps, app, url }: Omit<KnownSubject, 'name'>, source: Source, fromMs: number, toMs: number): TimedBucket[] {
    if (source !== 'rows') {
      return (this.#arrays(this.#ofTier, id, source, fromMs, toMs) as [number, Uint8Array][]).map(([at, data]) => [
        at,
        unpackBucket(data, at),
      ]);
    }
    if (isHost({ app, url })) {
      type Row = [at: number, others: Uint8Array | null, ...values: FigureValue[]];
      return (this.#arrays(this.#ofHost, vps, fromMs, toMs) as Row[]).map(([at, others, ...values]) => {
        const series = withColumns(values, others === null ? [] : unpackValues(others));
        return [at, bucketOf(at, [1], series)];
      });
    }
    return (this.#arrays(this.#ofCheck, vps, app, url, fromMs, toMs) as [number, number, number | null][]).map(
      ([at, state, responseMs]) => [at, resultBucket(at, CHECK_STATES[state]!, responseMs ?? undefined)],
    );
  }

  #arrays(statement: StatementSync, ...values: readonly SQLInputValue[]): unknown[][] {
    return statement.all(...values) as unknown as unknown[][];
  }
}
