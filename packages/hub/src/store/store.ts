/** The contract of stores. `embedded/` keeps events in a file, `postgres/` in a database; both pass `store.contract.ts`. */

import type { LogEvent } from '@flywatch/core';
import type { BatchMark } from './embedded/store-writer.ts';
import type { FigureBatch, KeptBatch } from './figures.ts';
import type { Hole } from './holes.ts';
import type { AnswerTo, Conversation, Kind } from './questions.ts';

export type { BatchMark };

export interface StoreStatus {
  /** `failing`: what arrives is held and tried again. `away`: the database cannot be reached, and a spool takes its place. */
  readonly state: 'starting' | 'ready' | 'failing' | 'away' | 'stopped';
  readonly detail: string | undefined;
  /** Events that were taken and are not on disk yet. */
  readonly pendingEvents: number;
  /** Events that could not be kept since start, because too much was waiting. */
  readonly droppedEvents: number;
  readonly writtenEvents: number;
  /** Bytes on disk, WAL included; undefined until they were measured. */
  readonly bytes: number | undefined;
  /** Whether so much is waiting to be written that whoever can wait should. */
  readonly isBehind: boolean;
}

export interface AskOptions {
  readonly signal?: AbortSignal | undefined;
  /** Events that the store does not hold and never will, as batches: what lives in the memory alone. */
  readonly others?: readonly Uint8Array[] | undefined;
}

/** What a client's batch has come to. */
export interface BatchProgress {
  readonly taken: number;
  readonly complete: boolean;
}

export interface EventStore {
  readonly status: StoreStatus;
  /** Takes an event. Never waits and never throws: what cannot be held is counted. Events come in the order of their positions. */
  append(event: LogEvent): void;
  /** Notes with the events so far how much of a client's batch they are. */
  mark(mark: BatchMark): void;
  /** Resolves when everything that was taken so far survives a crash; rejects where that takes longer than `patienceMs`. */
  durable(patienceMs: number): Promise<void>;
  /** How much of a client's batch is in the store; undefined where it was never seen. */
  batch(id: string): Promise<BatchProgress | undefined>;
  /** Takes figures of hosts or results of checks; resolves when they survive a crash. */
  keep(batch: FigureBatch): Promise<KeptBatch>;
  ask<K extends Kind>(
    question: Conversation[K]['question'] & { readonly kind: K },
    options?: AskOptions,
  ): Promise<AnswerTo<K>>;
  /** The first span beyond a position that this run's store could not take; undefined where there is none. */
  holeAfter(position: number): Hole | undefined;
  /** Writes what is left, packs it, and closes. */
  stop(): Promise<void>;
}

/** The store cannot answer or take now. */
export class StoreUnavailableError extends Error {
  constructor(message: string, options?: { readonly cause: unknown }) {
    super(message, options);
    this.name = 'StoreUnavailableError';
  }
}
