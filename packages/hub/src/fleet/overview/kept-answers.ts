/**
 * Answers that are kept for a while, so that ten open pages cost one question. One that is late goes on: whoever asks next has
 * it, and until then the answer before.
 */

export interface KeptAnswer<T> {
  /** Undefined where there is none yet, or none that can be shown any more. */
  readonly value: T | undefined;
  /** Whether the value is older than was asked for, or missing. */
  readonly isLate: boolean;
}

interface Entry {
  value: unknown;
  atMs: number;
  asking: Promise<unknown> | undefined;
}

export interface KeptAnswersOptions {
  /** Milliseconds that somebody waits for an answer. */
  readonly patienceMs: number;
  /** Milliseconds after which an old answer is worse than none. */
  readonly staleMs: number;
  /** Answers that are kept; the longest unused goes. */
  readonly maxAnswers: number;
  readonly onFailure: (error: Error) => void;
}

export class KeptAnswers {
  readonly #options: KeptAnswersOptions;
  readonly #entries = new Map<string, Entry>();

  constructor(options: KeptAnswersOptions) {
    this.#options = options;
  }

  /** The answer of that name, asked for anew where it is older than `maxAgeMs`. Never rejects. */
  async get<T>(name: string, maxAgeMs: number, ask: () => Promise<T>): Promise<KeptAnswer<T>> {
    const entry = this.#entry(name);
    const ageMs = () => performance.now() - entry.atMs;
    if (ageMs() <= maxAgeMs) return { value: entry.value as T, isLate: false };
    entry.asking ??= this.#ask(entry, ask);
    const { patienceMs, staleMs } = this.#options;
    const inTime = await withinTime(entry.asking, patienceMs);
    if (inTime && ageMs() <= Math.max(maxAgeMs, patienceMs)) return { value: entry.value as T, isLate: false };
    return { value: ageMs() <= staleMs ? (entry.value as T) : undefined, isLate: true };
  }

  #entry(name: string): Entry {
    const found = this.#entries.get(name) ?? { value: undefined, atMs: Number.NEGATIVE_INFINITY, asking: undefined };
    this.#entries.delete(name);
    this.#entries.set(name, found);
    if (this.#entries.size > this.#options.maxAnswers) this.#entries.delete(this.#entries.keys().next().value!);
    return found;
  }

  async #ask(entry: Entry, ask: () => Promise<unknown>): Promise<void> {
    try {
      const askedAtMs = performance.now();
      entry.value = await ask();
      entry.atMs = askedAtMs;
    } catch (error) {
      this.#options.onFailure(error as Error);
    } finally {
      entry.asking = undefined;
    }
  }
}

/** Whether something is done in time. */
async function withinTime(work: Promise<unknown>, patienceMs: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(resolve, patienceMs, false);
  });
  const done = await Promise.race([work.then(() => true), late]);
  clearTimeout(timer);
  return done;
}
