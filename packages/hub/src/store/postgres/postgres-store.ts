/**
 * The store in PostgreSQL, as the hub's main thread has it: events go to the spool's thread, which is what makes them safe
 * while the database is away; questions go to the reading thread, which joins both.
 */

import type { LogEvent } from '@flywatch/core';
import { waitAtMost } from '../../wait-at-most.ts';
import type { BatchIdLimits } from '../embedded/batch-id-table.ts';
import { ReaderClient } from '../embedded/reader-client.ts';
import { WriterClient } from '../embedded/writer-client.ts';
import type { FigureBatch, KeptBatch } from '../figures.ts';
import { Batch, moveBatch } from '../format/batch.ts';
import { Gathering, type GatheringOptions } from '../gathering.ts';
import type { Hole } from '../holes.ts';
import type { AnswerTo, Conversation, Kind } from '../questions.ts';
import {
  type AskOptions,
  type BatchMark,
  type BatchProgress,
  type EventStore,
  type StoreStatus,
  StoreUnavailableError,
} from '../store.ts';
import type { ReadingData } from './reading-thread.ts';
import type { SpoolCalls, SpoolData, SpoolSaid, SpoolTold } from './spool-thread.ts';

export interface PostgresStoreOptions extends GatheringOptions {
  /** `postgres://user:password@host:5432/database`. */
  readonly url: string;
  /** The spool's file; `STORE_PATH` with `.spool.db` behind it. */
  readonly spoolPath: string;
  /** Bytes of the spool at most; what arrives beyond it is not kept. */
  readonly maxSpoolBytes: number;
  /** The tag of this hub's ids. */
  readonly hub: string;
  readonly batchIds: BatchIdLimits;
  /** Milliseconds after their time that lines are kept; whole days go at once. */
  readonly logRetentionMs: number;
  /** The same for figures of hosts and for checks. */
  readonly metricsRetentionMs: number;
  /** The first of so many consecutive positions, given to nobody else: for rows that agents write to the database. */
  readonly reservePositions: (count: number) => number;
  /**
   * Such a row as an event, for live readers; it must not be appended. Called in the same turn in which its position was
   * reserved, so that live events run on in the order of their positions.
   */
  readonly onForeign: (event: LogEvent) => void;
}

/** Milliseconds that a question waits for rows of agents to be given positions, and for the first connection. */
const TAKE_OVER_PATIENCE_MS = 1000;
const FIRST_CONNECTION_PATIENCE_MS = 10_000;

export interface PostgresStoreStatus extends StoreStatus {
  /** In the spool, and not in the database yet. */
  readonly spooledEvents: number;
  readonly spooledBytes: number;
  /** Taken over into the database since start. */
  readonly shippedEvents: number;
}

export class PostgresStore implements EventStore {
  readonly #options: PostgresStoreOptions;
  readonly #spool: WriterClient<SpoolCalls, SpoolTold, SpoolSaid>;
  readonly #reader: ReaderClient;
  readonly #gathering: Gathering;
  /** The first word about the server, whatever it is. */
  readonly #heard: Promise<void>;
  #hear: () => void = () => {};
  #isHeard = false;
  #away: string | undefined;
  #problem: string | undefined;
  #isStopped = false;
  #lost = 0;
  #shipped = 0;
  #spooled = { events: 0, bytes: 0 };
  #bytes: number | undefined;
  #stopping: Promise<void> | undefined;

  constructor(options: PostgresStoreOptions) {
    this.#options = options;
    const { url, spoolPath: path, hub, log } = options;
    this.#heard = new Promise((resolve) => {
      this.#hear = resolve;
    });
    const data: SpoolData = {
      path,
      url,
      hub,
      maxBytes: options.maxSpoolBytes,
      batchIds: options.batchIds,
      retentionMs: {
        log_entries: options.logRetentionMs,
        vps_metrics: options.metricsRetentionMs,
        health_checks: options.metricsRetentionMs,
      },
    };
    this.#spool = new WriterClient(
      data,
      {
        opened: (setAside) => {
          if (setAside === undefined) return;
          log.error(
            `the spool was damaged (${setAside.reason}) and is now ${setAside.path}; a new one is begun, and what PostgreSQL did not have of the old one is not shown`,
          );
        },
        committed: (number) => this.#gathering.committed(number),
        problem: (message) => this.#onProblem(message),
        refused: (number, message) => log.error(`events could not be stored (batch ${number}): ${message}`),
        size: (bytes) => {
          this.#bytes = bytes;
        },
        died: (error) => {
          this.#problem = `the thread of the spool has ended: ${error.message}`;
          log.error(`${this.#problem}; events live in memory only until the hub is started again`);
        },
        other: (message) => this.#onSaid(message),
      },
      new URL('./spool-thread.ts', import.meta.url),
    );
    this.#gathering = new Gathering(options, (batch) => this.#spool.post(batch));
    this.#reader = new ReaderClient(
      { path, url, hub, figuresKeptMs: options.metricsRetentionMs } satisfies ReadingData,
      new URL('./reading-thread.ts', import.meta.url),
    );
  }

  get status(): PostgresStoreStatus {
    const { pendingEvents, droppedEvents, writtenEvents } = this.#gathering;
    return {
      state: this.#state,
      detail: this.#problem ?? this.#away,
      pendingEvents,
      droppedEvents: droppedEvents + this.#lost,
      writtenEvents,
      bytes: this.#bytes,
      isBehind: this.#gathering.isBehind,
      spooledEvents: this.#spooled.events,
      spooledBytes: this.#spooled.bytes,
      shippedEvents: this.#shipped,
    };
  }

  get #state(): StoreStatus['state'] {
    if (this.#isStopped) return 'stopped';
    if (this.#problem !== undefined) return 'failing';
    if (this.#away !== undefined) return 'away';
    return this.#isHeard ? 'ready' : 'starting';
  }

  #onSaid(message: SpoolSaid): void {
    const { log } = this.#options;
    switch (message.kind) {
      case 'server':
        this.#onServer(message.away);
        break;
      case 'full':
        this.#gathering.setFull(message.reason);
        break;
      case 'spooled':
        this.#spooled = message;
        break;
      case 'shipped':
        this.#shipped += message.events;
        break;
      case 'lost':
        this.#lost++;
        log.error(`an event that PostgreSQL does not take is not kept: ${message.message}`);
        break;
      case 'foreign': {
        const { request, batch } = message;
        this.#spool.tell({ kind: 'reserved', request, first: this.#guarded(() => this.#publish(batch)) });
      }
    }
  }

  /** Gives the events of a batch their positions and hands them on; the first position. */
  #publish(bytes: Uint8Array): number {
    const first = this.#options.reservePositions(new Batch(bytes).count);
    moveBatch(bytes, first);
    const batch = new Batch(bytes);
    for (let row = 0; row < batch.count; row++) this.#guarded(() => this.#options.onForeign(batch.eventOf(row)));
    return first;
  }

  /** What was handed in to the store must not end the hub from within a message of a thread. */
  #guarded<T>(work: () => T): T | undefined {
    try {
      return work();
    } catch (error) {
      this.#options.log.error(`rows that agents wrote: ${(error as Error).message}`);
      return undefined;
    }
  }

  #onServer(away: string | undefined): void {
    const { log } = this.#options;
    if (away === undefined && this.#away !== undefined) log.info('PostgreSQL is there again');
    if (away !== undefined && away !== this.#away)
      log.error(`PostgreSQL is away: ${away}; what arrives is kept in the spool, and it is tried again`);
    this.#away = away;
    this.#isHeard = true;
    this.#hear();
  }

  #onProblem(message: string | undefined): void {
    const { log } = this.#options;
    if (message === undefined && this.#problem !== undefined) log.info('the spool can be written again');
    this.#problem = message;
    if (message !== undefined) log.error(`the spool: ${message}; live streams go on, and writing is tried again`);
  }

  append(event: LogEvent): void {
    this.#gathering.append(event);
  }

  mark(mark: BatchMark): void {
    this.#gathering.mark(mark);
  }

  durable(patienceMs: number): Promise<void> {
    return this.#gathering.durable(patienceMs, () => this.#problem);
  }

  async batch(id: string): Promise<BatchProgress | undefined> {
    try {
      return await this.#spool.call('batchMark', id);
    } catch (cause) {
      throw new StoreUnavailableError('the store cannot say whether it has this batch', { cause });
    }
  }

  async keep(batch: FigureBatch): Promise<KeptBatch> {
    if (!this.#isHeard) await waitAtMost(this.#heard, FIRST_CONNECTION_PATIENCE_MS);
    try {
      return await this.#spool.call('keepFigures', batch);
    } catch (cause) {
      throw new StoreUnavailableError(`figures cannot be kept now: ${(cause as Error).message}`, { cause });
    }
  }

  async ask<K extends Kind>(
    question: Conversation[K]['question'] & { readonly kind: K },
    { signal, others = [] }: AskOptions = {},
  ): Promise<AnswerTo<K>> {
    if (!this.#isHeard) await waitAtMost(this.#heard, FIRST_CONNECTION_PATIENCE_MS);
    if (this.#isStopped) throw new StoreUnavailableError('the hub is stopping');
    if (this.#away !== undefined) throw new StoreUnavailableError(`PostgreSQL cannot answer now: ${this.#away}`);
    // Without it what is on its way comes from the spool.
    await waitAtMost(
      this.#spool.call('takeOver').catch(() => {}),
      TAKE_OVER_PATIENCE_MS,
    );
    signal?.throwIfAborted();
    this.#gathering.flush();
    return this.#reader.ask<K>(question, { fresh: this.#gathering.bringFresh(), others }, signal);
  }

  holeAfter(position: number): Hole | undefined {
    return this.#gathering.holes.after(position);
  }

  saveSnapshot(id: string, atMs: number, json: string): Promise<void> {
    return this.#spool.call('saveSnapshot', id, atMs, json);
  }

  listSnapshots(limit: number): Promise<string[]> {
    return this.#spool.call('listSnapshots', limit);
  }

  readSnapshot(id: string): Promise<string | undefined> {
    return this.#spool.call('readSnapshot', id);
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async #stop(): Promise<void> {
    this.#gathering.flush();
    this.#isStopped = true;
    this.#hear();
    await this.#reader.stop();
    await this.#spool.close().catch((error: Error) => {
      this.#options.log.error(`the spool could not be closed as it should: ${error.message}`);
    });
  }
}
