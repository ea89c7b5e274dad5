/**
 * The file of the embedded store: SQLite as a container for batches, chunks and a few small tables.
 *
 * Opened by the writing thread alone for writing; readers open it read-only. WAL, so that neither waits for the other.
 */

import { existsSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { AGENT_IDS_MIGRATION } from './batch-id-table.ts';
import { BUCKETS_MIGRATION } from './figure-buckets.ts';
import { FIGURES_MIGRATION } from './figure-tables.ts';

/** Steps from one schema version to the next: `user_version` says how many were taken. Never changed, only added to. */
export const MIGRATIONS: readonly string[] = [
  `
  -- Small facts about the whole: numbers under names.
  CREATE TABLE facts (name TEXT PRIMARY KEY, value REAL NOT NULL) WITHOUT ROWID;
  -- Batches that are in no chunk yet.
  CREATE TABLE head (
    id INTEGER PRIMARY KEY, first_position REAL NOT NULL, last_position REAL NOT NULL,
    events INTEGER NOT NULL, data BLOB NOT NULL
  );
  CREATE TABLE chunks (
    id INTEGER PRIMARY KEY, first_position REAL NOT NULL, last_position REAL NOT NULL,
    max_received REAL NOT NULL, events INTEGER NOT NULL, bytes INTEGER NOT NULL, packing INTEGER NOT NULL,
    summary BLOB NOT NULL, minutes BLOB NOT NULL
  );
  CREATE INDEX chunks_by_position ON chunks (first_position);
  -- Columns of chunks, and their word filters' partitions.
  CREATE TABLE parts (id INTEGER PRIMARY KEY, data BLOB NOT NULL);
  CREATE TABLE filters (id INTEGER PRIMARY KEY, data BLOB NOT NULL);
  -- Batches of clients that were taken, by the ids that they gave.
  CREATE TABLE batch_ids (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, taken INTEGER NOT NULL, complete INTEGER NOT NULL, at REAL NOT NULL
  );
  CREATE TABLE snapshots (id TEXT PRIMARY KEY, at REAL NOT NULL, data TEXT NOT NULL) WITHOUT ROWID;
  CREATE INDEX snapshots_by_time ON snapshots (at);
  `,
  AGENT_IDS_MIGRATION,
  FIGURES_MIGRATION,
  BUCKETS_MIGRATION,
];

const SCHEMA_VERSION = MIGRATIONS.length;

/**
 * Pages that the WAL may hold before it is written back: 16 MB. Most of what it holds are batches that have become chunks by then,
 * so that they are never written to the file at all; with 2 MB a commit cost half as much again. A store with a limit of
 * size gets a fiftieth of that, since the WAL counts.
 */
const WAL_PAGES = 4096;

export const PAGE_BYTES = 4096;

/** How long is waited for a lock that another process has on the file. */
export const BUSY_TIMEOUT_MS = 5000;

export interface Opened {
  readonly db: DatabaseSync;
  /** Where a damaged file was put, if there was one. */
  readonly setAside: { readonly path: string; readonly reason: string } | undefined;
}

/** A file written by a later version: its data are left alone. */
export class NewerSchemaError extends Error {
  constructor(path: string, version: number, known: number) {
    super(
      `${path} was written by a later version of Flywatch (schema ${version}, this one knows ${known}); start that version, or set STORE_PATH to another file`,
    );
    this.name = 'NewerSchemaError';
  }
}

/**
 * Opens the file for writing, makes it if there is none, and brings its schema up to date. A damaged one is set aside: a hub
 * that will not start helps nobody.
 *
 * @param migrations - steps of the schema, for a file with other tables than a store's
 * @throws {NewerSchemaError}
 */
export function openForWriting(
  path: string,
  { maxBytes, migrations = MIGRATIONS }: { maxBytes?: number | undefined; migrations?: readonly string[] } = {},
): Opened {
  mkdirSync(dirname(path), { recursive: true });
  let setAside: Opened['setAside'];
  if (existsSync(path)) {
    const reason = damageOf(path);
    if (reason !== undefined) setAside = { path: moveAside(path), reason };
  }
  const db = new DatabaseSync(path);
  try {
    configure(db, walPagesFor(maxBytes));
    migrate(db, path, migrations);
  } catch (error) {
    db.close();
    throw error;
  }
  return { db, setAside };
}

function walPagesFor(maxBytes: number | undefined): number {
  return maxBytes === undefined ? WAL_PAGES : Math.max(64, Math.min(WAL_PAGES, Math.floor(maxBytes / 50 / PAGE_BYTES)));
}

function configure(db: DatabaseSync, walPages: number): void {
  db.exec(`
    PRAGMA page_size = ${PAGE_BYTES};
    PRAGMA auto_vacuum = INCREMENTAL;
    PRAGMA journal_mode = WAL;
    -- Each commit reaches the disk: a loss of power costs what was not committed, and nothing else.
    PRAGMA synchronous = FULL;
    PRAGMA wal_autocheckpoint = ${walPages};
    PRAGMA journal_size_limit = ${walPages * PAGE_BYTES};
    PRAGMA cache_size = -2048;
    PRAGMA temp_store = MEMORY;
    PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS};
  `);
}

/** Opens the file for reading; undefined where whoever writes it has not made its tables yet. */
export function openForReading(path: string): DatabaseSync | undefined {
  if (!existsSync(path)) return undefined;
  const db = new DatabaseSync(path, { readOnly: true });
  db.exec(`PRAGMA cache_size = -2048; PRAGMA temp_store = MEMORY; PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
  const { user_version: version } = db.prepare('PRAGMA user_version').get() as { user_version: number };
  if (version > 0 && version <= SCHEMA_VERSION) return db;
  db.close();
  if (version === 0) return undefined;
  throw new NewerSchemaError(path, version, SCHEMA_VERSION);
}

/** Largest file that is checked page by page at start: beyond it the check would take more than a second. */
const QUICK_CHECK_MAX_BYTES = 256 * 1024 * 1024;

/** What is wrong with a file; undefined where it can be used, empty ones included. */
function damageOf(path: string): string | undefined {
  if (statSync(path).size === 0) return undefined;
  let db: DatabaseSync | undefined;
  try {
    db = new DatabaseSync(path);
    db.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
    // Parts and filters are most of the file, and each is checked when it is unpacked; figures may be many too.
    const small = statSync(path).size <= QUICK_CHECK_MAX_BYTES;
    const checks = small ? ['PRAGMA quick_check(1)'] : SMALL_TABLES.map((table) => `PRAGMA quick_check(${table})`);
    for (const check of checks) {
      const row = db.prepare(check).get() as { quick_check: string } | undefined;
      if (row !== undefined && row.quick_check !== 'ok') return row.quick_check.split('\n')[0];
    }
    return undefined;
  } catch (error) {
    const { errcode, message } = error as { errcode?: number; message: string };
    // SQLITE_CORRUPT and SQLITE_NOTADB are damage; a lock or missing rights are not.
    if (errcode !== undefined && [11, 26].includes(errcode & 0xff)) return message;
    if (/no such table/.test(message)) return undefined;
    throw error;
  } finally {
    db?.close();
  }
}

const SMALL_TABLES = ['facts', 'head', 'chunks', 'batch_ids', 'snapshots'];

function moveAside(path: string): string {
  const aside = `${path}.damaged-${Date.now()}`;
  for (const suffix of ['', '-wal', '-shm']) {
    if (existsSync(path + suffix)) renameSync(path + suffix, aside + suffix);
  }
  return aside;
}

function migrate(db: DatabaseSync, path: string, migrations: readonly string[]): void {
  const { user_version: version } = db.prepare('PRAGMA user_version').get() as { user_version: number };
  if (version > migrations.length) throw new NewerSchemaError(path, version, migrations.length);
  for (let next = version; next < migrations.length; next++) {
    db.exec(`BEGIN IMMEDIATE; ${migrations[next]}; PRAGMA user_version = ${next + 1}; COMMIT`);
  }
}
