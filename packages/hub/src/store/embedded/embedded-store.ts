/** The embedded store, as the hub's main thread has it: events go to the writing thread, questions to the reading one. */

import type { LogEvent } from '@flywatch/core';
import type { FigureBatch, KeptBatch } from '../figures.ts';
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
import { ReaderClient } from './reader-client.ts';
import type { ReaderData } from './reader-loop.ts';
import type { WriterLimits } from './store-writer.ts';
import { WriterClient } from './writer-client.ts';
import type { WriterData } from './writer-loop.ts';

export interface EmbeddedStoreOptions extends GatheringOptions {
  readonly path: string;
  readonly limits: WriterLimits;
  /** Where this run's positions begin: nothing up to there is in a file that is new. */
  readonly startPosition: number;
}

export class EmbeddedStore implements EventStore {
  readonly #options: EmbeddedStoreOptions;
  readonly #writer: WriterClient;
  readonly #reader: ReaderClient;
  readonly #gathering: Gathering;
  #state: StoreStatus['state'] = 'starting';
  #detail: string | undefined;
  #bytes: number | undefined;
  #stopping: Promise<void> | undefined;
  #markOpened: () => void = () => {};
  /** Resolves when the file is open, or cannot be opened for now. */
  readonly opened: Promise<void>;

  constructor(options: EmbeddedStoreOptions) {
    this.#options = options;
    this.opened = new Promise((resolve) => {
      this.#markOpened = resolve;
    });
    const { path, limits, log } = options;
    const { startPosition } = options;
    this.#writer = new WriterClient({ path, limits, startPosition } satisfies WriterData, {
      opened: (setAside) => {
        if (setAside !== undefined) {
          log.error(
            `the store was damaged (${setAside.reason}) and is now ${setAside.path}; a new one is begun, and what was in the old one is not shown`,
          );
        }
        this.#state = 'ready';
        this.#detail = undefined;
        this.#markOpened();
      },
      committed: (number) => this.#gathering.committed(number),
      problem: (message) => this.#onProblem(message),
      refused: (number, message) => log.error(`events could not be stored (batch ${number}): ${message}`),
      size: (bytes) => {
        this.#bytes = bytes;
      },
      died: (error) => {
        this.#state = 'failing';
        this.#detail = `the writing thread has ended: ${error.message}`;
        this.#markOpened();
        log.error(`${this.#detail}; events live in memory only until the hub is started again`);
      },
    });
    this.#gathering = new Gathering(options, (batch) => this.#writer.post(batch));
    this.#reader = new ReaderClient({ path } satisfies ReaderData);
  }

  get status(): StoreStatus {
    return {
      state: this.#state,
      detail: this.#detail,
      pendingEvents: this.#gathering.pendingEvents,
      droppedEvents: this.#gathering.droppedEvents,
      writtenEvents: this.#gathering.writtenEvents,
      bytes: this.#bytes,
      isBehind: this.#gathering.isBehind,
    };
  }

  append(event: LogEvent): void {
    this.#gathering.append(event);
  }

  mark(mark: BatchMark): void {
    this.#gathering.mark(mark);
  }

  #onProblem(message: string | undefined): void {
    const { log } = this.#options;
    this.#detail = message;
    if (message === undefined) {
      if (this.#state === 'failing') log.info('the store can be written again');
      this.#state = 'ready';
      return;
    }
    this.#state = 'failing';
    this.#markOpened();
    log.error(`the store: ${message}; live streams go on, and writing is tried again`);
  }

  durable(patienceMs: number): Promise<void> {
    return this.#gathering.durable(patienceMs, () => this.#detail);
  }

  async batch(id: string): Promise<BatchProgress | undefined> {
    try {
      return await this.#writer.call('batchMark', id);
    } catch (cause) {
      throw new StoreUnavailableError('the store cannot say whether it has this batch', { cause });
    }
  }

  async keep(batch: FigureBatch): Promise<KeptBatch> {
    try {
      return await this.#writer.call('keepFigures', batch);
    } catch (cause) {
      throw new StoreUnavailableError(`the store cannot be written now: ${(cause as Error).message}`, { cause });
    }
  }

  async ask<K extends Kind>(
    question: Conversation[K]['question'] & { readonly kind: K },
    { signal, others = [] }: AskOptions = {},
  ): Promise<AnswerTo<K>> {
    // While the file is being made or mended it is locked.
    await this.opened;
    this.#gathering.flush();
    return this.#reader.ask<K>(question, { fresh: this.#gathering.bringFresh(), others }, signal);
  }

  holeAfter(position: number): Hole | undefined {
    return this.#gathering.holes.after(position);
  }

  saveSnapshot(id: string, atMs: number, json: string): Promise<void> {
    return this.#writer.call('saveSnapshot', id, atMs, json);
  }

  listSnapshots(limit: number): Promise<string[]> {
    return this.#writer.call('listSnapshots', limit);
  }

  readSnapshot(id: string): Promise<string | undefined> {
    return this.#writer.call('readSnapshot', id);
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async #stop(): Promise<void> {
    this.#gathering.flush();
    this.#state = 'stopped';
    this.#markOpened();
    await this.#reader.stop();
    await this.#writer.close().catch((error: Error) => {
      this.#options.log.error(`the store could not be closed as it should: ${error.message}`);
    });
  }
}
