/**
 * Shares of the event loop. A filter that was made to be slow may not hold up the others: what takes longer than its share
 * goes on in a later turn, after everybody else has had theirs.
 */

import type { Clock } from './clock.ts';

/**
 * Time that one filter gets in one turn of the event loop. Ordinary ones need a hundredth of it; one that was made to be
 * slow goes on in turns of its own, and falls off the ring in the end, which is its reader's gap and nobody else's.
 */
const TURN_MS = 10;

export class Turns {
  readonly #clock: Clock;
  /** Work that did not fit into a turn, oldest first. */
  #postponed: (() => void)[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Begins a share of this turn; the result says whether it is used up. */
  share(): () => boolean {
    const endMs = this.#clock.nowMs() + TURN_MS;
    return () => this.#clock.nowMs() >= endMs;
  }

  /** Does something in a later turn. What is due then shares one turn, and the rest waits for the next. */
  later(run: () => void): void {
    this.#postponed.push(run);
    if (this.#postponed.length === 1) setImmediate(() => this.#runPostponed());
  }

  #runPostponed(): void {
    const isTimeUp = this.share();
    const due = this.#postponed;
    let done = 0;
    while (done < due.length && !(done > 0 && isTimeUp())) due[done++]!();
    this.#postponed = due.slice(done);
    if (this.#postponed.length > 0) setImmediate(() => this.#runPostponed());
  }
}
