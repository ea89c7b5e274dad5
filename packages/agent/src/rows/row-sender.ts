/**
 * Figures and results of checks on their way to a hub: gathered for a moment, sent in batches, kept while the hub is away. A
 * batch has an id and is taken once, however often it is sent.
 */

import { setTimeout as sleep } from 'node:timers/promises';
import type { HubDelivery } from '../delivery/hub-delivery.ts';

/**
 * Rows that wait, as bytes of JSON. A day of figures at 60 s, or 10,000 results of checks; the agent as a whole has 50 MB. The oldest
 * go first: what is going on now matters more.
 */
const MAX_WAITING_BYTES = 4 * 1024 * 1024;

/** Rows of one post; a refused one loses no more than these. */
const MAX_ROWS = 500;

/** Checks end one by one; a second's worth goes together. */
const GATHER_MS = 1000;

export interface RowSenderOptions {
  readonly path: '/ingest/metrics' | '/ingest/checks';
  readonly delivery: HubDelivery;
  /** Begins the ids of batches: no two runs of any agents may have the same. */
  readonly batchPrefix: string;
  readonly warn: (message: string) => void;
}

export interface RowStatus {
  readonly waiting: number;
  readonly sent: number;
  /** Shed because there were too many, or refused by the hub. */
  readonly lost: number;
}

export class RowSender {
  readonly #options: RowSenderOptions;
  readonly #stop = new AbortController();
  #waiting: string[] = [];
  #waitingBytes = 0;
  #sending = 0;
  #sent = 0;
  #lost = 0;
  #seq = 0;
  #wake = Promise.withResolvers<void>();
  #settled = Promise.withResolvers<void>();
  #running: Promise<void> | undefined;

  constructor(options: RowSenderOptions) {
    this.#options = options;
  }

  get status(): RowStatus {
    return { waiting: this.#waiting.length + this.#sending, sent: this.#sent, lost: this.#lost };
  }

  add(row: object): void {
    const text = JSON.stringify(row);
    this.#waiting.push(text);
    this.#waitingBytes += text.length;
    while (this.#waitingBytes > MAX_WAITING_BYTES && this.#waiting.length > 1) {
      if (this.#lost === 0) this.#options.warn(`too much waits for ${this.#options.path}; the oldest is left out`);
      this.#waitingBytes -= this.#waiting.shift()!.length;
      this.#lost++;
    }
    this.#wake.resolve();
  }

  start(): void {
    this.#running ??= this.#run().catch((error: unknown) => {
      // The only way out of the loop is the stop; anything else is a fault of ours, and must be heard of.
      if (!this.#stop.signal.aborted) this.#options.warn(`${this.#options.path} is no longer sent to: ${error}`);
    });
  }

  /** When all that was added is sent or lost. */
  async idle(): Promise<void> {
    while (this.status.waiting > 0) await this.#settled.promise;
  }

  /** What is not sent by then is lost with the process. */
  async stop(): Promise<void> {
    this.#stop.abort();
    this.#wake.resolve();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop;
    for (;;) {
      await this.#wake.promise;
      this.#wake = Promise.withResolvers();
      await sleep(GATHER_MS, undefined, { signal });
      while (this.#waiting.length > 0) await this.#send(signal);
    }
  }

  async #send(signal: AbortSignal): Promise<void> {
    const { path, delivery, batchPrefix } = this.#options;
    const rows = this.#waiting.splice(0, MAX_ROWS);
    for (const row of rows) this.#waitingBytes -= row.length;
    this.#sending = rows.length;
    const body = Buffer.from(`[${rows.join(',')}]`);
    const batchId = `${batchPrefix}-${++this.#seq}`;
    const outcome = await delivery.post({ path, contentType: 'application/json', body, batchId }, signal);
    if (outcome.kind === 'taken') this.#sent += rows.length;
    else this.#lost += rows.length;
    this.#sending = 0;
    this.#settled.resolve();
    this.#settled = Promise.withResolvers();
  }
}
