/**
 * The newest lines of this process, for whoever reads them live. A reader is a position in here and costs nothing else;
 * one that is slower than the lines finds out by their numbers what it has missed.
 */

import { randomUUID } from 'node:crypto';
import { type Level, levelRank } from '@flywatch/core';
import type { Destination } from '../destinations/destination.ts';
import { FEED_CHARS, FEED_LINES, MAX_FEED_LINES } from '../limits.ts';
import type { LogRecord } from '../log-record.ts';

export interface FeedOptions {
  /** Lines that are remembered, up to 10,000. @defaultValue 1000 */
  readonly history?: number | undefined;
  /** Put into `meta` of each line. */
  readonly instance?: string | undefined;
  readonly region?: string | undefined;
}

/** A line as it is sent. */
export interface FeedLine {
  /** One more than that of the line before. */
  readonly number: number;
  readonly level: Level;
  readonly source: string;
  /** Seed 004's record with its id, as JSON. */
  readonly json: string;
}

/** Told when there are new lines, at most once a turn of the event loop. */
export type FeedListener = () => void;

export class LogFeed implements Destination {
  /** Names this run of the app in ids. */
  readonly run = randomUUID().slice(0, 8);
  readonly #history: number;
  readonly #labels: string;
  readonly #listeners = new Set<FeedListener>();
  /** A ring: line n is at n modulo its length. */
  readonly #lines: (FeedLine | undefined)[];
  #chars = 0;
  #oldest = 1;
  #next = 1;
  #isScheduled = false;

  constructor(options: FeedOptions = {}) {
    const { history = FEED_LINES, instance, region } = options;
    if (!Number.isSafeInteger(history) || history < 1 || history > MAX_FEED_LINES) {
      throw new RangeError(`history is ${history}; expected a whole number from 1 to ${MAX_FEED_LINES}`);
    }
    this.#history = history;
    this.#lines = new Array(history);
    this.#labels = JSON.stringify({ instance, region }).slice(1, -1);
  }

  /** Number of the oldest line that is held; one more than the newest where there is none. */
  get oldest(): number {
    return this.#oldest;
  }

  /** Number of the line that comes next. */
  get next(): number {
    return this.#next;
  }

  write(record: LogRecord): void {
    const number = this.#next++;
    const json = this.#render(record, number);
    if (number - this.#oldest >= this.#history) this.#dropOldest();
    this.#lines[number % this.#history] = { number, level: record.level, source: record.logger.text, json };
    this.#chars += json.length;
    while (this.#chars > FEED_CHARS && this.#oldest < number) this.#dropOldest();
    this.#schedule();
  }

  /** A line that is held. */
  at(number: number): FeedLine | undefined {
    return number < this.#oldest || number >= this.#next ? undefined : this.#lines[number % this.#history];
  }

  /** Number of the first of the last `count` lines that pass a test. */
  lastMatching(count: number, matches: (line: FeedLine) => boolean): number {
    let left = count;
    let number = this.#next;
    let first = number;
    while (left > 0 && --number >= this.#oldest) {
      if (!matches(this.at(number)!)) continue;
      first = number;
      left--;
    }
    return first;
  }

  /** From now on told of new lines; the function ends that. */
  listen(listener: FeedListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #render(record: LogRecord, number: number): string {
    const structured = record.structured;
    const id = `{"id":"${this.run}-${number}",`;
    if (this.#labels === '') return `${id}${structured}}`;
    // `meta` is last where there is one: labels go before its end.
    return structured.endsWith('}')
      ? `${id}${structured.slice(0, -1)},${this.#labels}}}`
      : `${id}${structured},"meta":{${this.#labels}}}`;
  }

  #dropOldest(): void {
    const index = this.#oldest++ % this.#history;
    this.#chars -= this.#lines[index]?.json.length ?? 0;
    this.#lines[index] = undefined;
  }

  #schedule(): void {
    if (this.#isScheduled || this.#listeners.size === 0) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      for (const listener of [...this.#listeners]) listener();
    });
  }
}

/** Which lines somebody wants. */
export interface FeedFilter {
  readonly level?: Level | undefined;
  /** Names of loggers; empty: all. */
  readonly sources: readonly string[];
}

export function compileFeedFilter({ level = 'trace', sources }: FeedFilter): (line: FeedLine) => boolean {
  const least = levelRank(level);
  const wanted = new Set(sources);
  return (line) => levelRank(line.level) >= least && (wanted.size === 0 || wanted.has(line.source));
}
