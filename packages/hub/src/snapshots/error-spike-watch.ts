/**
 * When errors have become an incident, and when it is over.
 *
 *   armed ── more than `threshold` within the window ──▶ fired
 *     ▲                                                    │
 *     └── at or below half of it, for all of `calmMs` ─────┘
 *
 * A rate that flaps around the threshold, or stays above it for hours, is one incident: only a rate that has been low for
 * a while ends it.
 *
 * The arrivals of the newest `threshold + 1` errors are all that has to be known, in a ring. There is a spike when the
 * oldest of them lies within the window. The rate was above half the threshold for the last time when the error that is
 * `threshold / 2` errors back fell out of the window: so that the end of an incident needs no timer, but is seen at the
 * next error. Buckets of a second would need a timer and be wrong by up to a second at either edge.
 */

export interface ErrorSpikeOptions {
  /** Errors that may come within the window. */
  readonly threshold: number;
  readonly windowMs: number;
  readonly calmMs: number;
}

export class ErrorSpikeWatch {
  readonly #options: ErrorSpikeOptions;
  /** A ring. The next error takes the place of the oldest. */
  readonly #arrivals: Float64Array;
  #next = 0;
  #newestMs = Number.NEGATIVE_INFINITY;
  #state: 'armed' | 'fired' = 'armed';

  constructor(options: ErrorSpikeOptions) {
    this.#options = options;
    this.#arrivals = new Float64Array(options.threshold + 1).fill(Number.NEGATIVE_INFINITY);
  }

  /** Takes note of an error; true for the one that makes an incident. Called for every error, so it does little. */
  errorCame(nowMs: number): boolean {
    if (this.#state === 'fired' && nowMs >= this.#calmAtMs) this.#state = 'armed';
    this.#arrivals[this.#next] = nowMs;
    this.#next = this.#next + 1 === this.#arrivals.length ? 0 : this.#next + 1;
    this.#newestMs = nowMs;
    if (this.#state === 'fired' || this.spanMs >= this.#options.windowMs) return false;
    this.#state = 'fired';
    return true;
  }

  /** Time within which the newest `threshold + 1` errors came. */
  get spanMs(): number {
    return this.#newestMs - this.#arrivals[this.#next]!;
  }

  /** When the rate will have been low for long enough, if no further error comes. */
  get #calmAtMs(): number {
    const { threshold, windowMs, calmMs } = this.#options;
    const { length } = this.#arrivals;
    const back = Math.floor(threshold / 2) + 1;
    return this.#arrivals[(this.#next - back + length) % length]! + windowMs + calmMs;
  }
}
