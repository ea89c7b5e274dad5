/**
 * What tells a file's contents from those of others, in a few bytes: a checksum of its beginning, and one of what lies
 * before a position. A checksum of 32 bits is enough, because it is never asked to find one file among all files; it has to
 * tell one from the few in its folder, and both sums have to agree.
 */

import { crc32 } from '#runtime/checksum';
import { HEAD_BYTES, MARK_BYTES, MARKS_KEPT } from './limits.ts';

/** The first bytes of a file. */
export interface Head {
  readonly bytes: number;
  readonly sum: number;
}

/** The bytes before a position. */
export interface Mark {
  readonly at: number;
  readonly sum: number;
}

export const NO_HEAD: Head = { bytes: 0, sum: 0 };

/** Bytes that a mark at this position is made of. */
export function markBytes(at: number): number {
  return Math.min(at, MARK_BYTES);
}

/** @param before - the bytes before the position, {@link markBytes} of them or more */
export function markAt(at: number, before: Buffer): Mark {
  return { at, sum: crc32(before.subarray(before.length - markBytes(at))) };
}

/** The head that is known when bytes from `from` on were read; it grows until it has HEAD_BYTES. */
export function growHead(head: Head, from: number, bytes: Buffer): Head {
  if (head.bytes !== from || head.bytes >= HEAD_BYTES) return head;
  const more = bytes.subarray(0, HEAD_BYTES - head.bytes);
  return { bytes: head.bytes + more.length, sum: crc32(more, head.sum) };
}

/** Whether a file that begins so may be the one with this head. An empty head is like every other one: no. */
export function hasHead(beginning: Buffer, head: Head): boolean {
  return head.bytes > 0 && beginning.length >= head.bytes && crc32(beginning.subarray(0, head.bytes)) === head.sum;
}

/** Marks with one more, the oldest left out beyond MARKS_KEPT. */
export function addMark(marks: readonly Mark[], mark: Mark): readonly Mark[] {
  return marks.at(-1)?.at === mark.at ? marks : [...marks, mark].slice(-MARKS_KEPT);
}
