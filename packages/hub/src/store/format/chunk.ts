/**
 * What a chunk is on disk: a run of events in the order of their arrival, as compressed columns. Each part is stored and
 * read by itself, so that a count reads a fortieth of what a full page of lines does.
 */

import { constants as zlibConstants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { ByteReader, ByteWriter } from './byte-writer.ts';

/** Parts of a chunk, in the order in which questions need them. */
export const Part = {
  /** Time in milliseconds, level, stream of each event. */
  keys: 0,
  /** Nanoseconds, arrival, position, flags. */
  details: 1,
  /** Templates of the messages, and which message has which. */
  shapes: 2,
  /** What varies in the messages. */
  values: 3,
  /** Structure, extras, payloads that cannot be made again. */
  side: 4,
} as const;

/** Numbers of parts: a chunk's number times this, and the part. */
export const PARTS_PER_CHUNK = 8;

/** What is known of a chunk without reading its parts. */
export interface ChunkSummary {
  readonly hub: string;
  readonly count: number;
  /** Bytes of its texts, not compressed. */
  readonly textBytes: number;
  readonly firstPosition: number;
  readonly lastPosition: number;
  readonly minTimeMs: number;
  readonly maxTimeMs: number;
  readonly minReceivedAtMs: number;
  readonly maxReceivedAtMs: number;
  /** Events by level, trace first. */
  readonly levels: readonly number[];
  /** Streams, each as its labels (see `streamKey`) and its number of events. */
  readonly streams: readonly (readonly [labels: readonly (string | null)[], count: number])[];
}

export interface ChunkBytes {
  readonly summary: ChunkSummary;
  /** Events by minute and level; see {@link readMinutes}. */
  readonly minutes: Uint8Array;
  /** By {@link Part}; empty where there is nothing. */
  readonly parts: readonly Uint8Array[];
  /** The word filter's partitions. */
  readonly filter: readonly Uint8Array[];
}

/** Several byte arrays, each compressed by itself: unlike columns compress worse together. */
export function packBlocks(blocks: readonly Uint8Array[], level: number): Uint8Array {
  const out = new ByteWriter(4096);
  for (const block of blocks) {
    if (block.length === 0) out.varint(0);
    else {
      // The length tells the reader how much room it needs: growing it costs more than unpacking.
      out.varint(block.length);
      out.block(zstdCompressSync(block, { params: { [zlibConstants.ZSTD_c_compressionLevel]: level } }));
    }
  }
  return out.view().slice();
}

/** The blocks of a part: each is unpacked when it is asked for. */
export class Blocks {
  readonly #packed: { readonly length: number; readonly bytes: Uint8Array }[] = [];

  constructor(bytes: Uint8Array) {
    const reader = new ByteReader(bytes);
    while (reader.at < bytes.length) {
      const length = reader.varint();
      this.#packed.push({ length, bytes: length === 0 ? NO_BYTES : reader.block() });
    }
  }

  block(index: number): Uint8Array {
    // One byte more than needed: zlib takes another buffer of this size as soon as one is full.
    const { length, bytes } = this.#packed[index]!;
    return length === 0 ? NO_BYTES : zstdDecompressSync(bytes, { chunkSize: Math.max(MIN_CHUNK_SIZE, length + 1) });
  }
}

const NO_BYTES = new Uint8Array(0);

/** The least that zlib takes. */
const MIN_CHUNK_SIZE = 64;

/** Events by minute of source time and by level, as {@link readMinutes} reads them. */
export class MinuteCounts {
  readonly #counts = new Map<number, Uint32Array<ArrayBuffer>>();
  #minute = Number.NaN;
  #current = new Uint32Array(0);

  add(timeMs: number, level: number): void {
    const minute = Math.floor(timeMs / 60_000);
    if (minute !== this.#minute) {
      let counts = this.#counts.get(minute);
      if (counts === undefined) {
        counts = new Uint32Array(6);
        this.#counts.set(minute, counts);
      }
      this.#minute = minute;
      this.#current = counts;
    }
    this.#current[level]!++;
  }

  write(): Uint8Array {
    const out = new ByteWriter();
    let last = 0;
    for (const minute of [...this.#counts.keys()].sort((a, b) => a - b)) {
      const counts = this.#counts.get(minute)!;
      out.varint(minute - last);
      last = minute;
      out.byte(counts.reduce((mask, count, level) => mask | (count > 0 ? 1 << level : 0), 0));
      for (const count of counts) if (count > 0) out.varint(count);
    }
    return out.view().slice();
  }
}

/** Hands on the counts of each minute, oldest first. */
export function readMinutes(bytes: Uint8Array, visit: (minute: number, level: number, count: number) => void): void {
  const reader = new ByteReader(bytes);
  let minute = 0;
  while (reader.at < bytes.length) {
    minute += reader.varint();
    const mask = reader.byte();
    for (let level = 0; level < 6; level++) if ((mask & (1 << level)) !== 0) visit(minute, level, reader.varint());
  }
}
