/**
 * Slows down guessing: from the twentieth wrong token in a minute on, each further wrong answer to an address takes
 * longer. Right tokens are never delayed, so that nobody can lock an operator out.
 */

export interface WrongTokensOptions {
  /** Wrong tokens in a window that cost nothing. */
  readonly free: number;
  /** What each further one adds to the wait, and the longest wait. */
  readonly delayMs: number;
  readonly maxDelayMs: number;
  readonly windowMs: number;
  /** Addresses counted at once; the one counted longest ago is forgotten beyond that. */
  readonly maxAddresses: number;
  readonly nowMs?: () => number;
}

export class WrongTokens {
  readonly #options: WrongTokensOptions;
  readonly #nowMs: () => number;
  readonly #counts = new Map<string, { since: number; count: number }>();

  constructor(options: WrongTokensOptions) {
    this.#options = options;
    this.#nowMs = options.nowMs ?? Date.now;
  }

  /** Counts a wrong token and waits as long as its answer has to. */
  async refuse(address: string): Promise<void> {
    const delay = this.count(address);
    if (delay > 0) await new Promise((resolve) => setTimeout(resolve, delay));
  }

  /** Counts a wrong token; how long its answer has to wait, in milliseconds. */
  count(address: string): number {
    const { free, delayMs, maxDelayMs, windowMs, maxAddresses } = this.#options;
    const now = this.#nowMs();
    let entry = this.#counts.get(address);
    if (entry === undefined || now - entry.since >= windowMs) {
      entry = { since: now, count: 0 };
      this.#counts.delete(address);
      if (this.#counts.size >= maxAddresses) this.#counts.delete(this.#counts.keys().next().value!);
      this.#counts.set(address, entry);
    }
    entry.count++;
    return Math.min(maxDelayMs, Math.max(0, entry.count - free) * delayMs);
  }
}
