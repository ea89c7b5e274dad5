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
  /** Comes to whether there is an answer. */
  asking: Promise<boolean> | undefined;
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
    if (await inTime(entry.asking, patienceMs)) return { value: entry.value as T, isLate: false };
    return { value: ageMs() <= staleMs ? (entry.value as T) : undefined, isLate: true };
  }

  #entry(name: string): Entry {
    const found = this.#entries.get(name) ?? { value: undefined, atMs: Number.NEGATIVE_INFINITY, asking: undefined };
    this.#entries.delete(name);
    this.#entries.set(name, found);
    if (this.#entries.size > this.#options.maxAnswers) this.#entries.delete(this.#entries.keys().next().value!);
    return found;
  }

  async #ask(entry: Entry, ask: () => Promise<unknown>): Promise<boolean> {
    try {
      const askedAtMs = performance.now();
      entry.value = await ask();
      entry.atMs = askedAtMs;
      return true;
    } catch (error) {
      this.#options.onFailure(error as Error);
      return false;
    } finally {
      entry.asking = undefined;
    }
  }
}

/** What is said in time; false where nothing is. */
async function inTime(work: Promise<boolean>, patienceMs: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(resolve, patienceMs, false);
  });
  const said = await Promise.race([work, late]);
  clearTimeout(timer);
  return said;
}
