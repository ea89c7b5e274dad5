/** A clock that stands still until a test moves it. */

import type { Timers } from '../timers.ts';

interface Pending {
  readonly dueMs: number;
  readonly run: () => void;
}

export class ManualTimers implements Timers {
  readonly #pending = new Set<Pending>();
  #nowMs = 0;

  nowMs(): number {
    return this.#nowMs;
  }

  after(delayMs: number, run: () => void): () => void {
    const pending = { dueMs: this.#nowMs + delayMs, run };
    this.#pending.add(pending);
    return () => void this.#pending.delete(pending);
  }

  /** Milliseconds until each pending timer fires, the next one first. */
  get delays(): number[] {
    return [...this.#pending].map((pending) => pending.dueMs - this.#nowMs).sort((a, b) => a - b);
  }

  advance(ms: number): void {
    this.#nowMs += ms;
    for (const pending of [...this.#pending].sort((a, b) => a.dueMs - b.dueMs)) {
      if (pending.dueMs <= this.#nowMs && this.#pending.delete(pending)) pending.run();
    }
  }
}
