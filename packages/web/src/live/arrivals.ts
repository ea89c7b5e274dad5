/**
 * What the live stream brought, counted per second and level: for the growing end of the histogram and the lines a second.
 * Seconds are those of the hub's clock, at which a line arrived: this page's may be wrong.
 */

import { type FlatEvent, LEVELS, levelRank } from '@flywatch/core';

/** Seconds that are kept: the longest bucket of a histogram that still moves while one looks. */
const KEPT_S = 3_600;

/** The rate is that of so many whole seconds, and of fewer while the page has not looked on for so long. */
const RATE_WINDOW_S = 5;

export class Arrivals {
  /** Counts by level, in the order of `LEVELS`, per second since 1970. */
  readonly #seconds = new Map<number, number[]>();
  #newestMs = Number.NEGATIVE_INFINITY;
  /** This page's clock minus the hub's, by the freshest line. */
  #offsetMs = Number.POSITIVE_INFINITY;
  #version = 0;
  readonly #madeMs = Date.now();
  /** When the first line came, by this page's clock. */
  #begunMs = Number.POSITIVE_INFINITY;

  take(event: FlatEvent): void {
    const ms = Date.parse(event.receivedAt);
    if (Number.isNaN(ms)) return;
    this.#begunMs = Math.min(this.#begunMs, Date.now());
    const second = Math.floor(ms / 1000);
    let counts = this.#seconds.get(second);
    if (counts === undefined) {
      counts = LEVELS.map(() => 0);
      this.#seconds.set(second, counts);
      this.#forget();
    }
    counts[levelRank(event.level)]!++;
    this.#newestMs = Math.max(this.#newestMs, ms);
    this.#offsetMs = Math.min(this.#offsetMs, Date.now() - ms);
    this.#version++;
  }

  /** Grows with each line: what has not grown need not be drawn again. */
  get version(): number {
    return this.#version;
  }

  /** Seconds from a time on and their counts, oldest first. */
  since(fromMs: number): { readonly second: number; readonly counts: readonly number[] }[] {
    return [...this.#seconds]
      .filter(([second]) => second * 1000 >= fromMs)
      .sort(([a], [b]) => a - b)
      .map(([second, counts]) => ({ second, counts }));
  }

  /** Lines a second over the last whole seconds of the hub's clock; undefined before there was one. */
  rate(nowMs = Date.now()): number | undefined {
    if (!Number.isFinite(this.#begunMs)) return nowMs - this.#madeMs < 1000 * RATE_WINDOW_S ? undefined : 0;
    const now = Math.floor((nowMs - this.#offsetMs) / 1000);
    const begun = Math.ceil((this.#begunMs - this.#offsetMs) / 1000);
    const first = Math.max(now - RATE_WINDOW_S, begun);
    if (first >= now) return undefined;
    let sum = 0;
    for (let second = first; second < now; second++) {
      for (const count of this.#seconds.get(second) ?? []) sum += count;
    }
    return sum / (now - first);
  }

  /** How long ago the newest line arrived, by the hub's clock; undefined before the first. */
  newestAgeMs(nowMs = Date.now()): number | undefined {
    if (!Number.isFinite(this.#newestMs)) return undefined;
    return Math.max(0, nowMs - this.#offsetMs - this.#newestMs);
  }

  #forget(): void {
    if (this.#seconds.size <= KEPT_S) return;
    const oldest = Math.min(...this.#seconds.keys());
    this.#seconds.delete(oldest);
  }
}
