/** History: what the store holds and what only the ring has, as one. Everybody who asks about the past asks here. */

import type { EventId, LogEvent, Selection } from '@flywatch/core';
import type { EventBuffer } from '../buffer/event-buffer.ts';
import type { Hole } from '../store/holes.ts';
import type { AnswerTo, ContextQuestion, Conversation, HistoryKey, Kind, RowForm } from '../store/questions.ts';
import type { EventStore } from '../store/store.ts';
import { RingBatches } from './ring-batches.ts';

export type { FoundPattern, Looked, TimeRange } from '../store/questions.ts';

export interface HistoryOptions {
  readonly store: EventStore;
  readonly buffer: EventBuffer;
  /** Events that the store never gets. */
  readonly isInRingAlone: (event: LogEvent) => boolean;
  /** The id under which the store has an event: hubs of a group have ids of their own. Undefined where no other than the given one is known. */
  readonly keptAs?: (id: EventId) => EventId | undefined;
}

/** An event that is known already, for a merge with another source. */
export interface Known {
  readonly position: number;
  readonly instance: string | undefined;
  readonly timeMs: number;
  readonly timeNanos: number;
  readonly message: string;
}

/** How far source time and arrival may lie apart for an event to be counted in a summary: without a bound, all that is stored would be looked at. */
const SUMMARY_LATE_MS = 3_600_000;

/** Events of a page of {@link History.known}. */
const KNOWN_PAGE = 5000;

export class History {
  readonly #store: EventStore;
  readonly #ring: RingBatches;
  /** Those of them that are real. */
  readonly #realRing: RingBatches;
  readonly #keptAs: NonNullable<HistoryOptions['keptAs']>;

  constructor({ store, buffer, isInRingAlone, keptAs = () => undefined }: HistoryOptions) {
    this.#store = store;
    this.#keptAs = keptAs;
    this.#ring = new RingBatches(buffer, isInRingAlone);
    this.#realRing = new RingBatches(buffer, (event) => !event.demo && isInRingAlone(event));
  }

  ask<K extends Kind>(
    question: Conversation[K]['question'] & { readonly kind: K },
    signal?: AbortSignal,
    { demo = true }: { readonly demo?: boolean } = {},
  ): Promise<AnswerTo<K>> {
    const others = (demo ? this.#ring : this.#realRing).batches();
    return this.#store.ask<K>(question, { signal, others });
  }

  /** The same, demo traffic left out. */
  askReal<K extends Kind>(
    question: Conversation[K]['question'] & { readonly kind: K },
    signal?: AbortSignal,
  ): Promise<AnswerTo<K>> {
    return this.#store.ask<K>(question, { signal, others: this.#realRing.batches() });
  }

  /** The lines around one, by any of the ids that it has in the group. */
  async around(question: Omit<ContextQuestion, 'kind'>, signal?: AbortSignal): Promise<AnswerTo<'context'>> {
    const answer = await this.ask({ kind: 'context', ...question }, signal);
    const name = answer.line === undefined ? this.#keptAs(question) : undefined;
    return name === undefined ? answer : this.ask({ kind: 'context', ...question, ...name }, signal);
  }

  /** Where an event stands in the order of arrival, by any of the ids that it has in the group. */
  positionOf(id: EventId): number {
    return (this.#keptAs(id) ?? id).position;
  }

  /** The first span beyond a position that could not be kept. */
  holeAfter(position: number): Hole | undefined {
    return this.#store.holeAfter(position);
  }

  /** What arrived from one moment to another, demo traffic left out. */
  summarize(fromMs: number, toMs: number, limit: number): Promise<AnswerTo<'summary'>> {
    const range = { from: { ms: fromMs - SUMMARY_LATE_MS, nanos: 0 }, to: { ms: toMs + SUMMARY_LATE_MS, nanos: 0 } };
    return this.askReal({ kind: 'summary', selection: { lists: {} }, range, arrived: { fromMs, toMs }, limit });
  }

  /** Source time of the newest real event, in milliseconds; undefined where there is none. */
  async newestTimeMs(selection: Selection): Promise<number | undefined> {
    const { keys } = await this.askReal({
      ...{ kind: 'page', selection, range: {}, order: 'desc', limit: 1, form: 'flat' },
      patienceMs: 5000,
    });
    return keys[0]?.ms;
  }

  /** An app's events in a span of source time, oldest first. */
  async *known(app: string, fromMs: number, toMs: number, signal: AbortSignal): AsyncIterable<Known> {
    let after: HistoryKey | undefined;
    do {
      const answer: AnswerTo<'keys'> = await this.ask(
        {
          kind: 'keys',
          selection: { lists: { app: [app] } },
          range: { from: { ms: fromMs, nanos: 0 }, to: { ms: toMs, nanos: 0 } },
          limit: KNOWN_PAGE,
          after,
        },
        signal,
      );
      for (const [i, { ms, nanos, position }] of answer.keys.entries()) {
        const [instance, message] = [answer.instances[i], answer.messages[i]!];
        yield { position, instance, timeMs: ms, timeNanos: nanos, message };
      }
      after = answer.next;
    } while (after !== undefined);
  }
}

/** What a live reader that is behind wants of history; the contract of `fanout/catch-up.ts` from the other side. */
interface Wish {
  readonly selection: Selection;
  readonly format: Exclude<RowForm, 'legacy' | 'flat-raw'>;
  readonly raw: boolean;
  readonly sinceMs: number | undefined;
  readonly until: number;
  readonly signal: AbortSignal;
}

/** Readers whose questions are under way at once: after a restart all of them come back together. */
const READERS_AT_ONCE = 4;

/** Brings live readers up to where the ring begins. */
export class HistoryCatchUp {
  readonly #history: History;
  readonly #onFailure: (error: Error) => void;
  #free = READERS_AT_ONCE;
  readonly #waiting: (() => void)[] = [];

  constructor(history: History, onFailure: (error: Error) => void) {
    this.#history = history;
    this.#onFailure = onFailure;
  }

  async read(position: number, maxBytes: number, wish: Wish): Promise<AnswerTo<'after'>> {
    const form = wish.raw && wish.format === 'flat' ? 'flat-raw' : wish.format;
    const hole = this.#history.holeAfter(position);
    if (hole !== undefined && hole.from <= position + 1) {
      const reached = Math.min(hole.to, wish.until);
      return { rows: [], positions: [], reached, droppedTo: reached };
    }
    const until = Math.min(wish.until, hole === undefined ? wish.until : hole.from - 1);
    return this.#inTurn(wish, () =>
      this.#history.ask({ ...asked(wish), kind: 'after', position, until, form, maxBytes }, wish.signal),
    );
  }

  async start(tail: number | undefined, wish: Wish): Promise<number> {
    const { position } = await this.#inTurn(wish, () =>
      this.#history.ask({ ...asked(wish), kind: 'start', tail, until: wish.until }, wish.signal),
    );
    return position;
  }

  urlOf(from: string, to: string): string {
    return `/logs/history?order=asc&after=${from}&until=${to}`;
  }

  async #inTurn<T>({ signal }: Wish, ask: () => Promise<T>): Promise<T> {
    if (this.#free === 0) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#free--;
    try {
      signal.throwIfAborted();
      return await ask();
    } catch (error) {
      if (!signal.aborted) this.#onFailure(error as Error);
      throw error;
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#free++;
      else next();
    }
  }
}

function asked({ selection, sinceMs }: Wish) {
  return { selection, range: sinceMs === undefined ? {} : { from: { ms: sinceMs, nanos: 0 } } };
}
