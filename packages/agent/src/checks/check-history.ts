import type { CheckState, Verdict } from './check.ts';

/**
 * The state that follows from the runs so far. One bad run is not `down` and one good run does not end it: what flaps would
 * otherwise wake people with every turn.
 *
 *   up ──failed──▶ degraded ──failed, `failAfter` in a row──▶ down ──good, `recoverAfter` in a row──▶ up
 *
 * A slow run counts as good where `down` is to end, and leaves `degraded` behind in place of `up`.
 */
export class CheckHistory {
  #state: CheckState | undefined;
  #failures = 0;
  #successes = 0;
  readonly #failAfter: number;
  readonly #recoverAfter: number;

  constructor({ failAfter, recoverAfter }: { readonly failAfter: number; readonly recoverAfter: number }) {
    this.#failAfter = failAfter;
    this.#recoverAfter = recoverAfter;
  }

  /** The state after one more run. */
  add(verdict: Verdict): CheckState {
    const failed = verdict === 'failed';
    this.#failures = failed ? this.#failures + 1 : 0;
    this.#successes = failed ? 0 : this.#successes + 1;
    this.#state = this.#next(verdict);
    return this.#state;
  }

  #next(verdict: Verdict): CheckState {
    if (this.#state === 'down' && this.#successes < this.#recoverAfter) return 'down';
    if (verdict === 'failed') return this.#failures >= this.#failAfter ? 'down' : 'degraded';
    return verdict === 'slow' ? 'degraded' : 'up';
  }
}
