/**
 * Bytes of a log file as events: lines that belong together (a stack trace below its message) are one, by the rules of the
 * agent. What has no end yet waits here, within a bound.
 */

import { EventCutter } from '@flywatch/agent/event-cutter';

/** An event of more than this is given out in pieces: a file that is no log may have no line break at all. */
const MAX_EVENT_BYTES = 4 * 1024 * 1024;

const NOTHING = Buffer.alloc(0);

/** One event without its last line break. Valid until the next event is taken. */
export type TakeEvent = (event: Buffer) => void;

export class FileEvents {
  readonly #cutter = new EventCutter(true);
  readonly #take: TakeEvent;
  #waiting = NOTHING;

  constructor(take: TakeEvent) {
    this.#take = take;
  }

  /** Gives out all events of which the end is known. */
  push(bytes: Buffer): void {
    const all = this.#waiting.length === 0 ? bytes : Buffer.concat([this.#waiting, bytes]);
    const rest = all.subarray(this.#cut(all, { group: false, line: false }));
    if (rest.length > MAX_EVENT_BYTES) {
      this.#cut(rest, { group: true, line: true });
      this.#waiting = NOTHING;
    } else {
      // A copy: the bytes are the reader's, who uses them again.
      this.#waiting = rest.length === 0 ? NOTHING : Buffer.from(rest);
    }
  }

  /** Nothing has come for a while: lines that could go on do not. One without a line break waits on. */
  settle(): void {
    if (this.#waiting.length > 0)
      this.#waiting = this.#waiting.subarray(this.#cut(this.#waiting, { group: true, line: false }));
  }

  /** Nothing more will come. */
  end(): void {
    this.#cut(this.#waiting, { group: true, line: true });
    this.#waiting = NOTHING;
  }

  /** @returns how many bytes were given out. */
  #cut(bytes: Buffer, closing: { group: boolean; line: boolean }): number {
    let at = 0;
    while (this.#cutter.next(bytes, at, closing)) {
      const { end, isTerminated } = this.#cutter;
      this.#take(bytes.subarray(at, isTerminated ? end - 1 : end));
      at = end;
    }
    return at;
  }
}
