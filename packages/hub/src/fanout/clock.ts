/** Time, handed in so that tests decide when it passes. */
export interface Clock {
  /** Milliseconds that only grow. */
  nowMs(): number;
  setTimeout(run: () => void, ms: number): unknown;
  clearTimeout(timer: unknown): void;
}

/** The machine's time; its timers do not hold the process. */
export const REAL_CLOCK: Clock = {
  nowMs: () => performance.now(),
  setTimeout: (run, ms) => setTimeout(run, ms).unref(),
  clearTimeout: (timer) => clearTimeout(timer as NodeJS.Timeout),
};
