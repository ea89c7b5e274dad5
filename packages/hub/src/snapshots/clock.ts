/** Time, handed in so that tests decide when it passes. */
export interface SnapshotClock {
  /** Milliseconds that only grow: for durations. */
  nowMs(): number;
  /** Milliseconds since 1970: for what people read. May be set back. */
  wallMs(): number;
  setTimeout(run: () => void, ms: number): unknown;
  clearTimeout(timer: unknown): void;
}

/** The machine's time; its timers do not hold the process. */
export const REAL_CLOCK: SnapshotClock = {
  nowMs: () => performance.now(),
  wallMs: () => Date.now(),
  setTimeout: (run, ms) => setTimeout(run, ms).unref(),
  clearTimeout: (timer) => clearTimeout(timer as NodeJS.Timeout),
};

/** What `work` gives, or an error when that takes longer than `ms`. The work itself goes on; nobody hears of its end. */
export async function withinTime<T>(clock: SnapshotClock, ms: number, work: () => Promise<T>): Promise<T> {
  let timer: unknown;
  const late = new Promise<never>((_, reject) => {
    timer = clock.setTimeout(() => reject(new Error(`no answer within ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([work(), late]);
  } finally {
    clock.clearTimeout(timer);
  }
}

/** Runs something again and again, first after `ms`; what is returned ends it. */
export function every(clock: SnapshotClock, ms: number, run: () => void): () => void {
  const next = (): unknown =>
    clock.setTimeout(() => {
      timer = next();
      run();
    }, ms);
  let timer = next();
  return () => clock.clearTimeout(timer);
}
