/**
 * Takes health snapshots: on a schedule, when errors spike, when memory is high, and by hand.
 *
 *   observe ─▶ ErrorSpikeWatch ─┐
 *   samples ─▶ MemoryWatch ─────┼─▶ take ─▶ metrics, log summary, sources ─▶ SnapshotKeeper ─▶ storage
 *   schedule, by hand ──────────┘
 *
 * One incident makes one snapshot; the watches know when it is over. A part that cannot be had is left out and noted: a
 * snapshot is wanted most when things fail.
 */

import { formatTimeMs, type LogEvent } from '@flywatch/core';
import * as limits from '../limits.ts';
import type { Log } from '../log.ts';
import { every, REAL_CLOCK, type SnapshotClock, withinTime } from './clock.ts';
import { ErrorSpikeWatch } from './error-spike-watch.ts';
import { boundSummary, cutText, type LogSummary } from './log-summary.ts';
import { MemoryWatch } from './memory-watch.ts';
import { Outages } from './outages.ts';
import { type Snapshot, SnapshotIds, type SnapshotLogs, type Trigger } from './snapshot.ts';
import { SnapshotKeeper } from './snapshot-keeper.ts';
import type { SnapshotStorage } from './snapshot-storage.ts';

export interface SnapshotManagerOptions {
  /** Of the schedule; 0 for none. */
  readonly intervalMs: number;
  /** Errors a minute that are no spike yet. */
  readonly errorThreshold: number;
  /** Percent of memory that is not high yet. */
  readonly memoryThresholdPercent: number;
  /** What `/metrics` says now. */
  readonly metrics: () => object;
  /** Memory in use of the machine, or of the cgroup where there is one; undefined where that is not known. */
  readonly memoryPercent: () => number | undefined;
  /** State of each source now. */
  readonly sources: () => Readonly<Record<string, string>>;
  /** Counts what arrived from `fromMs` to before `toMs`, milliseconds since 1970, demo events left out. Nobody waits for it for long. */
  readonly summarize: (fromMs: number, toMs: number) => Promise<LogSummary>;
  readonly storage: SnapshotStorage;
  readonly log: Log;
  readonly clock?: SnapshotClock;
}

export class SnapshotManager {
  readonly #options: SnapshotManagerOptions;
  readonly #clock: SnapshotClock;
  readonly #outages: Outages;
  readonly #keeper: SnapshotKeeper;
  readonly #ids = new SnapshotIds();
  readonly #errors: ErrorSpikeWatch;
  readonly #memory: MemoryWatch;
  readonly #underWay = new Map<Trigger, Promise<Snapshot>>();
  #state: 'idle' | 'running' | 'stopped' = 'idle';
  #endTimers: (() => void)[] = [];
  /** A spike whose snapshot is not taken yet. */
  #spike: { readonly timer: unknown; readonly reason: string } | undefined;
  /** Up to where the last scheduled snapshot has counted. */
  #countedToMs: number | undefined;
  #stopping: Promise<void> | undefined;

  constructor(options: SnapshotManagerOptions) {
    assertWhole('intervalMs', options.intervalMs, limits.SNAPSHOT_MAX_INTERVAL_MS);
    assertWhole('errorThreshold', options.errorThreshold, limits.MAX_ERROR_THRESHOLD);
    assertPercent('memoryThresholdPercent', options.memoryThresholdPercent);
    const { storage, log, clock = REAL_CLOCK } = options;
    this.#options = options;
    this.#clock = clock;
    this.#outages = new Outages(log);
    this.#keeper = new SnapshotKeeper({ storage, clock, outages: this.#outages, log });
    this.#errors = new ErrorSpikeWatch({
      threshold: options.errorThreshold,
      windowMs: limits.ERROR_SPIKE_WINDOW_MS,
      calmMs: limits.ERROR_SPIKE_CALM_MS,
    });
    this.#memory = new MemoryWatch({
      threshold: options.memoryThresholdPercent,
      highSamples: limits.MEMORY_HIGH_SAMPLES,
      rearmPercent: limits.MEMORY_REARM_PERCENT,
      calmSamples: limits.MEMORY_CALM_SAMPLES,
    });
  }

  /** From now on snapshots are taken by themselves; the first scheduled one after a whole interval. Not after a stop. */
  start(): void {
    if (this.#state !== 'idle') return;
    this.#state = 'running';
    const { intervalMs } = this.#options;
    this.#endTimers.push(every(this.#clock, limits.MEMORY_SAMPLE_INTERVAL_MS, () => this.#sampleMemory()));
    if (intervalMs === 0) return;
    this.#countedToMs = this.#clock.wallMs();
    const reason = `the interval of ${intervalMs / 60_000} min has passed`;
    this.#endTimers.push(every(this.#clock, intervalMs, () => void this.take('scheduled', reason)));
  }

  /**
   * Ends the timers at once, and resolves when the snapshots that are under way are saved: within seconds, since nothing is
   * waited for without end. A spike whose snapshot has not been taken yet gets it now: that may be why we are stopped.
   */
  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  /** To be called for every real event as it arrives. Nothing but a comparison for those that are no errors. */
  observe(event: LogEvent): void {
    if (event.level !== 'error' && event.level !== 'fatal') return;
    if (this.#state !== 'running' || !this.#errors.errorCame(this.#clock.nowMs())) return;
    // Not taken here: `observe` stands in the way of the live stream, and what explains an incident is still to come.
    const { errorThreshold } = this.#options;
    const seconds = (this.#errors.spanMs / 1000).toFixed(1);
    const reason = `${errorThreshold + 1} errors within ${seconds} s, more than ${errorThreshold} in a minute`;
    const timer = this.#clock.setTimeout(() => this.#takeSpike(), limits.ERROR_SPIKE_SETTLE_MS);
    this.#spike = { timer, reason };
  }

  /**
   * Takes a snapshot and resolves when it is saved, or waits for a storage that fails. Never rejects. While one with the
   * same trigger is under way, that one is given: many who ask at once cost one summary.
   */
  take(trigger: Trigger, reason = 'asked for'): Promise<Snapshot> {
    let taking = this.#underWay.get(trigger);
    if (taking === undefined) {
      taking = this.#make(trigger, reason).finally(() => this.#underWay.delete(trigger));
      this.#underWay.set(trigger, taking);
    }
    return taking;
  }

  /** The newest, newest first. Rejects when the storage does. */
  list(limit: number): Promise<Snapshot[]> {
    return this.#keeper.list(limit);
  }

  /** Undefined for every text that is not the id of a snapshot that is kept. Rejects when the storage does. */
  get(id: string): Promise<Snapshot | undefined> {
    return this.#keeper.get(id);
  }

  async #stop(): Promise<void> {
    this.#state = 'stopped';
    for (const end of this.#endTimers) end();
    this.#endTimers = [];
    this.#takeSpike();
    await Promise.all(this.#underWay.values());
    await this.#keeper.retry();
    const { waiting } = this.#keeper;
    if (waiting > 0)
      this.#options.log.warn('snapshots: not all could be saved; they end with the process', { waiting });
  }

  #takeSpike(): void {
    if (this.#spike === undefined) return;
    const { timer, reason } = this.#spike;
    this.#spike = undefined;
    this.#clock.clearTimeout(timer);
    this.#takeForIncident('error_spike', reason);
  }

  #sampleMemory(): void {
    const percent = this.#attempt('memory figure', this.#options.memoryPercent);
    if (!this.#memory.sampled(percent)) return;
    const { memoryThresholdPercent } = this.#options;
    this.#takeForIncident(
      'memory_high',
      `${percent!.toFixed(1)} % of memory in use, more than ${memoryThresholdPercent} %`,
    );
  }

  #takeForIncident(trigger: Trigger, reason: string): void {
    this.#options.log.info('snapshots: one is taken', { trigger, reason });
    void this.take(trigger, reason);
  }

  async #make(trigger: Trigger, reason: string): Promise<Snapshot> {
    const nowMs = this.#clock.wallMs();
    const id = this.#ids.next(nowMs);
    const notes: string[] = [];
    // What is known now is read now; only the logs have to be waited for.
    const metrics = this.#attempt('metrics', this.#options.metrics, notes) ?? null;
    const sources = { ...this.#attempt('state of the sources', this.#options.sources, notes) };
    const logs = await this.#countLogs(this.#countFrom(trigger, nowMs), nowMs, notes);
    const timestamp = formatTimeMs(nowMs);
    const why = cutText(reason, limits.SNAPSHOT_TEXT_MAX_CHARS);
    const snapshot: Snapshot = { id, trigger, reason: why, timestamp, metrics, logs, sources, notes };
    await this.#keeper.save(snapshot);
    return snapshot;
  }

  /**
   * Scheduled snapshots count from where the last one ended, so that together they count each event once. All others
   * look back over one interval, wherever the schedule is: a minute after a scheduled one there would be next to nothing.
   */
  #countFrom(trigger: Trigger, nowMs: number): number {
    const usualMs = nowMs - (this.#options.intervalMs || limits.SNAPSHOT_WINDOW_MS);
    if (trigger !== 'scheduled') return usualMs;
    const lastMs = this.#countedToMs ?? usualMs;
    this.#countedToMs = nowMs;
    // The clock was set back.
    return lastMs < nowMs ? lastMs : usualMs;
  }

  async #countLogs(fromMs: number, toMs: number, notes: string[]): Promise<SnapshotLogs | null> {
    const { SNAPSHOT_SUMMARY_TIMEOUT_MS: patienceMs, SNAPSHOT_TOP_ERRORS, SNAPSHOT_TEXT_MAX_CHARS } = limits;
    try {
      const given = await withinTime(this.#clock, patienceMs, () => this.#options.summarize(fromMs, toMs));
      const summary = boundSummary(given, SNAPSHOT_TOP_ERRORS, SNAPSHOT_TEXT_MAX_CHARS);
      this.#outages.worked('log summary');
      return { from: formatTimeMs(fromMs), to: formatTimeMs(toMs), ...summary };
    } catch (error) {
      this.#failed('log summary', error, notes);
      return null;
    }
  }

  /** What `read` gives; undefined when it throws. */
  #attempt<T>(part: string, read: () => T, notes: string[] = []): T | undefined {
    try {
      const value = read();
      this.#outages.worked(part);
      return value;
    } catch (error) {
      this.#failed(part, error, notes);
      return undefined;
    }
  }

  /** The note does not have the error's words: a snapshot is read by more people than the hub's own log. */
  #failed(part: string, error: unknown, notes: string[]): void {
    this.#outages.failed(part, error);
    notes.push(`The ${part} is missing: it failed, and the hub's own log says why.`);
  }
}

function assertWhole(name: string, value: number, max: number): void {
  if (Number.isInteger(value) && value >= 0 && value <= max) return;
  throw new RangeError(`${name} is ${value}; a whole number from 0 to ${max} is expected`);
}

function assertPercent(name: string, value: number): void {
  if (value >= 0 && value <= 100) return;
  throw new RangeError(`${name} is ${value}; a percentage from 0 to 100 is expected`);
}
