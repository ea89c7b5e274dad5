/** The writing side of figures and checks in the store's file. Runs in the thread that writes, one transaction a batch. */

import type { DatabaseSync } from 'node:sqlite';
import { zstdCompressSync } from 'node:zlib';
import { checkName, checkState, checkUrl } from '../check-row.ts';
import {
  CHECK_STATES,
  columnsOf,
  DETAILS_KEPT_MS,
  FIGURE_TABLES,
  type FigureBatch,
  type FigureKind,
  type FigureRow,
  type KeptBatch,
} from '../figures.ts';
import { packValues } from '../rollup/bucket.ts';
import { seriesOf, withoutColumns } from '../rollup/series.ts';
import type { BatchIdTable } from './batch-id-table.ts';
import { FigureBuckets, type Reported } from './figure-buckets.ts';
import { inTransaction } from './transaction.ts';

/** A step of the store's schema. */
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

/** The column of each kind that holds what is worked out from a row's details, which go sooner than the row. */
export const DERIVED = {
  metrics: {
    column: 'others',
    of: (row: FigureRow) => packValues(withoutColumns(seriesOf(row))) as Uint8Array<ArrayBuffer>,
  },
  checks: { column: 'state', of: (row: FigureRow) => CHECK_STATES.indexOf(checkState(row)) },
} as const satisfies Record<FigureKind, { readonly column: string; of(row: FigureRow): Uint8Array | number }>;

export class FigureTables {
  readonly #db: DatabaseSync;
  readonly #batchIds: BatchIdTable;
  readonly #buckets: FigureBuckets;

  constructor(db: DatabaseSync, batchIds: BatchIdTable) {
    this.#db = db;
    this.#batchIds = batchIds;
    this.#buckets = new FigureBuckets(db);
  }

  /** Rows, what they come to, and the mark of their batch, together or not at all. */
  keep({ kind, id, rows }: FigureBatch, nowMs: number): KeptBatch {
    const known = id === undefined ? undefined : this.#batchIds.read(id);
    if (known !== undefined) return { accepted: known.taken, duplicate: true };
    const { table, columns } = FIGURE_TABLES[kind];
    const { column, of } = DERIVED[kind];
    const insert = this.#db.prepare(
      `INSERT INTO ${table} (at, vps_name, app_name, ${columnsOf(kind)}, ${column})
       VALUES (?, ?, ?, ${columns.map(() => '?').join(', ')}, ?)`,
    );
    const insertDetails = this.#db.prepare(`INSERT INTO ${table}_details (id, data) VALUES (?, ?)`);
    // What arrives so late goes without; those that were in time lose it later. Packed, since figures of cores, disks and processes
    // repeat their names in each row.
    const detailsFromMs = nowMs - DETAILS_KEPT_MS[kind];
    inTransaction(this.#db, () => {
      for (const row of rows) {
        const { timeMs, vps, app, values, details } = row;
        const stored = values.map((value) => (typeof value === 'boolean' ? Number(value) : value));
        const { lastInsertRowid } = insert.run(timeMs, vps, app, ...stored, of(row));
        if (details !== null && timeMs >= detailsFromMs) insertDetails.run(lastInsertRowid, zstdCompressSync(details));
      }
      this.#buckets.refresh(
        kind,
        rows.map((row) => reported(kind, row)),
      );
      if (id !== undefined) this.#batchIds.save({ id, taken: rows.length, complete: true }, nowMs);
    });
    return { accepted: rows.length, duplicate: false };
  }
}

export function reported(kind: FigureKind, row: FigureRow): Reported {
  const { timeMs, vps, app } = row;
  return kind === 'metrics'
    ? { timeMs, vps, app: '', url: '', name: null }
    : { timeMs, vps, app, url: checkUrl(row), name: checkName(row) };
}
