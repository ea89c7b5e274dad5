/**
 * Whether a file that was not seen before holds what a stream has: the copy that `copytruncate` makes, a file that was
 * compressed, or one that was put back. Head and mark have to agree: files of one program often begin alike.
 */

import { hasHead, type Mark, markAt, markBytes } from './fingerprint.ts';
import { HEAD_BYTES, MARK_BYTES } from './limits.ts';
import { openReader, type StreamReader } from './readers.ts';
import type { Stream } from './stream.ts';

export interface Match {
  readonly stream: Stream;
  /** The last position up to which both are the same. */
  readonly at: number;
}

/** Compares a file with streams; of several that it matches, the one with most in common. */
export async function compareContents(path: string, candidates: readonly Stream[]): Promise<Match | undefined> {
  let reader: StreamReader | undefined;
  try {
    reader = await openReader(path);
    return await compare(reader, candidates);
  } catch {
    // Gone since, not for us to read, or packed only in part: the next look tells.
    return undefined;
  } finally {
    await reader?.close();
  }
}

async function compare(reader: StreamReader, candidates: readonly Stream[]): Promise<Match | undefined> {
  const head = Buffer.allocUnsafe(HEAD_BYTES);
  const beginning = head.subarray(0, await reader.read(0, head));
  const alike = candidates.filter((stream) => hasHead(beginning, stream.head));
  // Forward only: going back in a compressed file means to unpack it again.
  const places = alike
    .flatMap((stream) => stream.marks.map((mark) => ({ stream, mark })))
    .sort((a, b) => a.mark.at - b.mark.at);
  let match: Match | undefined;
  const before = Buffer.allocUnsafe(MARK_BYTES);
  for (const { stream, mark } of places) {
    if (!(await isEqualAt(reader, mark, before))) continue;
    match = { stream, at: mark.at };
  }
  return match;
}

async function isEqualAt(reader: StreamReader, mark: Mark, into: Buffer): Promise<boolean> {
  const length = markBytes(mark.at);
  const read = await reader.read(mark.at - length, into.subarray(0, length));
  return read === length && markAt(mark.at, into.subarray(0, length)).sum === mark.sum;
}
