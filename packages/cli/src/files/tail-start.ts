/** Where the last lines of a file begin. */

import type { FileHandle } from 'node:fs/promises';

/** Read at a time, from the end on. */
const STEP_BYTES = 64 * 1024;

const NEWLINE = 0x0a;

/** The position at which the last `lines` lines of the first `size` bytes begin; a last line without an end counts as one. */
export async function startOfLast(file: FileHandle, size: number, lines: number): Promise<number> {
  if (lines === 0) return size;
  const window = Buffer.allocUnsafe(STEP_BYTES);
  let left = lines;
  for (let end = size; end > 0; ) {
    const begin = Math.max(0, end - STEP_BYTES);
    const { bytesRead } = await file.read(window, 0, end - begin, begin);
    const bytes = window.subarray(0, bytesRead);
    // The line break at the very end ends the last line, and begins none.
    let at = end === size && bytes[bytesRead - 1] === NEWLINE ? bytesRead - 2 : bytesRead - 1;
    while (at >= 0) {
      at = bytes.lastIndexOf(NEWLINE, at);
      if (at === -1) break;
      if (--left === 0) return begin + at + 1;
      at--;
    }
    end = begin;
  }
  return 0;
}
