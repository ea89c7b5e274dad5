/**
 * Seed 004's emitter: lines by source, and listeners in the app itself. What it is given goes wherever its logger
 * writes.
 */

import { type Fields, type Level, parseLevel } from '@flywatch/core';
import type { Logger } from '../logger.ts';
import { NamedLoggers } from '../named-loggers.ts';
import type { LogFeed } from './log-feed.ts';

/** Seed 004's record. */
export interface StructuredLog {
  readonly timestamp: string;
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly source: string;
  readonly message: string;
  readonly meta?: Fields;
}

export type LogListener = (log: StructuredLog) => void;

export class LogEmitter {
  readonly #loggers: NamedLoggers;
  readonly #feed: LogFeed;
  readonly #listeners = new Map<LogListener, () => void>();

  /** @param feed - one of the destinations of `logger`. */
  constructor(logger: Logger, feed: LogFeed) {
    this.#loggers = new NamedLoggers(logger);
    this.#feed = feed;
  }

  debug(source: string, message: string, meta?: Fields): void {
    this.#loggers.of(source).debug(message, meta);
  }

  info(source: string, message: string, meta?: Fields): void {
    this.#loggers.of(source).info(message, meta);
  }

  warn(source: string, message: string, meta?: Fields): void {
    this.#loggers.of(source).warn(message, meta);
  }

  error(source: string, message: string, meta?: Fields): void {
    this.#loggers.of(source).error(message, meta);
  }

  /** A record that was made elsewhere. It gets the time of now. */
  emit({ level, source, message, meta }: Omit<StructuredLog, 'timestamp'>): void {
    const known: Level = parseLevel(level) ?? 'info';
    this.#loggers.of(source).log(known, message, meta);
  }

  /** Told of each line that is logged from now on, soon after. One that is slower than the history misses the oldest. */
  onLog(listener: LogListener): void {
    if (this.#listeners.has(listener)) return;
    let next = this.#feed.next;
    const stop = this.#feed.listen(() => {
      next = Math.max(next, this.#feed.oldest);
      const end = this.#feed.next;
      for (; next < end; next++) {
        const { id: _, ...log } = JSON.parse(this.#feed.at(next)!.json) as StructuredLog & { id: string };
        listener(log);
      }
    });
    this.#listeners.set(listener, stop);
  }

  offLog(listener: LogListener): void {
    this.#listeners.get(listener)?.();
    this.#listeners.delete(listener);
  }
}
