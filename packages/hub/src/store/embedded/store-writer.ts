/**
 * Writes: batches into the head, the head into chunks, and what is too old or too much out of the file. All of it runs in
 * one thread, one transaction at a time, and a crash at any moment leaves the file as it was before or after one.
 *
 *   batches ─▶ head rows ─▶ (32,768 events) ─▶ chunk        a head row a commit; small ones are joined now and then
 *                  └── the same events, gathered for packing ┘
 */

import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { zstdCompressSync } from 'node:zlib';
import type { LogEvent } from '@flywatch/core';
import { Batch, encodeBatch, MAX_BATCH_EVENTS } from '../format/batch.ts';
import { type ChunkBytes, type ChunkSummary, PARTS_PER_CHUNK } from '../format/chunk.ts';
import { Chunk } from '../format/chunk-reader.ts';
import { ChunkWriter } from '../format/chunk-writer.ts';
import { PARTITIONS } from '../format/word-filter.ts';
import { type BatchIdLimits, BatchIdTable } from './batch-id-table.ts';
import { BUSY_TIMEOUT_MS, PAGE_BYTES } from './database.ts';
import { filterId, readSummary } from './rows.ts';
import { inTransaction } from './transaction.ts';

/** Events of a chunk: see `store.md` for what other sizes gave. */
const CHUNK_EVENTS = 32_768;

/**
 * Text of a chunk at most: a chunk of long lines is packed before it has all its events, since packing and reading take several times
 * its text. 32,768 usual lines have 3 to 6 MB. Less where the store is small.
 */
const CHUNK_TEXT_BYTES = 7 * 1024 * 1024;
const CHUNK_TEXT_SHARE = 1 / 32;

/** Level of zstd: higher ones make chunks larger, since what is left of lines are random digits (`store.md`). */
const ZSTD_LEVEL = 1;

/** Whether a chunk was packed as its events came, or joined from others at rest. */
const Packing = { fresh: 0, joined: 1 } as const;

/** Head rows of one size that are joined into one, and the sizes, in events; those that are large with few events stay as they are. */
const JOINED_ROWS = 16;
const JOINED_SIZES = [64, 1024];
const JOINED_MAX_BYTES = 1024 * 1024;

/** Pages that are given back to the system in one go: 8 MB, some ms. */
const VACUUM_PAGES = 2048;

export interface WriterLimits extends BatchIdLimits {
  /** Milliseconds after its arrival that an event is kept. */
  readonly retentionMs: number;
  /** Milliseconds after their time that figures of hosts and checks are kept. */
  readonly metricsRetentionMs: number;
  /** Bytes of file and WAL; undefined: as much as there is room. */
  readonly maxBytes: number | undefined;
  /** Snapshots of the hub's state that are kept, and for how long at most. */
  readonly snapshotsKept: number;
  readonly snapshotsMaxAgeMs: number;
}

/** What a commit writes besides events. */
export interface BatchMark {
  readonly id: string;
  /** Lines of the client's batch that are in the store with this commit. */
  readonly taken: number;
  readonly complete: boolean;
}

export interface PendingBatch {
  /** Number of the batch within this run of the hub: grows by one. */
  readonly number: number;
  readonly bytes: Uint8Array | undefined;
  readonly marks: readonly BatchMark[];
}

interface HeadRow {
  readonly id: number;
  readonly events: number;
  readonly bytes: number;
}

export class StoreWriter {
  readonly #db: DatabaseSync;
  readonly #limits: WriterLimits;
  readonly #chunkEvents: number;
  readonly #chunkTextBytes: number;
  readonly #gathered: ChunkWriter;
  /** Head rows, in the order of arrival, as they are on disk. */
  #head: HeadRow[] = [];
  /** Whether what was gathered is what the head holds. */
  #isGathered = false;
  readonly #insertHead: StatementSync;
  readonly #insertPart: StatementSync;
  readonly #insertFilter: StatementSync;
  readonly #setFact: StatementSync;
  readonly #batchIds: BatchIdTable;

  /** @param startPosition - nothing up to here is held where the file is new */
  constructor(db: DatabaseSync, limits: WriterLimits, startPosition: number) {
    this.#db = db;
    this.#limits = limits;
    this.#chunkEvents = chunkEventsFor(limits.maxBytes);
    this.#chunkTextBytes = Math.min(CHUNK_TEXT_BYTES, (limits.maxBytes ?? Number.POSITIVE_INFINITY) * CHUNK_TEXT_SHARE);
    this.#gathered = new ChunkWriter(this.#chunkEvents);
    this.#insertHead = db.prepare('INSERT INTO head (first_position, last_position, events, data) VALUES (?, ?, ?, ?)');
    this.#insertPart = db.prepare('INSERT INTO parts (id, data) VALUES (?, ?)');
    this.#insertFilter = db.prepare('INSERT INTO filters (id, data) VALUES (?, ?)');
    this.#setFact = db.prepare('INSERT OR REPLACE INTO facts (name, value) VALUES (?, ?)');
    this.#batchIds = new BatchIdTable(db, limits);
    // Numbers of batches begin anew with each run.
    this.#setFact.run('committed', 0);
    db.prepare("INSERT OR IGNORE INTO facts (name, value) VALUES ('dropped_to', ?)").run(startPosition);
  }

  /** Writes batches, all of them or none. They must come in the order of their numbers. */
  commit(batches: readonly PendingBatch[], nowMs: number): void {
    this.#gather();
    this.#transaction(() => {
      for (const { bytes, marks } of batches) {
        if (bytes !== undefined) this.#add(new Batch(bytes));
        for (const mark of marks) this.#batchIds.save(mark, nowMs);
      }
      const last = batches.at(-1);
      if (last !== undefined) this.#setFact.run('committed', last.number);
      this.#joinSmallRows();
    });
  }

  #add(batch: Batch): void {
    const gathered = this.#gathered;
    if (!gathered.fits(batch) || gathered.textBytes > this.#chunkTextBytes) this.#roll();
    this.#head.push(this.#insert(batch));
    gathered.add(batch);
  }

  #insert(batch: Batch): HeadRow {
    const { lastInsertRowid } = this.#insertHead.run(
      batch.firstPosition,
      batch.lastPosition,
      batch.count,
      batch.bytes as Uint8Array<ArrayBuffer>,
    );
    return { id: Number(lastInsertRowid), events: batch.count, bytes: batch.bytes.length };
  }

  /** Packs the whole head into a chunk, within the transaction that is open. */
  #roll(): void {
    if (this.#head.length === 0) return;
    this.#insertChunk(this.#gathered.finish(ZSTD_LEVEL), Packing.fresh);
    this.#db.exec('DELETE FROM head');
    this.#head = [];
  }

  #insertChunk(chunk: ChunkBytes, packing: number): void {
    const { summary, minutes, parts, filter } = chunk;
    const json = zstdCompressSync(Buffer.from(JSON.stringify(summary)));
    const bytes = [json, minutes, ...parts, ...filter].reduce((sum, part) => sum + part.length, 0);
    // Numbers are never given twice: a reader that knows a chunk by its number must not find another one there.
    const { value: id } = this.#db
      .prepare("INSERT INTO facts VALUES ('last_chunk', 1) ON CONFLICT DO UPDATE SET value = value + 1 RETURNING value")
      .get() as { value: number };
    this.#db
      .prepare(
        `INSERT INTO chunks (id, first_position, last_position, max_received, events, bytes, packing, summary, minutes)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(
        id,
        summary.firstPosition,
        summary.lastPosition,
        summary.maxReceivedAtMs,
        summary.count,
        bytes,
        packing,
        json,
        minutes as Uint8Array<ArrayBuffer>,
      );
    parts.forEach((data, part) => {
      if (data.length > 0) this.#insertPart.run(id * PARTS_PER_CHUNK + part, data as Uint8Array<ArrayBuffer>);
    });
    filter.forEach((data, partition) => {
      this.#insertFilter.run(filterId(id, partition), data as Uint8Array<ArrayBuffer>);
    });
  }

  /** A quiet hub commits a few events at a time; thousands of small rows would be slow to read. */
  #joinSmallRows(): void {
    for (const size of JOINED_SIZES) {
      const rows = this.#head.slice(-JOINED_ROWS);
      if (rows.length < JOINED_ROWS || rows.some(({ events }) => events >= size)) continue;
      if (rows.reduce((sum, { bytes }) => sum + bytes, 0) > JOINED_MAX_BYTES) continue;
      const events = rows.flatMap(({ id }) => eventsOf(this.#readHead(id)));
      if (events.length > MAX_BATCH_EVENTS || new Set(events.map(({ hub }) => hub)).size > 1) return;
      const remove = this.#db.prepare('DELETE FROM head WHERE id = ?');
      for (const { id } of rows) remove.run(id);
      this.#head = [...this.#head.slice(0, -JOINED_ROWS), this.#insert(new Batch(encodeBatch(events)))];
    }
  }

  #readHead(id: number): Batch {
    const { data } = this.#db.prepare('SELECT data FROM head WHERE id = ?').get(id) as { data: Uint8Array };
    return new Batch(data);
  }

  /** After a start, and after a transaction that failed: what is gathered comes from the head as it is on disk. */
  #gather(): void {
    if (this.#isGathered) return;
    this.#gathered.clear();
    this.#head = [];
    const rows = this.#db.prepare('SELECT id, events, data FROM head ORDER BY first_position').iterate();
    for (const { id, events, data } of rows as Iterable<{ id: number; events: number; data: Uint8Array }>) {
      this.#head.push({ id, events, bytes: data.length });
      this.#gathered.add(new Batch(data));
    }
    this.#isGathered = true;
  }

  #transaction(write: () => void): void {
    try {
      inTransaction(this.#db, write);
    } catch (error) {
      this.#isGathered = false;
      throw error;
    }
  }

  /** Bytes on disk: the file, and what of the WAL is in use. */
  size(): { fileBytes: number; freeBytes: number } {
    const { page_count: pages } = this.#db.prepare('PRAGMA page_count').get() as { page_count: number };
    const { freelist_count: free } = this.#db.prepare('PRAGMA freelist_count').get() as { freelist_count: number };
    return { fileBytes: pages * PAGE_BYTES, freeBytes: free * PAGE_BYTES };
  }

  /**
   * Drops what is too old or too much, oldest chunks first, and gives the room back. At most one chunk a call, so that
   * commits get their turn; true while there is more to do.
   */
  retain(nowMs: number, walBytes: number): boolean {
    const oldest = this.#db
      .prepare('SELECT id, last_position, max_received FROM chunks ORDER BY first_position LIMIT 1')
      .get() as { id: number; last_position: number; max_received: number } | undefined;
    const { maxBytes, retentionMs } = this.#limits;
    const { fileBytes, freeBytes } = this.size();
    const used = fileBytes - freeBytes + walBytes;
    if (oldest !== undefined) {
      const tooOld = oldest.max_received < nowMs - retentionMs;
      if (tooOld || (maxBytes !== undefined && used > maxBytes * SIZE_MARGIN)) {
        this.#transaction(() => {
          this.#dropChunk(oldest.id);
          this.#setFact.run('dropped_to', oldest.last_position);
        });
        return true;
      }
    }
    // What is free is soon written again; only what exceeds a chunk or the limit goes back to the system.
    const excess = maxBytes === undefined ? freeBytes - SPARE_BYTES : fileBytes + walBytes - maxBytes * SIZE_MARGIN;
    if (excess <= 0 || freeBytes === 0) return false;
    const pages = Math.min(VACUUM_PAGES, Math.ceil(excess / PAGE_BYTES));
    this.#db.exec(`PRAGMA incremental_vacuum(${pages})`);
    return this.size().freeBytes < freeBytes && excess > pages * PAGE_BYTES;
  }

  /** Whether the file is over its limit with all chunks gone. */
  hasNoRoom(walBytes: number): boolean {
    const { maxBytes } = this.#limits;
    const { fileBytes, freeBytes } = this.size();
    if (maxBytes === undefined || fileBytes - freeBytes + walBytes <= maxBytes * SIZE_MARGIN) return false;
    return this.#db.prepare('SELECT id FROM chunks LIMIT 1').get() === undefined;
  }

  /** Writes the WAL back and makes it empty; false where a reader is in the way. Without it what was freed counts twice. */
  emptyWal(): boolean {
    this.#db.exec('PRAGMA busy_timeout = 0');
    const { busy } = this.#db.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get() as { busy: number };
    this.#db.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
    return busy === 0;
  }

  #dropChunk(id: number): void {
    this.#db.prepare('DELETE FROM chunks WHERE id = ?').run(id);
    this.#db
      .prepare('DELETE FROM parts WHERE id BETWEEN ? AND ?')
      .run(id * PARTS_PER_CHUNK, (id + 1) * PARTS_PER_CHUNK - 1);
    const remove = this.#db.prepare('DELETE FROM filters WHERE id = ?');
    for (let partition = 0; partition < PARTITIONS; partition++) remove.run(filterId(id, partition));
  }

  /** Forgets batch ids beyond what is kept. */
  forgetBatchIds(nowMs: number): void {
    this.#batchIds.forget(nowMs);
  }

  /** Lines of a client's batch that are in the store; undefined where it was never seen. */
  batchMark(id: string): { taken: number; complete: boolean } | undefined {
    return this.#batchIds.read(id);
  }

  /**
   * Joins two neighbouring chunks that are small together, as restarts leave them; true where it did.
   * For quiet moments: it takes some 5 µs an event.
   */
  repack(): boolean {
    const chunks = this.#db.prepare('SELECT id, events FROM chunks ORDER BY first_position').all() as unknown as {
      id: number;
      events: number;
    }[];
    const readChunk = this.#db.prepare('SELECT summary FROM chunks WHERE id = ?');
    for (let i = 0; i + 1 < chunks.length; i++) {
      const pair = [chunks[i]!, chunks[i + 1]!];
      if (pair[0]!.events + pair[1]!.events > this.#chunkEvents) continue;
      const known = pair.map(({ id }) => ({
        id,
        summary: readSummary((readChunk.get(id) as { summary: Uint8Array }).summary),
      }));
      const [a, b] = [known[0]!.summary, known[1]!.summary];
      if (a.hub !== b.hub || a.textBytes + b.textBytes > this.#chunkTextBytes) continue;
      this.#replace(known);
      return true;
    }
    return false;
  }

  /** Packs the events of neighbouring chunks as one. */
  #replace(chunks: readonly { readonly id: number; readonly summary: ChunkSummary }[]): void {
    const writer = new ChunkWriter(this.#chunkEvents);
    for (const { id, summary } of chunks) {
      const chunk = new Chunk(summary, (part) => this.#readPart(id, part));
      for (let from = 0; from < chunk.count; from += MAX_BATCH_EVENTS) {
        const events: LogEvent[] = [];
        for (let row = from; row < Math.min(chunk.count, from + MAX_BATCH_EVENTS); row++)
          events.push(chunk.eventOf(row));
        writer.add(new Batch(encodeBatch(events)));
      }
    }
    const packed = writer.finish(ZSTD_LEVEL);
    this.#transaction(() => {
      for (const { id } of chunks) this.#dropChunk(id);
      this.#insertChunk(packed, Packing.joined);
    });
  }

  #readPart(chunk: number, part: number): Uint8Array {
    const row = this.#db.prepare('SELECT data FROM parts WHERE id = ?').get(chunk * PARTS_PER_CHUNK + part);
    return (row as { data: Uint8Array }).data;
  }

  /** Packs what is in the head, writes the WAL back into the file, and closes it. */
  close(): void {
    this.#gather();
    if (this.#head.length > 0) this.#transaction(() => this.#roll());
    this.#db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    this.#db.close();
  }
}

/** Free room that stays in the file when there is no limit: what the next chunks will take. */
const SPARE_BYTES = 4 * 1024 * 1024;

/** Share of the limit that is filled: what is written between two looks must fit into the rest. */
const SIZE_MARGIN = 0.98;

/** Chunks of a small store are small: they are what is dropped at a time. */
function chunkEventsFor(maxBytes: number | undefined): number {
  if (maxBytes === undefined) return CHUNK_EVENTS;
  return Math.max(MAX_BATCH_EVENTS, Math.min(CHUNK_EVENTS, Math.floor(maxBytes / 100 / BYTES_PER_EVENT)));
}

/** What an event takes in a chunk, roughly. */
const BYTES_PER_EVENT = 25;

function eventsOf(batch: Batch): LogEvent[] {
  return Array.from({ length: batch.count }, (_, row) => batch.eventOf(row));
}
