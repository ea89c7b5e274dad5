/**
 * Partitions: a day each, made before rows come, dropped when they are too old. What has no partition of its own lies in the
 * default one, so that no insert ever fails for want of one.
 */

import type { Link } from '@flywatch/agent/postgres';
import pg from 'pg';
import { DAY_MS, dayBounds, dayOf, dayOfPartition, partitionName } from './days.ts';
import { LOCK_KEY } from './migrate.ts';
import { DAILY_TABLES, type DailyTable } from './schema.ts';

/** Days that are made ahead: a hub that is away over a weekend leaves agents with partitions of their own. */
const DAYS_AHEAD = 3;

/** How long a partition may wait for readers to leave the table: everybody else waits behind it. */
const LOCK_TIMEOUT_MS = 2000;

/** Rows of the default partition that are moved into a new one; more are left there, since the table stands still meanwhile. */
const MAX_MOVED_ROWS = 50_000;

/** Rows that one statement deletes from a default partition, and statements of one look. */
const DELETED_AT_ONCE = 5000;
const DELETES_A_LOOK = 20;

/** SQLSTATE: rows of that day lie in the default partition already. */
const CHECK_VIOLATION = '23514';

export type Retention = { readonly [table in DailyTable]: number };

export class Partitions {
  readonly #retentionMs: Retention;
  /** Days that have a partition, or could not get one in this run. */
  readonly #settled = new Map<DailyTable, Set<number>>();

  constructor(retentionMs: Retention) {
    this.#retentionMs = retentionMs;
  }

  /** Looks which there are, and makes those of today and the coming days. */
  async prepare(link: Link, nowMs: number): Promise<void> {
    const today = dayOf(nowMs);
    for (const table of DAILY_TABLES) {
      const days = new Set((await this.#list(link, table)).map(({ day }) => day));
      this.#settled.set(table, days);
      await this.ensure(
        link,
        table,
        Array.from({ length: DAYS_AHEAD + 1 }, (_, i) => today + i),
        nowMs,
      );
    }
  }

  /** Makes those of these days that are within retention; others have no business in a partition that would be dropped. */
  async ensure(link: Link, table: DailyTable, days: Iterable<number>, nowMs: number): Promise<void> {
    const settled = this.#settled.get(table)!;
    const first = dayOf(nowMs - this.#retentionMs[table]);
    for (const day of days) {
      if (settled.has(day) || day < first || day > dayOf(nowMs) + DAYS_AHEAD) continue;
      await this.#make(link, table, day);
      settled.add(day);
    }
  }

  async #make(link: Link, table: DailyTable, day: number): Promise<void> {
    try {
      await this.#alone(link, () =>
        link.query(
          `CREATE TABLE IF NOT EXISTS ${partitionName(table, day)} PARTITION OF ${table} FOR VALUES ${dayBounds(day)}`,
        ),
      );
    } catch (error) {
      if (!(error instanceof pg.DatabaseError)) throw error;
      if (error.code === CHECK_VIOLATION) await this.#makeFromDefault(link, table, day).catch(onlyServerErrors);
      // Otherwise it is somebody's long lock: rows of this day lie in the default partition.
    }
  }

  async #makeFromDefault(link: Link, table: DailyTable, day: number): Promise<void> {
    const within = `timestamp >= '${new Date(day * DAY_MS).toISOString()}' AND timestamp < '${new Date((day + 1) * DAY_MS).toISOString()}'`;
    const name = partitionName(table, day);
    await this.#alone(link, async () => {
      await link.query(`LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`);
      const { rows } = await link.query(`SELECT FROM ${table}_default WHERE ${within} LIMIT ${MAX_MOVED_ROWS + 1}`);
      if (rows.length > MAX_MOVED_ROWS) return;
      await link.query(`CREATE TABLE ${name} (LIKE ${table} INCLUDING DEFAULTS INCLUDING CONSTRAINTS)`);
      await link.query(
        `WITH moved AS (DELETE FROM ${table}_default WHERE ${within} RETURNING *) INSERT INTO ${name} SELECT * FROM moved`,
      );
      await link.query(`ALTER TABLE ${table} ATTACH PARTITION ${name} FOR VALUES ${dayBounds(day)}`);
    });
  }

  /** Drops the days that are too old, and as much as may be of what is too old in the default partition. */
  async retain(link: Link, hub: string, nowMs: number): Promise<void> {
    let dropped = 0;
    for (const table of DAILY_TABLES) {
      const oldestMs = nowMs - this.#retentionMs[table];
      const settled = this.#settled.get(table)!;
      for (const { name, day } of await this.#list(link, table)) {
        if ((day + 1) * DAY_MS > oldestMs || (await this.#isMarked(link, table, day))) continue;
        try {
          await this.#alone(link, () => link.query(`DROP TABLE IF EXISTS ${name}`));
          settled.delete(day);
          dropped++;
        } catch (error) {
          // Somebody reads: next time.
          onlyServerErrors(error);
        }
      }
      dropped += await this.#deleteFromDefault(link, table, oldestMs);
    }
    if (dropped > 0) await link.query(MARK_DROPPED, [hub]);
  }

  /** Whether figures of the day are in no bucket yet: after a hub was away for as long as they are kept. */
  async #isMarked(link: Link, table: DailyTable, day: number): Promise<boolean> {
    if (table === 'log_entries') return false;
    const { rows } = await link.query('SELECT FROM figure_marks WHERE from_ms < $1 LIMIT 1', [(day + 1) * DAY_MS]);
    return rows.length > 0;
  }

  async #deleteFromDefault(link: Link, table: DailyTable, oldestMs: number): Promise<number> {
    let total = 0;
    for (let i = 0; i < DELETES_A_LOOK; i++) {
      const { rowCount } = await link.query(
        `DELETE FROM ${table}_default WHERE ctid = ANY (ARRAY(
           SELECT ctid FROM ${table}_default WHERE timestamp < $1::timestamptz LIMIT ${DELETED_AT_ONCE}))`,
        [new Date(oldestMs).toISOString()],
      );
      total += rowCount ?? 0;
      if ((rowCount ?? 0) < DELETED_AT_ONCE) break;
    }
    return total;
  }

  async #list(link: Link, table: DailyTable): Promise<{ name: string; day: number }[]> {
    const { rows } = await link.query<{ name: string }>(
      `SELECT c.relname AS name FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
       WHERE i.inhparent = '${table}'::regclass`,
    );
    return rows.flatMap(({ name }) => {
      const day = dayOfPartition(table, name);
      return day === undefined ? [] : [{ name, day }];
    });
  }

  /** One hub at a time, and never waiting long while others wait behind. */
  #alone<T>(link: Link, work: () => Promise<T>): Promise<T> {
    return link.transaction(async () => {
      await link.query(`SET LOCAL lock_timeout = ${LOCK_TIMEOUT_MS}`);
      await link.query('SELECT pg_advisory_xact_lock($1)', [LOCK_KEY]);
      return work();
    });
  }
}

/** What a partition cannot have now it gets another time; a lost connection is for the caller. */
function onlyServerErrors(error: unknown): void {
  if (!(error instanceof pg.DatabaseError)) throw error;
}

const MARK_DROPPED = `
  INSERT INTO retention_marks (hub, dropped_to)
  SELECT $1::text, coalesce((SELECT min(position) - 1 FROM log_entries), (SELECT max(position) FROM ingest_ledger WHERE hub = $1), 0)
  ON CONFLICT (hub) DO UPDATE SET dropped_to = greatest(retention_marks.dropped_to, excluded.dropped_to)`;
