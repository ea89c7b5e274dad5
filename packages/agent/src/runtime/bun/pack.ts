/** Compression, on Bun: `node:zlib` would cost 8 MB. */

import { bun } from './bun.ts';

const FAST = { level: 1 };

/** To zstd. */
export function compress(bytes: Buffer): Buffer {
  return bun.zstdCompressSync(bytes, FAST);
}

/** The same in another thread. */
export function compressApart(bytes: Buffer): Promise<Buffer> {
  return bun.zstdCompress(bytes, FAST);
}
