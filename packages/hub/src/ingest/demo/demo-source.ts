/** The demo source: plays the demo script against a real clock, as long as no real source has anything to say. */

import { encodeEnvelope } from './envelope.ts';
import { createDemoScript, type DemoScript } from './script.ts';

export const MIN_DEMO_RATE = 0.1;
export const MAX_DEMO_RATE = 100_000;

/** Lines go out together, this often at most: a screen shows no finer steps, and a batch costs less than its lines. */
const TICK_MS = 100;

/**
 * How late a line may come out. What is older, after a laptop's sleep or on a machine that is too slow for the rate, is
 * never said: the script's clock is moved on instead.
 */
const MAX_CATCH_UP_MS = 2000;

/** A batch holds at most this much of the asked rate, so that catching up does not hold the process. */
const MAX_BATCH_MS = 2 * TICK_MS;
/** At low rates a scene (a stack trace) may come whole all the same. */
const MIN_BATCH_LINES = 100;

/** Time and timers, to be handed in by tests. */
export interface DemoClock {
  nowMs(): number;
  /** Runs `run` once in `delayMs`, without holding the process; the result cancels it. */
  schedule(run: () => void, delayMs: number): () => void;
}

export interface DemoSourceOptions {
  /** Lines a second on average, 0.1 to 100,000. */
  readonly ratePerSecond: number;
  /** Equal seeds and starts make equal lines. */
  readonly seed: number;
  /** Takes a batch of JSON texts in the form of Fly's log bus, each with `"demo":true` at its top. Must not throw. */
  readonly emit: (payloads: readonly string[], receivedAtMs: number) => void;
  /** @defaultValue the system's */
  readonly clock?: DemoClock;
}

export interface DemoSource {
  readonly linesEmitted: number;
  /** Begins, or goes on after a stop; nothing if it runs already. */
  start(): void;
  /** Ends at once, also from within `emit`; nothing if it does not run. */
  stop(): void;
}

/** Throws a RangeError where the rate is out of range. */
export function createDemoSource(options: DemoSourceOptions): DemoSource {
  const { ratePerSecond, seed, emit, clock = SYSTEM_CLOCK } = options;
  if (!(ratePerSecond >= MIN_DEMO_RATE && ratePerSecond <= MAX_DEMO_RATE)) {
    throw new RangeError(`ratePerSecond is ${ratePerSecond}; expected ${MIN_DEMO_RATE} to ${MAX_DEMO_RATE}`);
  }
  const maxBatchLines = Math.max(MIN_BATCH_LINES, Math.ceil((ratePerSecond * MAX_BATCH_MS) / 1000));
  let script: DemoScript | undefined;
  let cancel: (() => void) | undefined;
  let lastTickMs = 0;
  let linesEmitted = 0;

  function tick(): void {
    const nowMs = clock.nowMs();
    script ??= createDemoScript({ seed, startMs: nowMs, ratePerSecond });
    const steppedBack = nowMs < lastTickMs - MAX_CATCH_UP_MS;
    if (steppedBack || script.nextTimeMs < nowMs - MAX_CATCH_UP_MS) script.moveTo(nowMs);
    lastTickMs = nowMs;
    const batch: string[] = [];
    while (batch.length < maxBatchLines && script.nextTimeMs <= nowMs) batch.push(encodeEnvelope(script.next()));
    // The timer comes first, so that a stop from within emit cancels it.
    cancel = clock.schedule(tick, Math.max(TICK_MS, script.nextTimeMs - nowMs));
    if (batch.length === 0) return;
    linesEmitted += batch.length;
    emit(batch, nowMs);
  }

  return {
    get linesEmitted() {
      return linesEmitted;
    },
    start() {
      if (cancel === undefined) tick();
    },
    stop() {
      cancel?.();
      cancel = undefined;
    },
  };
}

const SYSTEM_CLOCK: DemoClock = {
  nowMs: () => Date.now(),
  schedule(run, delayMs) {
    const timer = setTimeout(run, delayMs).unref();
    return () => clearTimeout(timer);
  },
};
