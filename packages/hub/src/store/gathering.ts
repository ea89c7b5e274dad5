/**
 * Events on their way to a writing thread. They are gathered for a moment, encoded, and handed on; until the thread says that
 * they are on disk they are kept here too, in shared memory, and go along with every question. So a question sees all that
 * has arrived, written or not, and nothing twice.
 */

import type { LogEvent } from '@flywatch/core';
import type { Log } from '../log.ts';
import { BatchMemory } from './batch-memory.ts';
import type { BatchMark, PendingBatch } from './embedded/store-writer.ts';
import { encodeBatch, MAX_BATCH_EVENTS } from './format/batch.ts';
import { Holes } from './holes.ts';
import { StoreUnavailableError } from './store.ts';

export interface GatheringOptions {
  /** Milliseconds that an event may wait before it is handed on. */
  readonly flushMs: number;
  /** Events after which no longer is waited. */
  readonly flushEvents: number;
  /** Bytes that may wait to be written; what comes beyond them is not kept. */
  readonly maxPendingBytes: number;
  /** Bytes that wait, beyond which whoever can wait should. */
  readonly behindBytes: number;
  readonly log: Log;
}

/** Characters after which no longer is waited: long lines make a batch large before they are many. */
const FLUSH_CHARS = 1024 * 1024;

interface InFlight {
  readonly number: number;
  readonly bytes: Uint8Array<SharedArrayBuffer> | undefined;
  readonly events: number;
  /** Whether a question took it along: the thread that answers may read it for as long as it likes. */
  isBrought: boolean;
}

export class Gathering {
  readonly #options: GatheringOptions;
  readonly #post: (batch: PendingBatch) => void;
  readonly #memory = new BatchMemory();
  /** What was not kept. */
  readonly holes = new Holes();
  #gathered: LogEvent[] = [];
  #gatheredChars = 0;
  #marks = new Map<string, BatchMark>();
  #inFlight: InFlight[] = [];
  #inFlightBytes = 0;
  #inFlightEvents = 0;
  #lastNumber = 0;
  #committed = 0;
  #flushTimer: NodeJS.Timeout | undefined;
  #flushSoon = false;
  #waiters: { readonly number: number; readonly resolve: () => void }[] = [];
  #isDropping = false;
  #full: string | undefined;
  #dropped = 0;
  #written = 0;

  /** @param post - hands a batch to the thread that writes */
  constructor(options: GatheringOptions, post: (batch: PendingBatch) => void) {
    this.#options = options;
    this.#post = post;
  }

  get pendingEvents(): number {
    return this.#inFlightEvents + this.#gathered.length;
  }

  get droppedEvents(): number {
    return this.#dropped;
  }

  get writtenEvents(): number {
    return this.#written;
  }

  get isBehind(): boolean {
    return this.#inFlightBytes > this.#options.behindBytes;
  }

  /** What was handed on and is not known to be on disk, for a question to bring along. */
  bringFresh(): { readonly number: number; readonly bytes: Uint8Array }[] {
    const fresh: { number: number; bytes: Uint8Array }[] = [];
    for (const batch of this.#inFlight) {
      if (batch.bytes === undefined) continue;
      batch.isBrought = true;
      fresh.push({ number: batch.number, bytes: batch.bytes });
    }
    return fresh;
  }

  /** Where there is no room on disk: what arrives until there is some again is not kept, nor said to be. */
  setFull(reason: string | undefined): void {
    this.#full = reason;
    if (reason === undefined) this.#stopDropping();
  }

  append(event: LogEvent): void {
    if (this.#full !== undefined || this.#inFlightBytes > this.#options.maxPendingBytes) {
      this.holes.lose(event.position);
      this.#drop();
      return;
    }
    this.holes.keep();
    this.#gathered.push(event);
    this.#gatheredChars += event.raw?.length ?? event.message.length;
    const { flushEvents, flushMs } = this.#options;
    if (this.#gathered.length >= flushEvents || this.#gatheredChars > FLUSH_CHARS) this.#flushInThisTurn();
    else this.#flushTimer ??= setTimeout(() => this.flush(), flushMs);
  }

  #drop(): void {
    this.#dropped++;
    if (this.#isDropping) return;
    this.#isDropping = true;
    this.#options.log.error(
      this.#full ??
        'more events are waiting for the store than may be held; until it can write, what arrives is not kept',
    );
  }

  #stopDropping(): void {
    if (!this.#isDropping || this.#full !== undefined) return;
    this.#isDropping = false;
    this.#options.log.warn(`the store writes again; ${this.#dropped} events since start were not kept`);
  }

  mark(mark: BatchMark): void {
    // It comes in the same turn as the events that it is about, and these were not kept.
    if (this.#full !== undefined) return;
    this.#marks.set(mark.id, mark);
    this.#flushTimer ??= setTimeout(() => this.flush(), this.#options.flushMs);
  }

  /** At the end of this turn, so that marks and the events that they are about go together. */
  #flushInThisTurn(): void {
    if (this.#flushSoon) return;
    this.#flushSoon = true;
    setImmediate(() => this.flush());
  }

  flush(): void {
    clearTimeout(this.#flushTimer);
    this.#flushTimer = undefined;
    this.#flushSoon = false;
    if (this.#gathered.length === 0 && this.#marks.size === 0) return;
    const events = this.#gathered;
    const marks = [...this.#marks.values()];
    this.#gathered = [];
    this.#gatheredChars = 0;
    this.#marks = new Map();
    for (let from = 0; from < events.length || from === 0; from += MAX_BATCH_EVENTS) {
      const slice = events.length <= MAX_BATCH_EVENTS ? events : events.slice(from, from + MAX_BATCH_EVENTS);
      const bytes = slice.length === 0 ? undefined : encodeBatch(slice, (size) => this.#memory.take(size));
      const isLast = from + MAX_BATCH_EVENTS >= events.length;
      const number = ++this.#lastNumber;
      this.#inFlight.push({ number, bytes, events: slice.length, isBrought: false });
      this.#inFlightBytes += bytes?.length ?? 0;
      this.#inFlightEvents += slice.length;
      this.#post({ number, bytes, marks: isLast ? marks : [] });
    }
  }

  /** All batches up to this number are on disk. */
  committed(number: number): void {
    this.#committed = number;
    let done = 0;
    for (const { number: own, bytes, events, isBrought } of this.#inFlight) {
      if (own > number) break;
      done++;
      if (bytes !== undefined && !isBrought) this.#memory.giveBack(bytes.buffer);
      this.#inFlightBytes -= bytes?.length ?? 0;
      this.#inFlightEvents -= events;
      this.#written += events;
    }
    this.#inFlight = this.#inFlight.slice(done);
    if (this.#inFlightBytes < this.#options.maxPendingBytes / 2) this.#stopDropping();
    const due = this.#waiters.filter((waiter) => waiter.number <= number);
    if (due.length === 0) return;
    this.#waiters = this.#waiters.filter((waiter) => waiter.number > number);
    for (const { resolve } of due) resolve();
  }

  /** Resolves when all that was taken so far is on disk; rejects with what `whyNot` says where it takes longer. */
  durable(patienceMs: number, whyNot: () => string | undefined): Promise<void> {
    this.flush();
    if (this.#full !== undefined) return Promise.reject(new StoreUnavailableError(this.#full));
    const number = this.#lastNumber;
    if (number <= this.#committed) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiters = this.#waiters.filter((other) => other !== waiter);
        reject(new StoreUnavailableError(whyNot() ?? 'the store does not keep up with what arrives'));
      }, patienceMs);
      const waiter = {
        number,
        resolve: () => {
          clearTimeout(timer);
          resolve();
        },
      };
      this.#waiters.push(waiter);
    });
  }
}
