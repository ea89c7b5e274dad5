/**
 * A stream: one row of bytes that only grows, whatever the file is called in which they lie. A file that is truncated ends one
 * stream and begins another; a file that is renamed, copied and truncated, or compressed goes on being the same one.
 */

import { addMark, type Head, type Mark, NO_HEAD } from './fingerprint.ts';
import type { StreamReader } from './readers.ts';

/** Where the bytes of a stream lie. */
export interface Place {
  /** Device and inode. */
  readonly key: string;
  readonly path: string;
  readonly gzip: boolean;
}

/**
 * `live`: written to under its own name. `rotated`: under another name, or none; read to its end. `cut`: its bytes are gone from
 * its file, and a copy of them is looked for. `done`: read to its end, and remembered.
 */
export type StreamState = 'live' | 'rotated' | 'cut' | 'done';

/** What a stream is in the ledger. */
export interface StreamRecord {
  readonly id: number;
  /** The path that is watched. */
  readonly file: string;
  /** The pattern of the watch that found it. */
  readonly watch: string;
  readonly generation: number;
  readonly state: StreamState;
  readonly place: Place | undefined;
  readonly head: Head;
  readonly marks: readonly Mark[];
  /** Everything before it was acknowledged. */
  readonly acked: number;
  readonly firstSeenMs: number;
  /** When a file of it was last seen, under any name. */
  readonly lastSeenMs: number;
  /** When its newest acknowledged lines were read. */
  readonly lastReadMs: number;
  /** When its file had changed last, where it is done. */
  readonly changedMs?: number | undefined;
}

const NO_MARK: Mark = { at: 0, sum: 0 };

export class Stream {
  readonly id: number;
  readonly file: string;
  readonly watch: string;
  readonly generation: number;
  readonly firstSeenMs: number;
  state: StreamState;
  place: Place | undefined;
  head: Head;
  marks: readonly Mark[];
  acked: number;
  lastSeenMs: number;
  lastReadMs: number;
  /** Everything before it is in a batch. */
  readAt: number;
  /** Whether lines were written to it since it is known: its last ones go out before those of its successor. */
  wasLive: boolean;
  /** Where the hole ends with which a file may begin. */
  holeEnd = 0;
  /** Open while there may be more to read. */
  reader: StreamReader | undefined;
  /** The end that was seen last, and when it moved. */
  seenEnd = 0;
  grewMs = 0;
  /** Why it cannot be read, where it cannot. */
  problem: string | undefined;
  /** When it is looked at next. */
  nextPollMs = 0;
  /** Whether there was nothing more when it was looked at last. */
  sawEnd = false;
  changedMs: number | undefined;
  /** Since when it is in its state, or open again. */
  sinceMs = 0;

  constructor(record: StreamRecord) {
    this.id = record.id;
    this.file = record.file;
    this.watch = record.watch;
    this.generation = record.generation;
    this.state = record.state;
    this.place = record.place;
    this.head = record.head;
    this.marks = record.marks;
    this.acked = record.acked;
    this.readAt = record.acked;
    this.wasLive = record.state === 'live';
    this.firstSeenMs = record.firstSeenMs;
    this.lastSeenMs = record.lastSeenMs;
    this.lastReadMs = record.lastReadMs;
    this.changedMs = record.changedMs;
  }

  static begin(given: Pick<StreamRecord, 'id' | 'file' | 'watch' | 'generation' | 'state' | 'place'>, nowMs: number) {
    return new Stream({
      ...given,
      head: NO_HEAD,
      marks: [],
      acked: 0,
      firstSeenMs: nowMs,
      lastSeenMs: nowMs,
      lastReadMs: 0,
    });
  }

  /** The mark at a position that was reached; undefined where it is not remembered. */
  markFor(at: number): Mark | undefined {
    return at === 0 ? NO_MARK : this.marks.find((mark) => mark.at === at);
  }

  addMark(mark: Mark): void {
    this.marks = addMark(this.marks, mark);
  }

  toRecord(): StreamRecord {
    const { id, file, watch, generation, state, place, head, marks, acked } = this;
    const { firstSeenMs, lastSeenMs, lastReadMs, changedMs } = this;
    return {
      id,
      file,
      watch,
      generation,
      state,
      place,
      head,
      marks,
      acked,
      firstSeenMs,
      lastSeenMs,
      lastReadMs,
      changedMs,
    };
  }

  async close(): Promise<void> {
    const { reader } = this;
    this.reader = undefined;
    await reader?.close();
  }
}
