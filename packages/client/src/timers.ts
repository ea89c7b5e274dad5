/** The clock and the timers that retries and watchdogs run on, handed in so that tests need not wait. */
export interface Timers {
  /** Milliseconds on a clock that never goes back; only differences count. */
  nowMs(): number;
  /** Calls `run` once, `delayMs` from now; what it returns calls that off. */
  after(delayMs: number, run: () => void): () => void;
}

/**
 * The platform's own. They hold a Node process, other than those of the servers: while a tail waits for its next try
 * there is no socket, and a CLI would end in the middle of its work.
 */
export const systemTimers: Timers = {
  nowMs: () => performance.now(),
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
};

/** Waits, or less when `signal` is aborted. Never rejects: the caller looks at the signal anyway. */
export function sleep(timers: Timers, delayMs: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const finish = () => {
      cancel();
      signal.removeEventListener('abort', finish);
      resolve();
    };
    const cancel = timers.after(delayMs, finish);
    signal.addEventListener('abort', finish);
  });
}
