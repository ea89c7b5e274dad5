/**
 * The two messengers of one line: the bus and the HTTP API. A line that the one brings `b` times and the other `a` times is
 * there `max(a, b)` times, in whatever order they come:
 *
 *   in the slice   came over the bus before the fill, and is in the store
 *   noted          came over the bus since the fill began; the API may still tell of it
 *   owed           came from the API; the bus, when it is late, may still bring it
 *
 * Each report of one side takes away one of the other side's, or else is a new event.
 */

import type { LogEvent } from '@flywatch/core';
import { lineKey } from './line-key.ts';
import { Tally } from './tally.ts';
import type { Window } from './window.ts';

const NOTHING: Window = { fromMs: 0, toMs: 0 };

export class Overlap {
  readonly #noted: Tally;
  readonly #owed: Tally;
  #window = NOTHING;
  #owedFromMs = 0;
  #isFilling = false;
  #firstNoted = Number.POSITIVE_INFINITY;
  /** Reports for which there was no room: such a line may be there twice. */
  forgotten = 0;

  constructor(maxKeys: number) {
    this.#noted = new Tally(maxKeys);
    this.#owed = new Tally(maxKeys);
  }

  /** A fill of `window` begins. The bus may still bring what is as new as `owedFromMs`. */
  begin(window: Window, owedFromMs: number): void {
    this.#window = window;
    this.#owedFromMs = owedFromMs;
    this.#isFilling = true;
    this.#noted.clear();
    this.#firstNoted = Number.POSITIVE_INFINITY;
  }

  /** The fill has ended: what comes over the bus from now on, the next one finds in the store. */
  end(): void {
    this.#isFilling = false;
    this.#noted.clear();
  }

  /** No further fill of that time will follow. */
  forget(): void {
    this.#window = NOTHING;
    this.#owed.clear();
  }

  /** Whether {@link fromBus} counts the event at this position, so that the store's report of it must not. */
  isNoted = (position: number): boolean => position >= this.#firstNoted;

  /** The bus has brought an event: whether it is new. Called for each one, so it does nothing for nearly all. */
  fromBus(event: LogEvent): boolean {
    const { app, timeMs } = event;
    if (timeMs < this.#window.fromMs || timeMs >= this.#window.toMs || app === undefined) return true;
    if (!this.#isFilling && this.#owed.keys === 0) return true;
    const key = lineKey(app, event);
    if (this.#owed.take(key)) return false;
    if (!this.#isFilling) return true;
    if (this.#noted.add(key)) this.#firstNoted = Math.min(this.#firstNoted, event.position);
    else this.forgotten++;
    return true;
  }

  /** The API tells of a line: whether it is new. */
  fromApi(key: string, timeMs: number, slice: Tally): boolean {
    if (slice.take(key) || this.#noted.take(key)) return false;
    if (timeMs >= this.#owedFromMs && !this.#owed.add(key)) this.forgotten++;
    return true;
  }
}
