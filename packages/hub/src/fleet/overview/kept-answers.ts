/**
 * Answers that are kept for a while, so that ten open pages cost one question. One that is late goes on: whoever asks next has
 * it, and until then the answer before. What takes long is asked less often, so that a slow store is not kept busy by a page.
 */

import { waitAtMost } from '../../wait-at-most.ts';

export interface KeptAnswer<T> {
  /** Undefined where there is none yet, or none that can be shown any more. */
  readonly value: T | undefined;
  /** Whether the value is older than was asked for, or missing. */
  readonly isLate: boolean;
}

interface Entry {
  value: unknown;
  /** When it came, and how long it took. */
  atMs: number;
  tookMs: number;
  /** Comes to whether there is an answer. */
  asking: Promise<boolean> | undefined;
}

export interface KeptAnswersOptions {
  /** Milliseconds that somebody waits for an answer. */
  readonly patienceMs: number;
  /** Milliseconds after which an old answer is worse than none. */
  readonly staleMs: number;
  /** Answers that are kept; the longest unused goes, as do those that are stale. */
  readonly maxAnswers: number;
  readonly onFailure: (error: Error) => void;
  /** Milliseconds that run on without jumps. */
  readonly now: () => number;
}

/** A question that took a second rests for four. */
const REST_FACTOR = 4;

export class KeptAnswers {
  readonly #options: KeptAnswersOptions;
  readonly #entries = new Map<string, Entry>();

  constructor(options: KeptAnswersOptions) {
    this.#options = options;
  }

  /** The answer of that name, asked for anew where it is older than `maxAgeMs`. Never rejects. */
  async get<T>(name: string, maxAgeMs: number, ask: () => Promise<T>): Promise<KeptAnswer<T>> {
    const entry = this.#entry(name);
    const ageMs = () => this.#options.now() - entry.atMs;
    if (ageMs() <= Math.max(maxAgeMs, entry.tookMs * REST_FACTOR)) return { value: entry.value as T, isLate: false };
    entry.asking ??= this.#ask(entry, ask);
    const { patienceMs, staleMs } = this.#options;
    if (await waitAtMost(entry.asking, patienceMs)) return { value: entry.value as T, isLate: false };
    return { value: ageMs() <= staleMs ? (entry.value as T) : undefined, isLate: true };
  }

  #entry(name: string): Entry {
    const found = this.#entries.get(name);
    this.#entries.delete(name);
    if (found === undefined) this.#prune();
    const entry = found ?? { value: undefined, atMs: Number.NEGATIVE_INFINITY, tookMs: 0, asking: undefined };
    this.#entries.set(name, entry);
    return entry;
  }

  #prune(): void {
    const { staleMs, maxAnswers } = this.#options;
    const staleFromMs = this.#options.now() - staleMs;
    for (const [name, { atMs, asking }] of this.#entries) {
      if ((atMs < staleFromMs && asking === undefined) || this.#entries.size >= maxAnswers) this.#entries.delete(name);
    }
  }

  async #ask(entry: Entry, ask: () => Promise<unknown>): Promise<boolean> {
    const startMs = this.#options.now();
    try {
      entry.value = await ask();
      entry.atMs = this.#options.now();
      entry.tookMs = entry.atMs - startMs;
      return true;
    } catch (error) {
      this.#options.onFailure(error as Error);
      return false;
    } finally {
      entry.asking = undefined;
    }
  }
}
