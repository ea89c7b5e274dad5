/** The writing side of figures and checks in the store's file. Runs in the thread that writes, one transaction a batch. */

import type { DatabaseSync } from 'node:sqlite';
import { zstdCompressSync } from 'node:zlib';
import { columnsOf, FIGURE_TABLES, type FigureBatch, type FigureKind, type KeptBatch } from '../figures.ts';
import type { BatchIdTable } from './batch-id-table.ts';

/** A step of the store's schema. `details` is zstd of JSON: per-core, per-disk and per-process figures repeat their names in each row. */
export const FIGURES_MIGRATION = `
  CREATE TABLE vps_metrics (
    id INTEGER PRIMARY KEY, at INTEGER NOT NULL, vps_name TEXT NOT NULL, app_name TEXT NOT NULL,
    cpu_percent REAL, memory_percent REAL, memory_mb REAL, disk_percent REAL, disk_gb REAL,
    load_avg_1m REAL, load_avg_5m REAL, load_avg_15m REAL, details BLOB
  );
  CREATE INDEX vps_metrics_by_host ON vps_metrics (vps_name, app_name, at);
  CREATE INDEX vps_metrics_by_time ON vps_metrics (at);
  CREATE TABLE health_checks (
    id INTEGER PRIMARY KEY, at INTEGER NOT NULL, vps_name TEXT NOT NULL, app_name TEXT NOT NULL,
    url TEXT NOT NULL, status_code INTEGER, response_time_ms REAL, success INTEGER NOT NULL, error_message TEXT, details BLOB
  );
  CREATE INDEX health_checks_by_host ON health_checks (vps_name, app_name, at);
  CREATE INDEX health_checks_by_time ON health_checks (at);
`;

/** Rows that are dropped in one go: some ms, so that commits get their turn. */
const DROPPED_AT_ONCE = 500;

const KINDS = Object.keys(FIGURE_TABLES) as FigureKind[];

export class FigureTables {
  readonly #db: DatabaseSync;
  readonly #batchIds: BatchIdTable;
  readonly #retentionMs: number;

  /** @param retentionMs - milliseconds after their time that rows are kept */
  constructor(db: DatabaseSync, batchIds: BatchIdTable, retentionMs: number) {
    this.#db = db;
    this.#batchIds = batchIds;
    this.#retentionMs = retentionMs;
  }

  /** Rows and the mark of their batch, together or not at all. */
  keep({ kind, id, rows }: FigureBatch, nowMs: number): KeptBatch {
    const known = id === undefined ? undefined : this.#batchIds.read(id);
    if (known !== undefined) return { accepted: known.taken, duplicate: true };
    const { table, columns } = FIGURE_TABLES[kind];
    const insert = this.#db.prepare(
      `INSERT INTO ${table} (at, vps_name, app_name, ${columnsOf(kind)}, details)
       VALUES (?, ?, ?, ${columns.map(() => '?').join(', ')}, ?)`,
    );
    this.#transaction(() => {
      for (const { timeMs, vps, app, values, details } of rows) {
        const stored = values.map((value) => (typeof value === 'boolean' ? Number(value) : value));
        insert.run(timeMs, vps, app, ...stored, details === null ? null : zstdCompressSync(details));
      }
      if (id !== undefined) this.#batchIds.save({ id, taken: rows.length, complete: true }, nowMs);
    });
    return { accepted: rows.length, duplicate: false };
  }

  /** Drops some of what is too old; true where there may be more. */
  forget(nowMs: number): boolean {
    return this.#drop('WHERE at < ?', nowMs - this.#retentionMs);
  }

  /** Drops some of the oldest, whatever their age: there is no room for them. */
  shed(): boolean {
    return this.#drop('WHERE at < ?', Number.MAX_SAFE_INTEGER);
  }

  #drop(where: string, beforeMs: number): boolean {
    const dropped = KINDS.map((kind) => {
      const { table } = FIGURE_TABLES[kind];
      const { changes } = this.#db
        .prepare(
          `DELETE FROM ${table} WHERE id IN (SELECT id FROM ${table} ${where} ORDER BY at LIMIT ${DROPPED_AT_ONCE})`,
        )
        .run(beforeMs);
      return Number(changes);
    });
    return dropped.includes(DROPPED_AT_ONCE);
  }

  #transaction(write: () => void): void {
    this.#db.exec('BEGIN IMMEDIATE');
    try {
      write();
      this.#db.exec('COMMIT');
    } catch (error) {
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
      throw error;
    }
  }
}
