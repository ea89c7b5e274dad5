/** How chunks lie in the tables: numbers of rows, and what their blobs hold. */

import { zstdDecompressSync } from 'node:zlib';
import type { ChunkSummary } from '../format/chunk.ts';

/** Beyond the number of any chunk: a partition's rows of all chunks lie side by side, so that a search reads on. */
const CHUNKS_PER_PARTITION = 2 ** 40;

export function filterId(chunk: number, partition: number): number {
  return partition * CHUNKS_PER_PARTITION + chunk;
}

export function readSummary(bytes: Uint8Array): ChunkSummary {
  return JSON.parse(zstdDecompressSync(bytes).toString('utf8')) as ChunkSummary;
}
