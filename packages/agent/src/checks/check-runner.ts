/**
 * Runs checks, each at its own interval. First runs are spread over some seconds, evenly and with a shift by the host's name, so that
 * neither a hundred checks of one agent nor one check of a hundred agents start together; after that each keeps to its own
 * grid, so that a slow run delays no later one.
 */

import { setTimeout as sleep } from 'node:timers/promises';
import type { CheckResult, CheckSpec } from './check.ts';
import { CheckHistory } from './check-history.ts';
import { judge } from './judge.ts';
import { NameLookup } from './name-lookup.ts';
import { probe } from './probe.ts';
import { Slots } from './slots.ts';

/** Tries at a time: enough that a few hosts that hang do not hold up the rest, and some 16 sockets at most. */
const MAX_AT_ONCE = 16;

/** First runs are spread over this at most: who has just started the agent wants to see them. */
const FIRST_SPREAD_MS = 10_000;

export interface CheckRunnerOptions {
  readonly checks: readonly CheckSpec[];
  /** Shifts the starts, so that hosts do not run in step. */
  readonly host: string;
  readonly onResult: (result: CheckResult) => void;
}

interface Job {
  readonly spec: CheckSpec;
  readonly history: CheckHistory;
  /** On the clock of `performance.now()`. */
  dueMs: number;
  running: boolean;
  timer: NodeJS.Timeout | undefined;
}

export class CheckRunner {
  readonly #jobs: readonly Job[];
  readonly #host: string;
  readonly #onResult: (result: CheckResult) => void;
  readonly #lookup = new NameLookup();
  readonly #slots = new Slots(MAX_AT_ONCE);
  #stop = new AbortController();
  #started = false;
  #runsSkipped = 0;

  constructor({ checks, host, onResult }: CheckRunnerOptions) {
    this.#jobs = checks.map((spec) => ({
      spec,
      history: new CheckHistory(spec),
      dueMs: 0,
      running: false,
      timer: undefined,
    }));
    this.#host = host;
    this.#onResult = onResult;
  }

  /** Runs that did not start, because the run before was not done. */
  get runsSkipped(): number {
    return this.#runsSkipped;
  }

  start(): void {
    if (this.#started) return;
    this.#started = true;
    this.#stop = new AbortController();
    const nowMs = performance.now();
    for (const [index, job] of this.#jobs.entries()) {
      job.dueMs = nowMs + startDelayMs(index, this.#jobs.length, job.spec.intervalMs, this.#host);
      this.#arm(job);
    }
  }

  /** What runs is called off; it gives no result. */
  stop(): void {
    this.#started = false;
    for (const { timer } of this.#jobs) clearTimeout(timer);
    this.#stop.abort(new Error('stopped'));
  }

  /** Every check once, now; for a look at them by hand. */
  async runOnce(): Promise<CheckResult[]> {
    const results = await Promise.all(this.#jobs.map((job) => this.#run(job)));
    return results.filter((result) => result !== undefined);
  }

  #arm(job: Job): void {
    job.timer = setTimeout(
      () => {
        // From one line of the grid to the next that is ahead: after a pause nothing is made up for.
        const late = performance.now() - job.dueMs;
        job.dueMs += job.spec.intervalMs * Math.max(1, Math.ceil(late / job.spec.intervalMs));
        this.#arm(job);
        if (job.running) this.#runsSkipped++;
        else void this.#run(job).then((result) => result !== undefined && this.#onResult(result));
      },
      Math.max(0, job.dueMs - performance.now()),
    );
    job.timer.unref();
  }

  /** One run with its further tries; undefined where it was called off. */
  async #run(job: Job): Promise<CheckResult | undefined> {
    const { spec, history } = job;
    const { signal } = this.#stop;
    job.running = true;
    try {
      for (let attempts = 1; ; attempts++) {
        const atMs = Date.now();
        const observation = await this.#slots.run(() => probe(spec, this.#lookup, signal));
        if (signal.aborted) return undefined;
        const judgement = judge(spec, observation);
        if (judgement.verdict !== 'failed' || attempts > spec.retries) {
          return { spec, atMs, observation, ...judgement, state: history.add(judgement.verdict), attempts };
        }
        // Without a slot: waiting for another try is no reason for others to wait.
        await sleep(spec.retryIntervalMs, undefined, { signal, ref: false }).catch(() => {});
        if (signal.aborted) return undefined;
      }
    } finally {
      job.running = false;
    }
  }
}

/** When the check at `index` of `count` starts first. */
function startDelayMs(index: number, count: number, intervalMs: number, host: string): number {
  return ((index + fraction(host)) / count) * Math.min(intervalMs, FIRST_SPREAD_MS);
}

/** A number from 0 up to 1 that is always the same for a name (FNV-1a). */
function fraction(name: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
  return (hash >>> 0) / 2 ** 32;
}
