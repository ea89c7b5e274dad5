/**
 * When a subscription is too quiet to be believed. Fly's bus sometimes keeps a connection and stops sending (facts, 5.6),
 * and only the arrival of messages tells. What is normal differs from app to app, so the usual pause is learned: a silence
 * of several times the longest recent pause is suspicious, within bounds.
 */

export interface SilenceOptions {
  readonly minSilenceMs: number;
  readonly maxSilenceMs: number;
  readonly pauseFactor: number;
  /** Messages after which the usual pause counts as known; before, only the upper bound does. */
  readonly minMessages: number;
}

/** How long a pause is remembered: two windows, so that last night's quiet does not count at noon. */
const WINDOW_MS = 30 * 60_000;

export class SilenceWatch {
  readonly #options: SilenceOptions;
  #messages = 0;
  #lastAtMs: number;
  #windowStartMs: number;
  #longestNow = 0;
  #longestBefore = 0;
  /** Doubled with each renewal that brought nothing: an app may simply have gone quiet. */
  #patience = 1;

  constructor(options: SilenceOptions, nowMs: number) {
    this.#options = options;
    this.#lastAtMs = nowMs;
    this.#windowStartMs = nowMs;
  }

  /** A message came. Called for every one, so it does little. */
  heard(nowMs: number): void {
    const pause = nowMs - this.#lastAtMs;
    this.#lastAtMs = nowMs;
    this.#messages++;
    this.#patience = 1;
    if (pause > this.#longestNow && this.#messages > 1) this.#longestNow = pause;
    if (nowMs - this.#windowStartMs > WINDOW_MS) {
      this.#longestBefore = this.#longestNow;
      this.#longestNow = 0;
      this.#windowStartMs = nowMs;
    }
  }

  /** The silence that counts as a stall now. */
  get limitMs(): number {
    const { minSilenceMs, maxSilenceMs, pauseFactor, minMessages } = this.#options;
    if (this.#messages < minMessages) return maxSilenceMs;
    const usual = Math.max(this.#longestNow, this.#longestBefore) * pauseFactor;
    return Math.min(maxSilenceMs, Math.max(minSilenceMs, usual) * this.#patience);
  }

  /** Whether it has been silent for too long. */
  isStalled(nowMs: number): boolean {
    return nowMs - this.#lastAtMs > this.limitMs;
  }

  /** The subscription was renewed: silence counts anew, and longer than before. */
  renewed(nowMs: number): void {
    this.#lastAtMs = nowMs;
    this.#patience = Math.min(this.#patience * 2, 1024);
  }
}
