/**
 * How long to wait before the next try: exponential backoff with full jitter.
 *
 * "Full" means anything from nothing to the ceiling, with equal chance. A hub that restarts loses all its readers in the
 * same millisecond; were each to wait about the ceiling, all of them would be back in the same millisecond too.
 * No clock and no timer in here: the caller sleeps.
 */

export interface BackoffOptions {
  /**
   * Ceiling of the first wait, in milliseconds; each further one has twice the ceiling of the last.
   * @defaultValue 250: a hub that restarts is away for about a second, so two or three tries find it
   */
  readonly baseMs?: number | undefined;
  /**
   * No ceiling is greater, in milliseconds.
   * @defaultValue 30000: after a night without network, somebody who looks again need not reload the page
   */
  readonly capMs?: number | undefined;
  /**
   * A number from 0 up to and without 1.
   * @defaultValue Math.random
   */
  readonly random?: (() => number) | undefined;
}

export class Backoff {
  readonly #baseMs: number;
  readonly #capMs: number;
  readonly #random: () => number;
  #failures = 0;

  constructor(options: BackoffOptions = {}) {
    const { baseMs = 250, capMs = 30_000, random = Math.random } = options;
    if (!(baseMs > 0 && Number.isFinite(baseMs))) throw new RangeError(`baseMs must be above 0, not ${baseMs}`);
    if (!(capMs >= baseMs && Number.isFinite(capMs))) {
      throw new RangeError(`capMs must be finite and at least baseMs (${baseMs}), not ${capMs}`);
    }
    this.#baseMs = baseMs;
    this.#capMs = capMs;
    this.#random = random;
  }

  /** Waits handed out since the start or the last {@link reset}. */
  get failures(): number {
    return this.#failures;
  }

  /**
   * The next wait in whole milliseconds. `floorMs` is what the other side asked for (`retry:`, `Retry-After`): never less
   * than that, and spread over at least half of it on top, since it asked all its readers for the same.
   */
  nextDelayMs(floorMs = 0): number {
    // 2^30 base intervals are beyond any cap; the exponent is bounded so that years of trying do not reach Infinity.
    const ceiling = Math.min(this.#capMs, this.#baseMs * 2 ** Math.min(this.#failures, 30));
    this.#failures++;
    return Math.round(floorMs + this.#random() * Math.max(ceiling, floorMs / 2));
  }

  /** After a success: the next wait is a first one again. */
  reset(): void {
    this.#failures = 0;
  }
}
