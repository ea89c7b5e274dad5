/** A store that keeps nothing: questions are answered from the events that they bring along, which are those of the ring. */

import { ReaderClient } from './embedded/reader-client.ts';
import type { ReaderData } from './embedded/reader-loop.ts';
import type { AnswerTo, Conversation, Kind } from './questions.ts';
import type { AskOptions, EventStore, StoreStatus } from './store.ts';

export class MemoryStore implements EventStore {
  readonly #reader = new ReaderClient({ path: undefined } satisfies ReaderData);
  readonly status: StoreStatus = {
    state: 'ready',
    detail: undefined,
    pendingEvents: 0,
    droppedEvents: 0,
    writtenEvents: 0,
    bytes: undefined,
    isBehind: false,
  };

  append(): void {}

  mark(): void {}

  async durable(): Promise<void> {}

  async batch(): Promise<undefined> {}

  ask<K extends Kind>(
    question: Conversation[K]['question'] & { readonly kind: K },
    { signal, others = [] }: AskOptions = {},
  ): Promise<AnswerTo<K>> {
    return this.#reader.ask<K>(question, { fresh: [], others }, signal);
  }

  holeAfter(): undefined {}

  stop(): Promise<void> {
    return this.#reader.stop();
  }
}
