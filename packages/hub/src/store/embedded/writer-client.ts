/** The hub's side of the writing thread: posts batches, hears how far it has come, and waits for answers. */

import { Worker } from 'node:worker_threads';
import { StoreUnavailableError } from '../store.ts';
import { threadScript } from '../thread-script.ts';
import type { PendingBatch } from './store-writer.ts';
import type { FromWriter, ToWriter, WriterCalls } from './writer-loop.ts';

export interface WriterEvents {
  opened(setAside: { readonly path: string; readonly reason: string } | undefined): void;
  committed(number: number): void;
  problem(message: string | undefined): void;
  refused(number: number, message: string): void;
  size(bytes: number): void;
  /** The thread has ended without having been asked to. */
  died(error: Error): void;
}

/**
 * @typeParam Calls - what the thread is asked for
 * @typeParam Told - what it is told beside that
 * @typeParam Said - what it says beside that
 */
export class WriterClient<Calls extends WriterCalls = WriterCalls, Told = never, Said = never> {
  readonly #worker: Worker;
  readonly #events: WriterEvents & { readonly other?: (message: Said) => void };
  readonly #calls = new Map<number, { resolve: (value: never) => void; reject: (error: Error) => void }>();
  #lastCall = 0;
  #ended = false;

  constructor(
    data: object,
    events: WriterEvents & { readonly other?: (message: Said) => void },
    script: URL = threadScript('writer-thread', import.meta.url),
  ) {
    this.#events = events;
    this.#worker = new Worker(script, {
      workerData: data,
      name: 'store-writer',
    });
    this.#worker.on('message', (message: FromWriter | Said) => this.#receive(message as FromWriter));
    this.#worker.on('error', (error) => this.#end(error as Error));
    this.#worker.on('exit', (code) => this.#end(new Error(`the writing thread ended with status ${code}`)));
  }

  post(batch: PendingBatch): void {
    this.#worker.postMessage({ kind: 'batch', batch } satisfies ToWriter);
  }

  tell(message: Told): void {
    this.#worker.postMessage(message);
  }

  call<M extends keyof Calls & string>(
    method: M,
    ...args: Calls[M] extends (...given: infer Args) => unknown ? Args : never
  ): Promise<Awaited<Calls[M] extends (...given: never[]) => infer Value ? Value : never>> {
    if (this.#ended) return Promise.reject(new Error('the writing thread has ended'));
    const call = ++this.#lastCall;
    return new Promise((resolve, reject) => {
      this.#calls.set(call, { resolve, reject });
      this.#worker.postMessage({ kind: 'call', call, method, args });
    });
  }

  /** Ends the thread after what it has to do; what it could not write is lost, and the promise is rejected. */
  async close(): Promise<void> {
    try {
      await (this as unknown as WriterClient).call('close');
    } finally {
      this.#ended = true;
      await this.#worker.terminate();
    }
  }

  #receive(message: FromWriter): void {
    switch (message.kind) {
      case 'opened':
        this.#events.opened(message.setAside);
        break;
      case 'committed':
        this.#events.committed(message.number);
        break;
      case 'problem':
        this.#events.problem(message.message);
        break;
      case 'refused':
        this.#events.refused(message.number, message.message);
        break;
      case 'size':
        this.#events.size(message.bytes);
        break;
      case 'result': {
        const call = this.#calls.get(message.call);
        this.#calls.delete(message.call);
        if (message.error === undefined) call?.resolve(message.value as never);
        else call?.reject(new StoreUnavailableError(message.error));
        break;
      }
      default:
        this.#events.other?.(message);
    }
  }

  #end(error: Error): void {
    if (this.#ended) return;
    this.#ended = true;
    for (const { reject } of this.#calls.values()) reject(error);
    this.#calls.clear();
    this.#events.died(error);
  }
}
