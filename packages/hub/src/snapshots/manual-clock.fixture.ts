import type { SnapshotClock } from './clock.ts';

/** Time that passes when a test says so. */
export class ManualClock implements SnapshotClock {
  #nowMs = 0;
  readonly #timers = new Map<object, { readonly atMs: number; readonly run: () => void }>();
  /** What the wall says when the test begins; a test may set it back. */
  wallOffsetMs = Date.parse('2026-11-20T10:00:00Z');

  nowMs(): number {
    return this.#nowMs;
  }

  wallMs(): number {
    return this.wallOffsetMs + this.#nowMs;
  }

  setTimeout(run: () => void, ms: number): unknown {
    const timer = {};
    this.#timers.set(timer, { atMs: this.#nowMs + ms, run });
    return timer;
  }

  clearTimeout(timer: unknown): void {
    this.#timers.delete(timer as object);
  }

  /** Timers that wait. */
  get pending(): number {
    return this.#timers.size;
  }

  /** Lets time pass. What falls due on the way runs at its time, and what that begins goes on before the next. */
  async pass(ms: number): Promise<void> {
    const end = this.#nowMs + ms;
    await untilIdle();
    for (;;) {
      const next = [...this.#timers].filter(([, { atMs }]) => atMs <= end).toSorted((a, b) => a[1].atMs - b[1].atMs)[0];
      if (next === undefined) break;
      const [timer, { atMs, run }] = next;
      this.#timers.delete(timer);
      this.#nowMs = Math.max(this.#nowMs, atMs);
      run();
      await untilIdle();
    }
    this.#nowMs = end;
  }
}

/** Everything that waits for nothing but its turn has had it. */
export function untilIdle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
