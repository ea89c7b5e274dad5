/**
 * What becomes of figures and checks with time, a little at a time between commits: rows of before there were buckets are put into
 * them, rows lose their details and go, and so do buckets. Nothing goes before what was made of it is there.
 */

import type { DatabaseSync } from 'node:sqlite';
import { columnsOf, DETAILS_KEPT_MS, FIGURE_TABLES, type FigureKind } from '../figures.ts';
import { TIERS } from '../rollup/tiers.ts';
import { FigureBuckets } from './figure-buckets.ts';
import { FLOOR_FACTS } from './figure-parts.ts';
import { asFigureRow } from './figure-row.ts';
import { DERIVED, reported } from './figure-tables.ts';
import { inTransaction } from './transaction.ts';

/** Rows that are looked at in one go: some ms, so that commits get their turn. */
const ROWS_AT_ONCE = 500;

/** Hosts and checks whose buckets are looked at in one go, and how often all of them are: the shortest tier is kept for days. */
const SUBJECTS_AT_ONCE = 200;
const LOOK_INTERVAL_MS = 3_600_000;

/** Buckets of a host or check that go at once where there is no room. */
const SHED_BUCKETS = 60;

interface IdAndTime {
  readonly id: number;
  readonly at: number;
}

const KINDS = Object.keys(FIGURE_TABLES) as FigureKind[];

export class FigureRetention {
  readonly #db: DatabaseSync;
  readonly #buckets: FigureBuckets;
  readonly #retentionMs: number;
  /** The round through the hosts and checks that is under way: after which one it goes on, and what may go. */
  #round: { readonly atMs: number; after: number } | undefined;
  #nextRoundMs = 0;

  /** @param retentionMs - milliseconds after their time that rows are kept */
  constructor(db: DatabaseSync, retentionMs: number) {
    this.#db = db;
    this.#buckets = new FigureBuckets(db);
    this.#retentionMs = retentionMs;
  }

  /** Does a bit of what is due; true where there may be more. */
  tend(nowMs: number): boolean {
    for (const kind of KINDS) {
      if (this.#rollUp(kind) || this.#dropRows(kind, nowMs - this.#retentionMs)) return true;
      if (this.#dropDetails(kind, nowMs - DETAILS_KEPT_MS[kind])) return true;
    }
    return this.#dropBuckets(nowMs);
  }

  /** Drops some of the oldest, whatever their age: there is no room for them. The wide buckets take least, and go last. */
  shed(): boolean {
    const rows = KINDS.map((kind) => this.#dropRows(kind, Number.MAX_SAFE_INTEGER));
    if (this.#shedTier(0) || rows.includes(true)) return true;
    return TIERS.some((_, tier) => this.#shedTier(tier));
  }

  /** Puts rows of before into buckets, the newest first. */
  #rollUp(kind: FigureKind): boolean {
    const fact = `${kind}_unrolled_to`;
    const last = this.#db.prepare('SELECT value FROM facts WHERE name = ?').get(fact) as { value: number } | undefined;
    if (last === undefined) return false;
    const { table } = FIGURE_TABLES[kind];
    const { column, of } = DERIVED[kind];
    const select = this.#db.prepare(
      `SELECT id, at, vps_name, app_name, ${columnsOf(kind)}, data FROM ${table} LEFT JOIN ${table}_details USING (id)
       WHERE id <= ? ORDER BY id DESC LIMIT ${ROWS_AT_ONCE}`,
    );
    select.setReturnArrays(true);
    const found = select.all(last.value) as unknown as [id: number, ...row: unknown[]][];
    const rows = found.map(([, ...row]) => asFigureRow(kind, row));
    const update = this.#db.prepare(`UPDATE ${table} SET ${column} = ? WHERE id = ?`);
    inTransaction(this.#db, () => {
      for (const [i, [id]] of found.entries()) update.run(of(rows[i]!), id);
      this.#buckets.refresh(
        kind,
        rows.map((row) => reported(kind, row)),
      );
      if (found.length < ROWS_AT_ONCE) this.#db.prepare('DELETE FROM facts WHERE name = ?').run(fact);
      else this.#setFact(fact, found.at(-1)![0] - 1);
    });
    return found.length === ROWS_AT_ONCE;
  }

  #dropRows(kind: FigureKind, beforeMs: number): boolean {
    const { table } = FIGURE_TABLES[kind];
    let dropped: IdAndTime[] = [];
    inTransaction(this.#db, () => {
      dropped = this.#all(
        `DELETE FROM ${table} WHERE id IN (SELECT id FROM ${table} WHERE at < ? ORDER BY at LIMIT ${ROWS_AT_ONCE}) RETURNING id, at`,
        beforeMs,
      );
      this.#removeDetails(kind, dropped);
      if (dropped.length > 0) this.#raise(FLOOR_FACTS.rows(kind), Math.max(...dropped.map(({ at }) => at)) + 1);
    });
    return dropped.length === ROWS_AT_ONCE;
  }

  /** Takes the details of rows that are older, in the order of their arrival, but for the newest of each app of a host. */
  #dropDetails(kind: FigureKind, beforeMs: number): boolean {
    const { table } = FIGURE_TABLES[kind];
    const fact = `${kind}_details_dropped_to`;
    const done = this.#db.prepare('SELECT value FROM facts WHERE name = ?').get(fact) as { value: number } | undefined;
    const next = this.#all(
      `SELECT id, at FROM ${table} WHERE id > ? ORDER BY id LIMIT ${ROWS_AT_ONCE}`,
      done?.value ?? 0,
    );
    const fresh = next.findIndex(({ at }) => at >= beforeMs);
    const old = fresh === -1 ? next : next.slice(0, fresh);
    if (old.length === 0) return false;
    const newer = this.#db.prepare(
      `SELECT 1 FROM ${table} AS own WHERE id = ? AND at < (SELECT max(at) FROM ${table} WHERE vps_name = own.vps_name AND app_name = own.app_name)`,
    );
    inTransaction(this.#db, () => {
      this.#removeDetails(
        kind,
        old.filter(({ id }) => newer.get(id) !== undefined),
      );
      this.#raise(fact, old.at(-1)!.id);
    });
    return old.length === ROWS_AT_ONCE;
  }

  #removeDetails(kind: FigureKind, rows: readonly IdAndTime[]): void {
    const remove = this.#db.prepare(`DELETE FROM ${FIGURE_TABLES[kind].table}_details WHERE id = ?`);
    for (const { id } of rows) remove.run(id);
  }

  #all(sql: string, ...values: readonly number[]): IdAndTime[] {
    return this.#db.prepare(sql).all(...values) as unknown as IdAndTime[];
  }

  /** Goes through all hosts and checks now and then: those of one lie together, so that nothing else is read. */
  #dropBuckets(nowMs: number): boolean {
    if (this.#round === undefined && nowMs < this.#nextRoundMs) return false;
    const round = this.#round ?? { atMs: nowMs, after: 0 };
    const ids = this.#db
      .prepare(`SELECT id FROM figure_subjects WHERE id > ? ORDER BY id LIMIT ${SUBJECTS_AT_ONCE}`)
      .all(round.after) as unknown as { id: number }[];
    inTransaction(this.#db, () => {
      for (const [tier, { keptMs }] of TIERS.entries()) {
        this.#raise(FLOOR_FACTS.tier(tier), round.atMs - keptMs);
        this.#dropBucketsOf(ids, tier, round.atMs - keptMs);
      }
      const forget = this.#db.prepare(
        'DELETE FROM figure_subjects WHERE id = ? AND id NOT IN (SELECT subject FROM figure_buckets WHERE subject = figure_subjects.id)',
      );
      for (const { id } of ids) forget.run(id);
    });
    const isOver = ids.length < SUBJECTS_AT_ONCE;
    this.#round = isOver ? undefined : { ...round, after: ids.at(-1)!.id };
    if (isOver) this.#nextRoundMs = nowMs + LOOK_INTERVAL_MS;
    return !isOver;
  }

  /** Of each host and check as much as {@link SHED_BUCKETS} come to, from the oldest of all on. */
  #shedTier(tier: number): boolean {
    const ids = this.#db.prepare('SELECT id FROM figure_subjects').all() as unknown as { id: number }[];
    const oldest = this.#db.prepare('SELECT min(at) AS at FROM figure_buckets WHERE subject = ? AND tier = ?');
    const times = ids.flatMap(({ id }) => (oldest.get(id, tier) as { at: number | null }).at ?? []);
    if (times.length === 0) return false;
    const beforeMs = times.reduce((a, b) => Math.min(a, b)) + SHED_BUCKETS * TIERS[tier]!.stepMs;
    inTransaction(this.#db, () => {
      this.#raise(FLOOR_FACTS.tier(tier), beforeMs);
      this.#dropBucketsOf(ids, tier, beforeMs);
    });
    return true;
  }

  #dropBucketsOf(ids: readonly { readonly id: number }[], tier: number, beforeMs: number): void {
    const remove = this.#db.prepare('DELETE FROM figure_buckets WHERE subject = ? AND tier = ? AND at < ?');
    for (const { id } of ids) remove.run(id, tier, beforeMs);
  }

  #setFact(name: string, value: number): void {
    this.#db.prepare('INSERT OR REPLACE INTO facts (name, value) VALUES (?, ?)').run(name, value);
  }

  #raise(name: string, value: number): void {
    this.#db
      .prepare(
        'INSERT INTO facts (name, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = max(value, excluded.value)',
      )
      .run(name, value);
  }
}
