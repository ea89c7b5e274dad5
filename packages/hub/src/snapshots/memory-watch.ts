/**
 * When memory is high, and when that is over. Memory goes up and down in saw teeth, so both take several samples in a
 * row, and the end takes a lower level than the beginning: a machine that hovers at the threshold is high once.
 */

export interface MemoryWatchOptions {
  /** Percent that may be used. */
  readonly threshold: number;
  /** Samples in a row above the threshold that count as high. */
  readonly highSamples: number;
  /** Percent below the threshold that count as low again. */
  readonly rearmPercent: number;
  /** Samples in a row at or below that which end it. */
  readonly calmSamples: number;
}

export class MemoryWatch {
  readonly #options: MemoryWatchOptions;
  readonly #rearmAt: number;
  #state: 'armed' | 'fired' = 'armed';
  /** Samples in a row that speak for the other state. */
  #streak = 0;

  constructor(options: MemoryWatchOptions) {
    this.#options = options;
    // Below ten percent a fixed distance would leave nothing that counts as low.
    this.#rearmAt = Math.max(options.threshold - options.rearmPercent, options.threshold / 2);
  }

  /** Takes note of a sample; true for the one that makes memory high. One that could not be had proves nothing, and ends a row. */
  sampled(percent: number | undefined): boolean {
    const { threshold, highSamples, calmSamples } = this.#options;
    const armed = this.#state === 'armed';
    const speaksForChange = percent !== undefined && (armed ? percent > threshold : percent <= this.#rearmAt);
    this.#streak = speaksForChange ? this.#streak + 1 : 0;
    if (this.#streak < (armed ? highSamples : calmSamples)) return false;
    this.#state = armed ? 'fired' : 'armed';
    this.#streak = 0;
    return armed;
  }
}
