/**
 * A store without a disk: questions are answered from the events that they bring along, which are those of the ring. Figures
 * and checks have no ring; the newest of them are held here.
 */

import { renderSeries } from './answers/series.ts';
import { ReaderClient } from './embedded/reader-client.ts';
import type { ReaderData } from './embedded/reader-loop.ts';
import type { FigureBatch, FigureQuestion, KeptBatch } from './figures.ts';
import { MemoryFigures } from './memory-figures.ts';
import type { AnswerTo, Conversation, Kind, Question } from './questions.ts';
import type { AskOptions, EventStore, StoreStatus } from './store.ts';

export class MemoryStore implements EventStore {
  readonly #reader = new ReaderClient({ path: undefined } satisfies ReaderData);
  readonly #figures: MemoryFigures;
  readonly status: StoreStatus = {
    state: 'ready',
    detail: undefined,
    pendingEvents: 0,
    droppedEvents: 0,
    writtenEvents: 0,
    bytes: undefined,
    isBehind: false,
  };

  /** @param metricsRetentionMs - milliseconds after their time that figures are held at most */
  constructor(metricsRetentionMs: number) {
    this.#figures = new MemoryFigures(metricsRetentionMs);
  }

  append(): void {}

  mark(): void {}

  async durable(): Promise<void> {}

  async batch(): Promise<undefined> {}

  async keep(batch: FigureBatch): Promise<KeptBatch> {
    return this.#figures.keep(batch);
  }

  ask<K extends Kind>(
    question: Conversation[K]['question'] & { readonly kind: K },
    { signal, others = [] }: AskOptions = {},
  ): Promise<AnswerTo<K>> {
    const held = this.#ofFigures(question as Question);
    if (held !== undefined) return Promise.resolve(held as AnswerTo<K>);
    return this.#reader.ask<K>(question, { fresh: [], others }, signal);
  }

  #ofFigures(question: Question): AnswerTo<FigureQuestion | 'series'> | undefined {
    switch (question.kind) {
      case 'hosts':
        return this.#figures.hosts(question);
      case 'trails':
        return this.#figures.trails(question);
      case 'points':
        return this.#figures.points(question);
      case 'results':
        return this.#figures.results(question);
      case 'series':
        return renderSeries(question, this.#figures.history(question));
      case 'sparks':
        return this.#figures.sparks(question);
      case 'tallies':
        return this.#figures.tallies(question);
      default:
        return undefined;
    }
  }

  holeAfter(): undefined {}

  stop(): Promise<void> {
    return this.#reader.stop();
  }
}
