/** Reads the next lines of a stream, or those that a batch of an earlier run was made of. */

import { crc32 } from '#runtime/checksum';
import { type Closing, EventCutter } from '../formats/event-cutter.ts';
import { cutOnCharacter, wrapEvent } from '../formats/wrapped.ts';
import { growHead, hasHead, markAt, markBytes } from './fingerprint.ts';
import {
  FILE_TURN_BYTES,
  GROUP_WAIT_MS,
  HEAD_BYTES,
  MARK_BYTES,
  MAX_LINE_BYTES,
  MAX_LINE_SPAN_BYTES,
  PARTIAL_WAIT_MS,
} from './limits.ts';
import type { PlannedSection } from './section.ts';
import type { Stream } from './stream.ts';

/** Bytes of one look: a turn, and never less than a line that can be sent whole. */
const WINDOW_BYTES = Math.max(FILE_TURN_BYTES, MAX_LINE_BYTES) + 64 * 1024;

export interface ReadSection {
  readonly section: PlannedSection;
  /** Its lines, as they are sent; valid until the next call. */
  readonly pieces: readonly Buffer[];
  /** Whether there is more to read at once. */
  readonly hasMore: boolean;
}

/** `cut`: what was read before is no longer there, so that these are the bytes of something else. */
export type Reading = ReadSection | 'nothing' | 'cut';

const EVERYTHING: Closing = { group: true, line: true };

interface Cut {
  readonly length: number;
  readonly lines: number;
  readonly pieces: readonly Buffer[];
}

export class SectionReader {
  readonly #window = Buffer.allocUnsafe(MARK_BYTES + WINDOW_BYTES);
  readonly #head = Buffer.allocUnsafe(HEAD_BYTES);

  /** The next lines of a stream. It moves on to behind them. */
  async next(stream: Stream, joins: boolean, maxLines: number, nowMs: number): Promise<Reading> {
    const bytes = await this.#look(stream);
    if (bytes === undefined) return 'cut';
    const end = stream.readAt + bytes.length;
    const isEnd = bytes.length < WINDOW_BYTES;
    if (end > stream.seenEnd) {
      stream.seenEnd = end;
      stream.grewMs = nowMs;
    }
    stream.sawEnd = isEnd;
    if (bytes.length === 0) return 'nothing';
    const quietMs = nowMs - stream.grewMs;
    const closing = isEnd ? { group: quietMs >= GROUP_WAIT_MS, line: quietMs >= PARTIAL_WAIT_MS } : STAYS_OPEN;
    const cutter = new EventCutter(joins);
    let cut = cutEvents(bytes, cutter, closing, maxLines);
    // A window full of one event: of lines that could go on, or of one line without an end.
    if (cut.length === 0 && !isEnd) cut = cutEvents(bytes, cutter, { group: true, line: false }, maxLines);
    if (cut.length === 0 && !isEnd) return this.#longLine(stream, bytes, joins, quietMs);
    if (cut.length === 0) return 'nothing';
    return this.#taken(stream, cut, joins, crc32(bytes.subarray(0, cut.length)), !isEnd);
  }

  /** What a section was made of, once more; undefined where these bytes are no longer to be had. */
  async again(stream: Stream, planned: PlannedSection): Promise<ReadSection | undefined> {
    const { from, to, joins, lines, sum } = planned;
    stream.readAt = from;
    const looked = await this.#look(stream);
    if (looked === undefined) return undefined;
    if (to - from > looked.length) {
      const long = await this.#longLine(stream, looked, joins, Number.POSITIVE_INFINITY, to);
      return typeof long === 'string' || long.section.sum !== sum ? undefined : long;
    }
    const bytes = looked.subarray(0, to - from);
    if (crc32(bytes) !== sum) return undefined;
    const cut = cutEvents(bytes, new EventCutter(joins), EVERYTHING, Number.POSITIVE_INFINITY);
    return cut.lines === lines && cut.length === bytes.length ? this.#taken(stream, cut, joins, sum, true) : undefined;
  }

  /** The bytes from where the stream is on; undefined where what lies before them is not what was read. */
  async #look(stream: Stream): Promise<Buffer | undefined> {
    const { reader } = stream;
    if (reader === undefined) return undefined;
    for (;;) {
      const before = markBytes(stream.readAt);
      const length = await reader.read(stream.readAt - before, this.#window.subarray(0, before + WINDOW_BYTES));
      if (length < before) return undefined;
      const mark = stream.markFor(stream.readAt);
      if (
        mark !== undefined &&
        before > 0 &&
        markAt(stream.readAt, this.#window.subarray(0, before)).sum !== mark.sum
      ) {
        return undefined;
      }
      const bytes = this.#window.subarray(before, length);
      // The mark alone is fooled by a file of equal lines; its first line seldom is.
      if (bytes.length > 0 && stream.readAt > MARK_BYTES && !(await this.#isHeadEqual(stream))) return undefined;
      const hole = stream.readAt === stream.holeEnd ? leadingNuls(bytes) : 0;
      if (hole === 0) return bytes;
      // Whoever writes on at the old place of a truncated file leaves a hole before it.
      const to = stream.readAt + hole;
      stream.head = growHead(stream.head, stream.readAt, bytes.subarray(0, hole));
      stream.addMark(markAt(to, this.#window.subarray(0, before + hole)));
      stream.readAt = to;
      stream.holeEnd = to;
      stream.seenEnd = Math.max(stream.seenEnd, to);
    }
  }

  async #isHeadEqual(stream: Stream): Promise<boolean> {
    // Compressed bytes do not change behind us, and going back would mean to unpack them again.
    const { reader } = stream;
    if (reader === undefined || reader.isPacked || stream.head.bytes === 0) return true;
    const length = await reader.read(0, this.#head.subarray(0, stream.head.bytes));
    return hasHead(this.#head.subarray(0, length), stream.head);
  }

  /** A line of which only the beginning is sent. Its end is looked for further on, and may not be there yet. */
  async #longLine(stream: Stream, bytes: Buffer, joins: boolean, quietMs: number, to?: number): Promise<Reading> {
    const beginning = Buffer.from(cutOnCharacter(bytes, MAX_LINE_BYTES));
    const from = stream.readAt;
    let sum = 0;
    let length = 0;
    let isTerminated = false;
    let last = bytes;
    let tail = Buffer.alloc(0);
    const most = to === undefined ? MAX_LINE_SPAN_BYTES : to - from;
    for (;;) {
      const seen = last.subarray(0, most - length);
      const newline = seen.indexOf(0x0a);
      const taken = newline === -1 ? seen : seen.subarray(0, newline + 1);
      sum = crc32(taken, sum);
      length += taken.length;
      tail = Buffer.concat([tail, taken.subarray(-MARK_BYTES)]).subarray(-MARK_BYTES);
      isTerminated = newline !== -1;
      if (isTerminated || length >= most || last.length < WINDOW_BYTES) break;
      const read = await stream.reader!.read(from + length, this.#window.subarray(0, WINDOW_BYTES));
      last = this.#window.subarray(0, read);
    }
    const mayStillEnd = !isTerminated && length < most;
    if (mayStillEnd && to !== undefined) return 'nothing';
    if (mayStillEnd) {
      stream.seenEnd = Math.max(stream.seenEnd, from + length);
      if (quietMs < PARTIAL_WAIT_MS) return 'nothing';
    }
    const pieces = [wrapEvent(beginning, { truncatedBytes: length, partial: !isTerminated })];
    return this.#taken(stream, { length, lines: 1, pieces }, joins, sum, true, { beginning, tail });
  }

  #taken(
    stream: Stream,
    { length, lines, pieces }: Cut,
    joins: boolean,
    sum: number,
    hasMore: boolean,
    long?: { readonly beginning: Buffer; readonly tail: Buffer },
  ): ReadSection {
    const from = stream.readAt;
    const to = from + length;
    const before = markBytes(from);
    const read = this.#window.subarray(0, before + length);
    const mark = markAt(to, long === undefined ? read : long.tail);
    const head = growHead(stream.head, from, long === undefined ? read.subarray(before) : long.beginning);
    const isNewHead = head !== stream.head;
    stream.head = head;
    stream.readAt = to;
    stream.addMark(mark);
    const section: PlannedSection = {
      stream: stream.id,
      from,
      to,
      lines,
      sum,
      mark,
      joins,
      ...(isNewHead ? { head } : undefined),
    };
    return { section, pieces, hasMore };
  }
}

const STAYS_OPEN: Closing = { group: false, line: false };

/** Events from the beginning of `bytes` on. Those that stand in the file as they are sent stay together in one piece. */
function cutEvents(bytes: Buffer, cutter: EventCutter, closing: Closing, maxLines: number): Cut {
  const pieces: Buffer[] = [];
  let lines = 0;
  let at = 0;
  let plainFrom = 0;
  while (lines < maxLines && cutter.next(bytes, at, closing)) {
    const { end, lines: joined, isTerminated } = cutter;
    const size = end - at;
    if (joined > 1 || !isTerminated || size > MAX_LINE_BYTES) {
      if (at > plainFrom) pieces.push(bytes.subarray(plainFrom, at));
      const event = bytes.subarray(at, end);
      pieces.push(
        wrapEvent(cutOnCharacter(event, MAX_LINE_BYTES), {
          truncatedBytes: size > MAX_LINE_BYTES ? size : undefined,
          partial: !isTerminated,
        }),
      );
      plainFrom = end;
    }
    at = end;
    lines++;
  }
  if (at > plainFrom) pieces.push(bytes.subarray(plainFrom, at));
  return { length: at, lines, pieces };
}

function leadingNuls(bytes: Buffer): number {
  let count = 0;
  while (count < bytes.length && bytes[count] === 0) count++;
  return count;
}
