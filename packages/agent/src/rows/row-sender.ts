/**
 * Figures and results of checks on their way out: gathered for a moment, sent in batches, kept while the other side is away. A
 * batch has an id and is taken once, however often it is sent.
 */

import { setTimeout as sleep } from 'node:timers/promises';
import { batchId } from '../tail/batch-id.ts';
import type { RowKind, RowSink } from './row-sink.ts';
import { RowSpool } from './row-spool.ts';

/**
 * Rows that wait, as bytes of JSON. A day of figures at 60 s, or 10,000 results of checks; the agent as a whole has 50 MB. The oldest
 * go first: what is going on now matters more.
 */
const MAX_WAITING_BYTES = 4 * 1024 * 1024;

/** Rows of one post; a refused one loses no more than these. */
const MAX_ROWS = 500;

/** Checks end one by one; a second's worth goes together. */
const GATHER_MS = 1000;

/** Rows shed at a time: one by one each would be a line in the file. */
const SHED_ROWS = 50;

/** In what is said to people. */
const NAMES: Readonly<Record<RowKind, string>> = { metrics: 'figures', checks: 'results of checks' };

export interface RowSenderOptions {
  readonly kind: RowKind;
  readonly sink: RowSink;
  /** Names who sends: the other side keeps by it what it has taken. */
  readonly agent: string;
  /** File for what waits. */
  readonly spoolFile: string;
  readonly warn: (message: string) => void;
}

export interface RowStatus {
  readonly waiting: number;
  readonly sent: number;
  /** Shed because there were too many, or refused by the other side. */
  readonly lost: number;
}

export class RowSender {
  readonly #options: RowSenderOptions;
  readonly #spool: RowSpool;
  readonly #stop = new AbortController();
  #sent = 0;
  #lost = 0;
  #wake = Promise.withResolvers<void>();
  #settled = Promise.withResolvers<void>();
  #running: Promise<void> | undefined;

  constructor(options: RowSenderOptions) {
    this.#options = options;
    this.#spool = new RowSpool(options.spoolFile, options.warn);
  }

  get status(): RowStatus {
    return { waiting: this.#spool.size, sent: this.#sent, lost: this.#lost };
  }

  add(row: object): void {
    this.#spool.add(JSON.stringify(row));
    if (this.#spool.waitingBytes > MAX_WAITING_BYTES) this.#shed();
    this.#wake.resolve();
  }

  /** Begins with what an earlier run has left. */
  start(): void {
    if (this.#running !== undefined) return;
    this.#spool.open();
    if (this.#spool.size > 0) this.#wake.resolve();
    this.#running = this.#run().catch((error: unknown) => {
      // The only way out of the loop is the stop; anything else is a fault of ours, and must be heard of.
      if (!this.#stop.signal.aborted) this.#options.warn(`${NAMES[this.#options.kind]} are no longer sent: ${error}`);
    });
  }

  /** When all that was added is sent or lost. */
  async idle(): Promise<void> {
    while (this.#spool.size > 0) await this.#settled.promise;
  }

  /** What is not sent by then is sent by the next run. */
  async stop(): Promise<void> {
    this.#stop.abort();
    this.#wake.resolve();
    await this.#running;
    this.#spool.close();
  }

  #shed(): void {
    const before = this.#spool.size;
    this.#spool.shed(SHED_ROWS);
    if (this.#lost === 0)
      this.#options.warn(`too many ${NAMES[this.#options.kind]} wait to be sent: the oldest are given up`);
    this.#lost += before - this.#spool.size;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop;
    for (;;) {
      await this.#wake.promise;
      this.#wake = Promise.withResolvers();
      await sleep(GATHER_MS, undefined, { signal });
      while (await this.#sendOne(signal));
    }
  }

  /** Whether there was anything to send. */
  async #sendOne(signal: AbortSignal): Promise<boolean> {
    const batch = this.#spool.plan(MAX_ROWS);
    if (batch === undefined) return false;
    const { kind, sink, agent } = this.#options;
    const id = batchId(agent, batch.boot, batch.seq, `[${batch.rows.join(',')}]`);
    const outcome = await sink.sendRows({ kind, id, rows: batch.rows }, signal);
    this.#spool.acknowledge();
    if (outcome === 'taken') this.#sent += batch.rows.length;
    else this.#lost += batch.rows.length;
    this.#settled.resolve();
    this.#settled = Promise.withResolvers();
    return true;
  }
}
