/**
 * The way into PostgreSQL: one connection, one transaction after the other, tried again until the server has committed. What is sent
 * twice is taken once, by the ledgers that are moved with the rows.
 *
 * All that speaks to the server is loaded with the first batch: an agent that sends to a hub has no use for a driver in memory.
 */

import { setTimeout as sleep } from 'node:timers/promises';
import { Backoff } from '@flywatch/core';
import type { RowOutcome, RowsToSend } from '../../rows/row-sink.ts';
import { Lock } from '../../tail/lock.ts';
import type { LogBatch, LogOutcome } from '../../tail/log-sink.ts';
import type { Delivery, DeliveryStatus } from '../delivery.ts';
import { COMPLAINT_MS, RETRY_BASE_MS, RETRY_MAX_MS } from '../limits.ts';
import { Way } from '../way.ts';
import type { Database } from './database.ts';

export interface PostgresDeliveryOptions {
  /** `postgres://user:password@host:5432/database`. */
  readonly url: string;
  /** Told when the way to the database breaks, and when it is mended. */
  readonly warn: (message: string) => void;
}

export class PostgresDelivery implements Delivery {
  readonly #options: PostgresDeliveryOptions;
  readonly #host: string;
  readonly #way: Way;
  readonly #backoff = new Backoff({ baseMs: RETRY_BASE_MS, capMs: RETRY_MAX_MS });
  readonly #lock = new Lock();
  #database: Database | undefined;
  #nextTryMs = 0;
  #remarkedMs = Number.NEGATIVE_INFINITY;
  #lastAnswerMs: number | undefined;
  #counters = { posts: 0, retries: 0, bytes: 0, refused: 0 };

  constructor(options: PostgresDeliveryOptions) {
    this.#options = options;
    this.#host = URL.parse(options.url)?.host || 'its socket';
    this.#way = new Way({ warn: options.warn, now: Date.now });
  }

  get status(): DeliveryStatus {
    const { posts, retries, bytes, refused } = this.#counters;
    return {
      state: this.#way.state,
      detail: this.#way.detail,
      lastAnswerMs: this.#lastAnswerMs,
      posts,
      retries,
      bytesSent: bytes,
      linesRefused: refused,
    };
  }

  async send(batch: LogBatch, signal: AbortSignal): Promise<LogOutcome> {
    const { bytes, refused } = await this.#committed(signal, (database) => database.takeLogs(batch));
    this.#counters.bytes += bytes;
    this.#counters.refused += refused.lines;
    if (refused.lines > 0) this.#remark(`takes ${refused.lines} of ${batch.lines} lines in no form: ${refused.reason}`);
    return 'taken';
  }

  async sendRows(batch: RowsToSend, signal: AbortSignal): Promise<RowOutcome> {
    const { bytes, refused } = await this.#committed(signal, (database) => database.takeRows(batch));
    this.#counters.bytes += bytes;
    if (refused === undefined) return 'taken';
    this.#remark(`refuses ${batch.rows.length} rows of ${batch.kind}: ${refused}`);
    return 'refused';
  }

  close(): void {
    this.#database?.close();
    this.#database = undefined;
  }

  /** Does it until the server has committed it. Rejects when the signal says so, and not otherwise. */
  async #committed<T>(signal: AbortSignal, work: (database: Database) => Promise<T>): Promise<T> {
    this.#counters.posts++;
    for (;;) {
      const done = await this.#lock.run(() => this.#attempt(signal, work));
      if (done !== undefined) return done.value;
      this.#counters.retries++;
    }
  }

  /** Undefined where it has to be tried again. */
  async #attempt<T>(
    signal: AbortSignal,
    work: (database: Database) => Promise<T>,
  ): Promise<{ readonly value: T } | undefined> {
    signal.throwIfAborted();
    // A kept connection that the other side has closed by now: the next one is a new one, and nothing is said.
    const isKept = this.#database?.isOpen === true;
    const abort = () => this.close();
    try {
      if (!isKept) {
        await sleep(Math.max(0, this.#nextTryMs - performance.now()), undefined, { signal });
        const { Database } = await import('./database.ts');
        this.#database = await Database.open(this.#options.url);
      }
      signal.throwIfAborted();
      signal.addEventListener('abort', abort);
      const value = await work(this.#database!);
      this.#lastAnswerMs = Date.now();
      this.#backoff.reset();
      this.#way.mended(`the database at ${this.#host} takes what is sent again`);
      return { value };
    } catch (error) {
      this.close();
      signal.throwIfAborted();
      if (!isKept) await this.#complain(error);
      return undefined;
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }

  /** Of what is lost; now and then, since what is wrong with one batch may be wrong with all. The status counts. */
  #remark(what: string): void {
    const nowMs = performance.now();
    if (nowMs - this.#remarkedMs < COMPLAINT_MS) return;
    this.#remarkedMs = nowMs;
    this.#options.warn(`the database at ${this.#host} ${what}`);
  }

  async #complain(error: unknown): Promise<void> {
    const { whatIsWrong } = await import('./what-is-wrong.ts');
    const { state, reason } = whatIsWrong(error, this.#options.url);
    this.#nextTryMs = performance.now() + this.#backoff.nextDelayMs();
    const what = state === 'away' ? 'cannot be reached' : 'cannot be used';
    this.#way.trouble(state, `the database at ${this.#host} ${what}: ${reason}; tried again`);
  }
}
