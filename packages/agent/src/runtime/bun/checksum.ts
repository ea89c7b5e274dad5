/** Checksums, on Bun: `node:zlib` and `node:crypto` would cost 8 and 4 MB. */

import { bun } from './bun.ts';

/** The same numbers as those of `node:zlib`; `seed` is the sum of what came before. */
export function crc32(data: Buffer | string, seed = 0): number {
  return bun.hash.crc32(data, seed);
}

/** In hexadecimal digits. */
export function sha256(text: string): string {
  return new bun.CryptoHasher('sha256').update(text).digest('hex');
}
