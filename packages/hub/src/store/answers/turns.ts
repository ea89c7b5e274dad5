/** The pace of one question in a thread that has several to answer: each gets some milliseconds at a time. */

import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Pace } from './snapshot.ts';

/** Time of one share: short enough that a quick question beside a long one stays quick. */
const SHARE_MS = 10;

/** Nobody waits for the answer any more. */
export class CancelledError extends Error {
  constructor() {
    super('the question was taken back');
    this.name = 'CancelledError';
  }
}

export class Turns implements Pace {
  readonly #isCancelled: () => boolean;
  readonly #startMs = performance.now();
  #shareEndMs = this.#startMs + SHARE_MS;

  constructor(isCancelled: () => boolean) {
    this.#isCancelled = isCancelled;
  }

  elapsedMs(): number {
    return performance.now() - this.#startMs;
  }

  rest(): Promise<void> | undefined {
    return performance.now() < this.#shareEndMs ? undefined : this.#pause();
  }

  async #pause(): Promise<void> {
    await nextTurn();
    if (this.#isCancelled()) throw new CancelledError();
    this.#shareEndMs = performance.now() + SHARE_MS;
  }
}
