/** Packs what is sent: zstd where the runtime has it, else gzip. Fast settings, since a slow agent costs more than a byte. */

import { promisify } from 'node:util';
import * as zlib from 'node:zlib';
import { PACK_MIN_BYTES } from './limits.ts';

export interface Packed {
  readonly bytes: Buffer;
  readonly encoding: 'zstd' | 'gzip' | undefined;
}

const gzip = promisify<Buffer, zlib.ZlibOptions, Buffer>(zlib.gzip);

// Bun got it later than Node: asked for at run time, so that an older one still starts.
const zstd =
  typeof zlib.zstdCompress === 'function' ? promisify<Buffer, zlib.ZstdOptions, Buffer>(zlib.zstdCompress) : undefined;

const ZSTD = { params: { [zlib.constants.ZSTD_c_compressionLevel]: 1 } };

export async function pack(bytes: Buffer): Promise<Packed> {
  if (bytes.length < PACK_MIN_BYTES) return { bytes: Buffer.from(bytes), encoding: undefined };
  if (zstd !== undefined) return { bytes: await zstd(bytes, ZSTD), encoding: 'zstd' };
  return { bytes: await gzip(bytes, { level: 1 }), encoding: 'gzip' };
}
