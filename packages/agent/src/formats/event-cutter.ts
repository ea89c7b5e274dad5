/**
 * Finds events in the bytes of a file: where each ends, of how many lines it is made, and whether it can go as it stands.
 * No text is decoded and no object is made of a line: most are found by a search for a line break and a look at two bytes.
 */

import { MAX_GROUP_BYTES, MAX_GROUP_LINES } from '../tail/limits.ts';
import { joined, type Kind, kindOf, mayJoinText } from './multi-line.ts';

const NEWLINE = 0x0a;
const RETURN = 0x0d;
const OPEN_BRACE = 0x7b;

/** What may be assumed of the last bytes: that nothing comes that belongs to them. */
export interface Closing {
  /** Lines that could go on do not. */
  readonly group: boolean;
  /** A last line without a line break is whole all the same. */
  readonly line: boolean;
}

export class EventCutter {
  readonly #joinsLines: boolean;
  /** The event that was found: the byte behind it, its lines, and whether its last one has a line break. */
  end = 0;
  lines = 0;
  isTerminated = true;

  /** @param joinsLines - whether lines are joined into events (`multi-line.ts`), or each is one */
  constructor(joinsLines: boolean) {
    this.#joinsLines = joinsLines;
  }

  /** Finds the event that begins at `from`, and says whether there is a whole one. */
  next(bytes: Buffer, from: number, closing: Closing): boolean {
    if (from >= bytes.length) return false;
    const end = lineEnd(bytes, from);
    if (end === -1) return closing.line && this.#found(bytes.length, 1, false);
    // What a logger writes as JSON, by far the most of all lines.
    if (!this.#joinsLines || (bytes[from] === OPEN_BRACE && end - from > 3)) return this.#found(end, 1, true);
    return this.#join(bytes, from, end, closing);
  }

  /** The event whose first line ends at `end`, with all that belongs to it. */
  #join(bytes: Buffer, from: number, firstEnd: number, closing: Closing): boolean {
    let kind: Kind = kindOf(line(bytes, from, firstEnd));
    let end = firstEnd;
    let lines = 1;
    while (kind !== 'whole' && lines < MAX_GROUP_LINES) {
      if (end === bytes.length) return closing.group && this.#found(end, lines, true);
      if (kind === 'text' && !mayJoinText(bytes[end])) break;
      const next = lineEnd(bytes, end);
      // A line that is being written may become any: it is judged when it is there.
      if (next === -1 && !closing.line) return closing.group && this.#found(end, lines, true);
      const nextEnd = next === -1 ? bytes.length : next;
      const following = joined(kind, line(bytes, end, nextEnd), lines === 1);
      if (following === undefined || nextEnd - from > MAX_GROUP_BYTES) break;
      kind = following;
      end = nextEnd;
      lines++;
      if (next === -1) return this.#found(end, lines, false);
    }
    return this.#found(end, lines, true);
  }

  #found(end: number, lines: number, isTerminated: boolean): true {
    this.end = end;
    this.lines = lines;
    this.isTerminated = isTerminated;
    return true;
  }
}

/** The byte behind the next line break; -1 where there is none. */
function lineEnd(bytes: Buffer, from: number): number {
  return bytes.indexOf(NEWLINE, from) + 1 || -1;
}

/** A line without its line break. */
function line(bytes: Buffer, from: number, end: number): Buffer {
  let to = end;
  if (to > from && bytes[to - 1] === NEWLINE) to--;
  if (to > from && bytes[to - 1] === RETURN) to--;
  return bytes.subarray(from, to);
}
