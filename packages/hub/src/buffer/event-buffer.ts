/**
 * The ring of the newest events: bounded by count, by age of arrival, and by the characters that they hold. Live readers
 * are cursors into it, and `tail`, `since` and short resumes are answered from it.
 *
 * Cursors are positions (see `ids.ts` in core), and a position is found in the ring by bisection; on the hot path readers
 * go by index.
 */

import type { LogEvent } from '@flywatch/core';
import { RingBuffer } from './ring-buffer.ts';

export interface EventBufferOptions {
  readonly maxEntries: number;
  readonly maxAgeMs: number;
  /** Characters of messages and raw payloads held at most. */
  readonly maxChars: number;
}

export class EventBuffer {
  readonly #ring: RingBuffer<LogEvent>;
  readonly #options: EventBufferOptions;
  #chars = 0;
  /** Position of the newest event that has left; readers behind it have missed something. */
  #evictedTo: number;
  /** Where this run began: the position before its first event. Within a run positions run on by one. */
  readonly startPosition: number;

  /** `startPosition`: every id of this run is greater; what is not greater was before it. */
  constructor(options: EventBufferOptions, startPosition: number) {
    this.#options = options;
    this.#ring = new RingBuffer<LogEvent>(options.maxEntries);
    this.startPosition = startPosition;
    this.#evictedTo = startPosition;
  }

  get capacity(): number {
    return this.#ring.capacity;
  }

  get size(): number {
    return this.#ring.size;
  }

  get chars(): number {
    return this.#chars;
  }

  /** Index of the oldest event held. */
  get first(): number {
    return this.#ring.first;
  }

  /** Index that the next event will get. */
  get end(): number {
    return this.#ring.end;
  }

  /** Position of the newest event that this run knows of, held or not. */
  get headPosition(): number {
    return this.#ring.at(this.#ring.end - 1)?.position ?? this.#evictedTo;
  }

  /** What is greater than this position and has arrived in this run is held, all of it. */
  get evictedTo(): number {
    return this.#evictedTo;
  }

  at(index: number): LogEvent | undefined {
    return this.#ring.at(index);
  }

  push(event: LogEvent): void {
    const evicted = this.#ring.push(event);
    if (evicted !== undefined) this.#forget(evicted);
    this.#chars += charsOf(event);
    while (this.#chars > this.#options.maxChars && this.#ring.size > 1) this.#evict();
  }

  /** Lets go of events that arrived more than the age limit before `nowMs`. */
  sweep(nowMs: number): void {
    const oldest = nowMs - this.#options.maxAgeMs;
    for (let event = this.#ring.at(this.#ring.first); event !== undefined && event.receivedAtMs < oldest; ) {
      this.#evict();
      event = this.#ring.at(this.#ring.first);
    }
  }

  /** Index of the first held event with a position greater than `position`; `end` where there is none. */
  indexAfter(position: number): number {
    let low = this.#ring.first;
    let high = this.#ring.end;
    while (low < high) {
      const middle = low + Math.floor((high - low) / 2);
      if (this.#ring.at(middle)!.position <= position) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The events held, oldest first. */
  *events(): IterableIterator<LogEvent> {
    for (let index = this.#ring.first; index < this.#ring.end; index++) {
      const event = this.#ring.at(index);
      if (event !== undefined) yield event;
    }
  }

  #evict(): void {
    const event = this.#ring.shift();
    if (event !== undefined) this.#forget(event);
  }

  #forget(event: LogEvent): void {
    this.#chars -= charsOf(event);
    this.#evictedTo = event.position;
  }
}

/** Characters that an event keeps alive, its structure included; a plain line and its raw payload are one string. */
function charsOf(event: LogEvent): number {
  const { raw, message, structureChars } = event;
  const text = raw === undefined || raw === message ? message.length : message.length + raw.length;
  return text + structureChars;
}
