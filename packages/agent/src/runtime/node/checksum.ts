/** Checksums, on Node. */

import { createHash } from 'node:crypto';

export { crc32 } from 'node:zlib';

/** In hexadecimal digits. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
