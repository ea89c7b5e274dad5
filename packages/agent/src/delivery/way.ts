/** How the way to the other side is: told once when it breaks, now and then while it is broken, and once when it is mended. */

import { COMPLAINT_MS } from './limits.ts';

/**
 * `unknown` before the first answer; `connected`; `away`: no answer, or one that says to come again; `refused`: the other side is
 * there, and something has to be put right: a token, a password, an address, tables.
 */
export type WayState = 'unknown' | 'connected' | 'away' | 'refused';

export interface WayOptions {
  readonly warn: (message: string) => void;
  readonly now: () => number;
}

export class Way {
  readonly #options: WayOptions;
  #state: WayState = 'unknown';
  #detail: string | undefined;
  #complainedMs = Number.NEGATIVE_INFINITY;

  constructor(options: WayOptions) {
    this.#options = options;
  }

  get state(): WayState {
    return this.#state;
  }

  /** What is wrong, where something is. */
  get detail(): string | undefined {
    return this.#detail;
  }

  trouble(state: 'away' | 'refused', message: string): void {
    const { warn, now } = this.#options;
    const isNew = this.#state !== state;
    this.#state = state;
    this.#detail = message;
    const nowMs = now();
    if (!isNew && nowMs - this.#complainedMs < COMPLAINT_MS) return;
    this.#complainedMs = nowMs;
    warn(message);
  }

  /** @param message - said where it was broken before */
  mended(message: string): void {
    const wasBroken = this.#state === 'away' || this.#state === 'refused';
    this.#state = 'connected';
    this.#detail = undefined;
    if (wasBroken) this.#options.warn(message);
  }
}
