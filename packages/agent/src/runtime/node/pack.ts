/** Compression, on Node. */

import { promisify } from 'node:util';
import { constants, type ZstdOptions, zstdCompress, zstdCompressSync } from 'node:zlib';

const zstd = promisify<Buffer, ZstdOptions, Buffer>(zstdCompress);

const FAST = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

/** To zstd. */
export function compress(bytes: Buffer): Buffer {
  return zstdCompressSync(bytes, FAST);
}

/** The same in another thread. */
export function compressApart(bytes: Buffer): Promise<Buffer> {
  return zstd(bytes, FAST);
}
