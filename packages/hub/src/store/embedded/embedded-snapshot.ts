/** The embedded store at one moment, as answers see it: chunks, head, and what was on its way when the question came. */

import type { DatabaseSync } from 'node:sqlite';
import { KeptOrigins } from '../answers/block-origins.ts';
import { hashesOf, mayHave, type Needed } from '../answers/needed-words.ts';
import type { BlockHandle, Counted, Snapshot } from '../answers/snapshot.ts';
import type { FigureReader } from '../figures.ts';
import { Batch } from '../format/batch.ts';
import { type ChunkSummary, PARTS_PER_CHUNK, readMinutes } from '../format/chunk.ts';
import { Chunk } from '../format/chunk-reader.ts';
import type { RowBlock } from '../format/row-block.ts';
import { mayHold, partitionOf } from '../format/word-filter.ts';
import { OutsideHeap, UNPACKING_BYTES } from '../outside-heap.ts';
import type { TimeRange } from '../questions.ts';
import { EmbeddedFigures } from './figure-reader.ts';
import { filterId, readSummary } from './rows.ts';

/** Chunks that are kept unpacked: paging reads the same ones again. Each takes some 5 MB. */
const CHUNKS_KEPT = 2;

/** A chunk was joined with another one while it was being read: the question has to be asked anew. */
export class ChunkReplacedError extends Error {
  constructor() {
    super('a chunk was replaced while it was being read');
    this.name = 'ChunkReplacedError';
  }
}

interface ChunkRow {
  readonly id: number;
  readonly summary: ChunkSummary;
  readonly minutes: Uint8Array;
}

/** What does not change from question to question: one a reading thread. */
export class EmbeddedReader {
  readonly #db: DatabaseSync;
  readonly #statements: ReturnType<typeof prepareAll>;
  #rows = new Map<number, ChunkRow>();
  #head = new Map<number, Batch>();
  /** Labels that many chunks share, once. */
  #labels = new Map<string, readonly (string | null)[]>();
  readonly #open = new Map<number, Chunk>();
  readonly #outsideHeap = new OutsideHeap('major');

  readonly figures: FigureReader;
  readonly keptOrigins = new KeptOrigins();

  constructor(db: DatabaseSync) {
    this.#db = db;
    this.figures = new EmbeddedFigures(db);
    this.#statements = prepareAll(db);
  }

  /**
   * @param fresh - batches that may not be in the file yet, under their numbers
   * @param others - events that never will be
   */
  snapshot(
    fresh: readonly { readonly number: number; readonly bytes: Uint8Array }[],
    others: readonly Uint8Array[],
  ): Snapshot {
    const db = this.#db;
    db.exec('BEGIN');
    try {
      const facts = new Map(
        (this.#statements.facts.all() as unknown as { name: string; value: number }[]).map(({ name, value }) => [
          name,
          value,
        ]),
      );
      this.#refreshChunks();
      this.#refreshHead();
      const committed = facts.get('committed') ?? 0;
      const batches = [
        ...this.#head.values(),
        ...fresh.filter(({ number }) => number > committed).map(({ bytes }) => new Batch(bytes)),
        ...others.map((bytes) => new Batch(bytes)),
      ];
      return new EmbeddedSnapshot(this, [...this.#rows.values()], batches, facts.get('dropped_to') ?? 0);
    } finally {
      db.exec('COMMIT');
    }
  }

  #refreshChunks(): void {
    const ids = this.#statements.chunkIds.all() as unknown as { id: number }[];
    const rows = new Map<number, ChunkRow>();
    for (const { id } of ids) {
      let row = this.#rows.get(id);
      if (row === undefined) {
        const { summary, minutes } = this.#statements.chunk.get(id) as { summary: Uint8Array; minutes: Uint8Array };
        row = { id, summary: this.#held(readSummary(summary), summary), minutes };
        this.#outsideHeap.letGo(UNPACKING_BYTES);
      }
      rows.set(id, row);
    }
    this.#rows = rows;
    for (const id of this.#open.keys()) if (!rows.has(id)) this.#close(id);
  }

  /** The summary as it is held: with its streams where there are few, else they are unpacked each time they are asked for. */
  #held(summary: ChunkSummary, packed: Uint8Array): ChunkSummary {
    const { streams, ...rest } = summary;
    if (streams.length <= MAX_HELD_STREAMS) return this.#shared(summary);
    return {
      ...rest,
      get streams() {
        return readSummary(packed).streams;
      },
    };
  }

  /** The summary, its labels shared with those of other chunks. */
  #shared(summary: ChunkSummary): ChunkSummary {
    if (this.#labels.size > MAX_SHARED_LABELS) this.#labels = new Map();
    const streams = summary.streams.map(([labels, count]) => {
      const key = JSON.stringify(labels);
      const known = this.#labels.get(key);
      if (known === undefined) this.#labels.set(key, labels);
      return [known ?? labels, count] as const;
    });
    return { ...summary, streams };
  }

  #refreshHead(): void {
    const { headRows, head } = this.#statements;
    // Numbers of head rows are given again once rows are joined or packed; the positions of their events never are.
    const batchOf = ({ id, first, last }: { id: number; first: number; last: number }) => {
      const known = this.#head.get(id);
      const isSame = known?.firstPosition === first && known.lastPosition === last;
      return isSame ? known : new Batch((head.get(id) as { data: Uint8Array }).data);
    };
    this.#head = new Map(
      (headRows.all() as unknown as { id: number; first: number; last: number }[]).map((row) => [row.id, batchOf(row)]),
    );
  }

  openChunk({ id, summary }: ChunkRow): RowBlock {
    let chunk = this.#open.get(id);
    if (chunk === undefined) {
      chunk = new Chunk(summary, (part) => this.#readPart(id, part));
      if (this.#open.size >= CHUNKS_KEPT) this.#close(this.#open.keys().next().value!);
    } else this.#open.delete(id);
    this.#open.set(id, chunk);
    return chunk;
  }

  #close(id: number): void {
    this.#outsideHeap.letGo(this.#open.get(id)!.takenBytes);
    this.#open.delete(id);
  }

  #readPart(chunk: number, part: number): Uint8Array {
    const row = this.#statements.part.get(chunk * PARTS_PER_CHUNK + part);
    if (row === undefined) throw new ChunkReplacedError();
    return (row as { data: Uint8Array }).data;
  }

  /** Chunks whose filters may hold a token. */
  chunksWith(hash: number, chunks: ReadonlySet<number>): Set<number> {
    const partition = partitionOf(hash);
    const found = new Set<number>();
    const rows = this.#statements.filters.iterate(filterId(0, partition), filterId(0, partition + 1) - 1);
    for (const { id, data } of rows as Iterable<{ id: number; data: Uint8Array }>) {
      const chunk = id - filterId(0, partition);
      if (chunks.has(chunk) && mayHold(data, hash)) found.add(chunk);
    }
    return found;
  }
}

/** A statement keeps the room of the largest value that it has read, so that there is one of each. */
function prepareAll(db: DatabaseSync) {
  return {
    facts: db.prepare('SELECT name, value FROM facts'),
    chunkIds: db.prepare('SELECT id FROM chunks ORDER BY first_position'),
    chunk: db.prepare('SELECT summary, minutes FROM chunks WHERE id = ?'),
    headRows: db.prepare('SELECT id, first_position AS first, last_position AS last FROM head ORDER BY first_position'),
    head: db.prepare('SELECT data FROM head WHERE id = ?'),
    part: db.prepare('SELECT data FROM parts WHERE id = ?'),
    filters: db.prepare('SELECT id, data FROM filters WHERE id BETWEEN ? AND ?'),
  };
}

/**
 * Streams of a chunk that are held unpacked, some 300 bytes each. Who names an instance for each line would have the memory filled with them:
 * a million take 300 MB, and packed 5.
 */
const MAX_HELD_STREAMS = 2000;

/** Streams that are shared between chunks; a fleet with more gets its memory back now and then. */
const MAX_SHARED_LABELS = 10_000;

interface ChunkHandle extends BlockHandle {
  readonly chunk: number;
}

class EmbeddedSnapshot implements Snapshot {
  readonly droppedTo: number;
  readonly #reader: EmbeddedReader;
  readonly #handles: readonly (ChunkHandle | BlockHandle)[];
  readonly figures: FigureReader;
  readonly keptOrigins: KeptOrigins;

  constructor(reader: EmbeddedReader, chunks: readonly ChunkRow[], batches: readonly Batch[], droppedTo: number) {
    this.#reader = reader;
    this.droppedTo = droppedTo;
    this.figures = reader.figures;
    this.keptOrigins = reader.keptOrigins;
    this.#handles = [...chunks.map((row) => chunkHandle(reader, row)), ...batches.map(batchHandle)];
  }

  blocks({ from, to }: TimeRange): BlockHandle[] {
    return this.#handles.filter(
      (block) => (from === undefined || block.maxTimeMs >= from.ms) && (to === undefined || block.minTimeMs <= to.ms),
    );
  }

  having(needed: Needed, blocks: readonly BlockHandle[]): BlockHandle[] {
    const chunks = new Set<number>();
    for (const block of blocks) if ('chunk' in block) chunks.add((block as ChunkHandle).chunk);
    const byHash = new Map(hashesOf(needed).map((hash) => [hash, this.#reader.chunksWith(hash, chunks)]));
    return blocks.filter(
      (block) => !('chunk' in block) || mayHave(needed, (hash) => byHash.get(hash)!.has((block as ChunkHandle).chunk)),
    );
  }
}

function chunkHandle(reader: EmbeddedReader, row: ChunkRow): ChunkHandle {
  const { summary, minutes } = row;
  const counted: Counted = {
    levels: summary.levels,
    get streams() {
      return summary.streams;
    },
    eachMinute: (visit) => readMinutes(minutes, visit),
  };
  const { count, minTimeMs, maxTimeMs, firstPosition, lastPosition, maxReceivedAtMs } = summary;
  return {
    ...{ chunk: row.id, count, minTimeMs, maxTimeMs, firstPosition, lastPosition, maxReceivedAtMs, counted },
    identity: row,
    open: () => reader.openChunk(row),
  };
}

function batchHandle(batch: Batch): BlockHandle {
  const { count, minTimeMs, maxTimeMs, firstPosition, lastPosition, maxReceivedAtMs } = batch;
  return {
    ...{ count, minTimeMs, maxTimeMs, firstPosition, lastPosition, maxReceivedAtMs, counted: undefined },
    open: () => batch,
  };
}

/** The events of the memory alone, for a hub that keeps nothing on disk. */
export function memorySnapshot(others: readonly Uint8Array[]): Snapshot {
  const handles = others.map((bytes) => batchHandle(new Batch(bytes)));
  return {
    droppedTo: 0,
    blocks: ({ from, to }) =>
      handles.filter(
        (block) => (from === undefined || block.maxTimeMs >= from.ms) && (to === undefined || block.minTimeMs <= to.ms),
      ),
    having: (_needed, blocks) => blocks,
  };
}
