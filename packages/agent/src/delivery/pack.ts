/** Packs what is sent. zstd with fast settings, since a slow agent costs more than a byte. */

import { compress, compressApart } from '#runtime/pack';
import { PACK_APART_BYTES, PACK_MIN_BYTES } from './limits.ts';

export interface Packed {
  readonly bytes: Buffer;
  readonly encoding: 'zstd' | undefined;
}

export async function pack(bytes: Buffer): Promise<Packed> {
  // A copy: the memory of a batch is used again for the next one.
  if (bytes.length < PACK_MIN_BYTES) return { bytes: Buffer.from(bytes), encoding: undefined };
  const packed = bytes.length < PACK_APART_BYTES ? compress(bytes) : await compressApart(bytes);
  return { bytes: packed, encoding: 'zstd' };
}
