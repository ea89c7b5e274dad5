/** The hub's side of the reading thread: started with the first question, ended when none has come for a while. */

import { Worker } from 'node:worker_threads';
import type { AnswerTo, Conversation, Kind, Question } from '../questions.ts';
import { StoreUnavailableError } from '../store.ts';
import { threadScript } from '../thread-script.ts';
import type { FromReader, ToReader } from './reader-loop.ts';

/** Questions that are answered in turns at once; each may have a chunk unpacked, some 5 MB. */
const MAX_ACTIVE = 5;

/** Of these, questions that read until they are done, which may be all there is: the others are soon over and must not wait for them. */
const MAX_COUNTING = 2;
const COUNTING: ReadonlySet<Kind> = new Set(['histogram', 'facets', 'fields', 'summary', 'patterns', 'origins']);

/** Questions that wait for their turn; more are refused, since nobody would wait so long. */
const MAX_WAITING = 200;

/** A thread takes some 15 MB, which a hub that nobody asks anything of should not. */
const IDLE_MS = 60_000;

interface Waiting {
  readonly ask: Extract<ToReader, { kind: 'ask' }>;
  readonly resolve: (value: never) => void;
  readonly reject: (error: Error) => void;
}

export interface Brought {
  readonly fresh: readonly { readonly number: number; readonly bytes: Uint8Array }[];
  readonly others: readonly Uint8Array[];
}

export class ReaderClient {
  readonly #data: unknown;
  readonly #script: URL;
  #worker: Worker | undefined;
  #active = new Map<number, Waiting>();
  #waiting: Waiting[] = [];
  #lastCall = 0;
  #idleTimer: NodeJS.Timeout | undefined;

  /**
   * @param data - what the thread is started with
   * @param script - a thread that takes questions as `reader-thread.ts` does
   */
  constructor(data: unknown, script: URL = threadScript('reader-thread', import.meta.url)) {
    this.#data = data;
    this.#script = script;
  }

  ask<K extends Kind>(
    question: Conversation[K]['question'] & { readonly kind: K },
    { fresh, others }: Brought,
    signal: AbortSignal | undefined,
  ): Promise<AnswerTo<K>> {
    if (signal?.aborted === true) return Promise.reject(signal.reason as Error);
    if (this.#waiting.length >= MAX_WAITING) {
      return Promise.reject(new StoreUnavailableError(`${MAX_WAITING} questions are waiting for an answer already`));
    }
    const call = ++this.#lastCall;
    return new Promise((resolve, reject) => {
      const ask = { kind: 'ask', call, question: question as Question, fresh, others } as const;
      this.#waiting.push({ ask, resolve, reject });
      signal?.addEventListener('abort', () => this.#cancel(call, signal.reason as Error), { once: true });
      this.#next();
    });
  }

  #next(): void {
    while (this.#active.size < MAX_ACTIVE) {
      const at = this.#waiting.findIndex(({ ask }) => this.#hasRoomFor(ask.question.kind));
      if (at === -1) break;
      const next = this.#waiting.splice(at, 1)[0]!;
      this.#active.set(next.ask.call, next);
      this.#thread().postMessage(next.ask);
    }
    clearTimeout(this.#idleTimer);
    if (this.#active.size === 0) this.#idleTimer = setTimeout(() => void this.stop(), IDLE_MS).unref();
  }

  #hasRoomFor(kind: Kind): boolean {
    if (!COUNTING.has(kind)) return true;
    let counting = 0;
    for (const { ask } of this.#active.values()) if (COUNTING.has(ask.question.kind)) counting++;
    return counting < MAX_COUNTING;
  }

  #thread(): Worker {
    if (this.#worker === undefined) {
      const worker = new Worker(this.#script, {
        workerData: this.#data,
        name: 'store-reader',
        resourceLimits: { maxYoungGenerationSizeMb: 4 },
      });
      worker.on('message', (message: FromReader) => this.#receive(message));
      worker.on('error', (error) => this.#fail(worker, error as Error));
      worker.on('exit', () => this.#fail(worker, new Error('the reading thread ended')));
      worker.unref();
      this.#worker = worker;
    }
    return this.#worker;
  }

  #receive({ call, value, error }: FromReader): void {
    const asked = this.#active.get(call);
    this.#active.delete(call);
    if (error === undefined) asked?.resolve(value as never);
    else
      asked?.reject(error.unavailable === true ? new StoreUnavailableError(error.message) : new Error(error.message));
    this.#next();
  }

  #cancel(call: number, reason: Error): void {
    const at = this.#waiting.findIndex(({ ask }) => ask.call === call);
    if (at !== -1) this.#waiting.splice(at, 1)[0]!.reject(reason);
    const asked = this.#active.get(call);
    if (asked === undefined) return;
    // It counts as active until the thread has left it.
    asked.reject(reason);
    this.#worker?.postMessage({ kind: 'cancel', call } satisfies ToReader);
  }

  /** Questions that a thread took with it are refused; the next one gets a new thread. */
  #fail(worker: Worker, cause: Error): void {
    if (worker !== this.#worker) return;
    this.#worker = undefined;
    const lost = [...this.#active.values()];
    this.#active.clear();
    for (const { reject } of lost) reject(new StoreUnavailableError('the thread that answers has failed', { cause }));
    this.#next();
  }

  async stop(): Promise<void> {
    clearTimeout(this.#idleTimer);
    const worker = this.#worker;
    this.#worker = undefined;
    await worker?.terminate();
    for (const { reject } of [...this.#active.values(), ...this.#waiting])
      reject(new StoreUnavailableError('the hub is stopping'));
    this.#active.clear();
    this.#waiting = [];
  }
}
