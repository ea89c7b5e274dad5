/**
 * The spool: a small file in front of PostgreSQL. What arrives is committed here first, as batches of bytes, and taken out
 * when the database has it. So it is safe while the database is away, and the live path never waits for a network.
 */

import { randomUUID } from 'node:crypto';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { SNAPSHOT_MAX_AGE_MS, SNAPSHOTS_KEPT } from '../../limits.ts';
import { AGENT_IDS_MIGRATION, type BatchIdLimits, BatchIdTable } from '../embedded/batch-id-table.ts';
import { type Opened, openForWriting, PAGE_BYTES } from '../embedded/database.ts';
import { SnapshotTable } from '../embedded/snapshot-table.ts';
import type { PendingBatch } from '../embedded/store-writer.ts';
import { inTransaction } from '../embedded/transaction.ts';
import { Batch } from '../format/batch.ts';

const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE facts (name TEXT PRIMARY KEY, value REAL NOT NULL) WITHOUT ROWID;
  CREATE TABLE names (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  -- Batches that the database does not have yet, or is not known to have.
  CREATE TABLE head (
    id INTEGER PRIMARY KEY, hub TEXT NOT NULL, first_position REAL NOT NULL, last_position REAL NOT NULL,
    min_time REAL NOT NULL, max_time REAL NOT NULL, events INTEGER NOT NULL, bytes INTEGER NOT NULL, data BLOB NOT NULL
  );
  CREATE INDEX head_by_position ON head (first_position, hub, last_position, min_time, max_time, events, bytes);
  CREATE TABLE batch_ids (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, taken INTEGER NOT NULL, complete INTEGER NOT NULL, at REAL NOT NULL
  );
  CREATE TABLE snapshots (id TEXT PRIMARY KEY, at REAL NOT NULL, data TEXT NOT NULL) WITHOUT ROWID;
  CREATE INDEX snapshots_by_time ON snapshots (at);
  `,
  AGENT_IDS_MIGRATION,
];

/** Free room that stays in the file: what the next batches will take. */
const SPARE_PAGES = 1024;

/** Pages that are given back to the system at a time: 8 MB, some ms. */
const VACUUM_PAGES = 2048;

export interface SpooledBatch {
  readonly id: number;
  readonly batch: Batch;
}

export class Spool {
  /** Told apart from every other spool: positions of one only grow. */
  readonly name: string;
  readonly setAside: Opened['setAside'];
  readonly snapshots: SnapshotTable;
  readonly #db: DatabaseSync;
  readonly #batchIds: BatchIdTable;
  readonly #insert: StatementSync;
  readonly #remove: StatementSync;
  #bytes = 0;
  #events = 0;

  constructor(path: string, limits: BatchIdLimits) {
    const { db, setAside } = openForWriting(path, { migrations: MIGRATIONS });
    this.#db = db;
    this.setAside = setAside;
    this.snapshots = new SnapshotTable(db, SNAPSHOTS_KEPT, SNAPSHOT_MAX_AGE_MS);
    this.#batchIds = new BatchIdTable(db, limits);
    this.#insert = db.prepare(
      `INSERT INTO head (hub, first_position, last_position, min_time, max_time, events, bytes, data)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#remove = db.prepare('DELETE FROM head WHERE id = ?');
    db.prepare("INSERT OR IGNORE INTO names VALUES ('spool', ?)").run(randomUUID());
    this.name = (db.prepare("SELECT value FROM names WHERE name = 'spool'").get() as { value: string }).value;
    // Numbers of batches begin anew with each run.
    this.#setCommitted(0);
    this.#measure();
  }

  /** Bytes and events that the database does not have yet. */
  get bytes(): number {
    return this.#bytes;
  }

  get events(): number {
    return this.#events;
  }

  /** Writes batches, all of them or none, in the order of their numbers. */
  commit(batches: readonly PendingBatch[], nowMs: number): void {
    this.#transaction(() => {
      for (const { bytes, marks } of batches) {
        if (bytes !== undefined) this.#add(new Batch(bytes));
        for (const mark of marks) this.#batchIds.save(mark, nowMs);
      }
      const last = batches.at(-1);
      if (last !== undefined) this.#setCommitted(last.number);
    });
  }

  #add({ hub, firstPosition, lastPosition, minTimeMs, maxTimeMs, count, bytes }: Batch): void {
    const data = bytes as Uint8Array<ArrayBuffer>;
    this.#insert.run(hub, firstPosition, lastPosition, minTimeMs, maxTimeMs, count, data.length, data);
    this.#bytes += data.length;
    this.#events += count;
  }

  #setCommitted(number: number): void {
    this.#db.prepare("INSERT OR REPLACE INTO facts (name, value) VALUES ('committed', ?)").run(number);
  }

  /** The oldest batches of one hub, together at most so many events and bytes, but one at least. */
  oldest(maxEvents: number, maxBytes: number): SpooledBatch[] {
    const found: SpooledBatch[] = [];
    let [events, bytes] = [0, 0];
    let hub: string | undefined;
    const rows = this.#db.prepare('SELECT id, hub, events, bytes FROM head ORDER BY first_position').iterate();
    const ids: number[] = [];
    for (const row of rows as Iterable<{ id: number; hub: string; events: number; bytes: number }>) {
      hub ??= row.hub;
      events += row.events;
      bytes += row.bytes;
      if (ids.length > 0 && (events > maxEvents || bytes > maxBytes || row.hub !== hub)) break;
      ids.push(row.id);
    }
    const read = this.#db.prepare('SELECT data FROM head WHERE id = ?');
    for (const id of ids) found.push({ id, batch: new Batch((read.get(id) as { data: Uint8Array }).data) });
    return found;
  }

  remove(batches: readonly SpooledBatch[]): void {
    this.#transaction(() => {
      for (const { id, batch } of batches) {
        this.#remove.run(id);
        this.#bytes -= batch.bytes.length;
        this.#events -= batch.count;
      }
    });
  }

  batchMark(id: string): { taken: number; complete: boolean } | undefined {
    return this.#batchIds.read(id);
  }

  /** Forgets what is no longer needed, and gives room back. */
  upkeep(nowMs: number): void {
    this.#batchIds.forget(nowMs);
    this.snapshots.forget(nowMs);
    const { freelist_count: free } = this.#db.prepare('PRAGMA freelist_count').get() as { freelist_count: number };
    if (free > SPARE_PAGES) this.#db.exec(`PRAGMA incremental_vacuum(${Math.min(VACUUM_PAGES, free - SPARE_PAGES)})`);
  }

  fileBytes(): number {
    return (this.#db.prepare('PRAGMA page_count').get() as { page_count: number }).page_count * PAGE_BYTES;
  }

  close(): void {
    this.#db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    this.#db.close();
  }

  #measure(): void {
    const sums = 'SELECT coalesce(sum(bytes), 0) AS bytes, coalesce(sum(events), 0) AS events FROM head';
    const { bytes, events } = this.#db.prepare(sums).get() as { bytes: number; events: number };
    this.#bytes = bytes;
    this.#events = events;
  }

  #transaction(write: () => void): void {
    try {
      inTransaction(this.#db, write);
    } catch (error) {
      this.#measure();
      throw error;
    }
  }
}
