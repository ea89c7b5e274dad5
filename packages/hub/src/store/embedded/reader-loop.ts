/** A thread that answers questions. Several at once share it in turns; one that nobody waits for any more ends. */

import type { MessagePort } from 'node:worker_threads';
import { answer } from '../answers/answer.ts';
import { CancelledError, Turns } from '../answers/turns.ts';
import type { Question } from '../questions.ts';
import { isSqliteError } from './commit-each.ts';
import { NewerSchemaError, openForReading } from './database.ts';
import { ChunkReplacedError, EmbeddedReader, memorySnapshot } from './embedded-snapshot.ts';

export interface ReaderData {
  /** Undefined: there is no file, and questions bring all events along. */
  readonly path: string | undefined;
}

export type ToReader =
  | {
      readonly kind: 'ask';
      readonly call: number;
      readonly question: Question;
      readonly fresh: readonly { readonly number: number; readonly bytes: Uint8Array }[];
      readonly others: readonly Uint8Array[];
    }
  | { readonly kind: 'cancel'; readonly call: number };

export interface FromReader {
  readonly call: number;
  readonly value?: unknown;
  readonly error?: { readonly message: string; readonly cancelled: boolean; readonly unavailable?: boolean };
}

/** Times that a question is asked anew because chunks were joined under it. */
const MAX_ATTEMPTS = 5;

/** Serves the hub on `port` until the thread is ended. */
export function serveReader(port: MessagePort, { path }: ReaderData): void {
  const active = new Set<number>();
  let reader: EmbeddedReader | undefined;

  function snapshot({ fresh, others }: Extract<ToReader, { kind: 'ask' }>) {
    if (reader === undefined && path !== undefined) {
      const db = openForReading(path);
      if (db !== undefined) reader = new EmbeddedReader(db);
    }
    return reader === undefined
      ? memorySnapshot([...fresh.map(({ bytes }) => bytes), ...others])
      : reader.snapshot(fresh, others);
  }

  async function ask(request: Extract<ToReader, { kind: 'ask' }>): Promise<void> {
    const { call, question } = request;
    active.add(call);
    const turns = new Turns(() => !active.has(call));
    for (let attempt = 1; ; attempt++) {
      try {
        const value = await answer(snapshot(request), turns, question);
        port.postMessage({ call, value } satisfies FromReader);
        break;
      } catch (error) {
        if (error instanceof ChunkReplacedError && attempt < MAX_ATTEMPTS) continue;
        const cancelled = error instanceof CancelledError;
        // The file cannot be read now: no fault of ours, and what the client is told.
        const unavailable = error instanceof NewerSchemaError || isSqliteError(error);
        const { message: short, stack = short } = error as Error;
        const message = unavailable ? `the store cannot be read: ${short}` : cancelled ? short : stack;
        port.postMessage({ call, error: { message, cancelled, unavailable } } satisfies FromReader);
        break;
      }
    }
    active.delete(call);
  }

  port.on('message', (message: ToReader) => {
    if (message.kind === 'cancel') active.delete(message.call);
    else void ask(message);
  });
}
