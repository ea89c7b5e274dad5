/**
 * The Fleet page's answer: every host and every app on Fly, what is wrong with it, and how it has been. Put together from what
 * the store and the ring know now, and from what Fly's platform has said of its machines as it passed by.
 */

import { type FleetOverview, type FleetThresholds, type FleetUnit, formatTimeMs } from '@flywatch/core';
import type { Log } from '../../log.ts';
import type { AnswerTo } from '../../store/questions.ts';
import { waitAtMost } from '../../wait-at-most.ts';
import type { AskPast } from './ask-past.ts';
import { FlyMachines, type MachineLine } from './fly/fly-machines.ts';
import { flyUnit } from './fly/fly-unit.ts';
import { learnMachines } from './fly/learn-machines.ts';
import { gatherHosts } from './host-facts.ts';
import { checksOf, hostUnit, sparkOf } from './host-unit.ts';
import { inOrder, totalsOf } from './order.ts';
import { OriginErrors } from './origin-errors.ts';
import { OverviewAsker, type OverviewParts } from './overview-asker.ts';
import { RULES } from './rules.ts';
import { type OverviewSpan, spanOf } from './span.ts';

export interface FleetOverviewsOptions {
  readonly past: AskPast;
  /** Lines of a demo that is over stay in the ring for a while, but are no part of the fleet any more. */
  readonly isDemoRunning: () => boolean;
  readonly log: Pick<Log, 'warn'>;
  /** What an agent beside this hub calls its host. */
  readonly hostname: string;
}

/** How old an overview may be that is given again: ten open pages that ask every few seconds cost one. */
const KEPT_MS = 1000;

/** A host that nobody has heard of for so long was taken away: the page's longest range. */
const FORGOTTEN_AFTER_MS = 7 * 86_400_000;

/** An overview that is asked for every few seconds need not have everything at once. */
const FIRST_ANSWER_WAITS_MS = 1000;

/** After a start without the store, what machines did before is asked for again. */
const LEARN_RETRY_MS = 30_000;

/** A store that is away fails each part of each overview, every second while a page is open: that is told once a minute. */
const TELL_AGAIN_MS = 60_000;

/** What the page draws as dashed lines. */
const THRESHOLDS: FleetThresholds = {
  cpu_percent: RULES.cpu.warn,
  memory_percent: RULES.memory.warn,
  disk_percent: RULES.disk.warn,
};

export class FleetOverviews {
  readonly #options: FleetOverviewsOptions;
  readonly #machines = new FlyMachines();
  readonly #asker: OverviewAsker;
  /** Those of the last second, by hours. */
  readonly #composed = new Map<number, { readonly atMs: number; readonly overview: Promise<FleetOverview> }>();
  #learning: Promise<void> | undefined;
  #hasLearned = false;
  #retry: NodeJS.Timeout | undefined;
  #stopped = false;
  #toldMs = Number.NEGATIVE_INFINITY;

  constructor(options: FleetOverviewsOptions) {
    this.#options = options;
    this.#asker = new OverviewAsker({
      past: options.past,
      onFailure: (error) => this.#tell(error, performance.now()),
    });
  }

  #tell(error: Error, nowMs: number): void {
    if (nowMs - this.#toldMs < TELL_AGAIN_MS) return;
    this.#toldMs = nowMs;
    this.#options.log.warn(`a part of the fleet's overview cannot be had: ${error.message}`);
  }

  /**
   * What machines did before this start is learned when somebody asks for the first time: a hub that nobody looks at starts no thread
   * for it. The first answer waits for it for a moment.
   */
  async #learned(): Promise<void> {
    this.#learning ??= this.#learn();
    if (this.#hasLearned) return;
    await waitAtMost(this.#learning, FIRST_ANSWER_WAITS_MS);
  }

  async #learn(): Promise<void> {
    try {
      await learnMachines(this.#machines, this.#options.past, Date.now());
      this.#hasLearned = true;
    } catch (error) {
      if (this.#stopped) return;
      this.#options.log.warn(`what Fly's machines did before the start is not known yet: ${(error as Error).message}`);
      this.#retry = setTimeout(() => void this.#learn(), LEARN_RETRY_MS).unref();
    }
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#retry);
  }

  /** Sees every event as it is published. */
  observe(line: MachineLine): void {
    this.#machines.observe(line);
  }

  forgetDemo(): void {
    this.#machines.forgetDemo();
  }

  /** @param hours - 1 to 168 */
  read(hours: number, nowMs: number): Promise<FleetOverview> {
    for (const [asked, { atMs }] of this.#composed) if (nowMs - atMs >= KEPT_MS) this.#composed.delete(asked);
    const known = this.#composed.get(hours);
    if (known !== undefined) return known.overview;
    const overview = this.#compose(hours, nowMs);
    this.#composed.set(hours, { atMs: nowMs, overview });
    return overview;
  }

  async #compose(hours: number, nowMs: number): Promise<FleetOverview> {
    await this.#learned();
    const span = spanOf(hours, nowMs);
    const demo = this.#options.isDemoRunning();
    const parts = await this.#asker.ask(span, demo, nowMs);
    // Machines of the demo are told by themselves; counted, they could not be told from real ones.
    if (!demo) this.#meet(parts.counts);
    const judged = new OriginErrors(parts.lastHour, parts.lastHour.span);
    const errors = new OriginErrors(parts.counts, span);
    const units = [...this.#hostUnits(parts, span, judged, errors, nowMs), ...this.#flyUnits(judged, errors, nowMs)];
    const missing = [...parts.missing, ...(this.#hasLearned ? [] : ['machines'])];
    return {
      at: formatTimeMs(nowMs),
      from: formatTimeMs(span.fromMs),
      bucket_ms: span.stepMs,
      units: inOrder(units),
      totals: totalsOf(units),
      thresholds: THRESHOLDS,
      complete: missing.length === 0,
      missing,
    };
  }

  #hostUnits(
    parts: OverviewParts,
    span: OverviewSpan,
    judged: OriginErrors,
    errors: OriginErrors,
    nowMs: number,
  ): FleetUnit[] {
    const { hosts, trails, results } = parts;
    const resultsOf = (vps: string) => results.get(vps) ?? [];
    const errorRateOf = (vps: string) => judged.rateOfHost(vps, nowMs);
    const facts = gatherHosts({ nowMs, hosts, trails, resultsOf, errorRateOf }, nowMs - FORGOTTEN_AFTER_MS);
    const sparks = new Map(parts.sparks.map((spark) => [spark.vps, spark]));
    const tallies = new Map(parts.tallies.map((tally) => [tally.vps, tally]));
    return facts.map((host) =>
      hostUnit(host, {
        errors: errors.ofHost(host.vps),
        spark: sparkOf(sparks.get(host.vps), span),
        checks: checksOf(tallies.get(host.vps)),
        isThisHub: host.vps === this.#options.hostname,
      }),
    );
  }

  #flyUnits(judged: OriginErrors, errors: OriginErrors, nowMs: number): FleetUnit[] {
    const machines = Map.groupBy(this.#machines.all(nowMs), ({ app }) => app);
    const apps = new Set([...machines.keys(), ...errors.apps]);
    return [...apps].map((app) =>
      flyUnit(app, { nowMs, machines: machines.get(app) ?? [], errorRate: judged.rateOfApp(app, nowMs) }, errors),
    );
  }

  /** Machines that have said something in the range, and nothing since the start. */
  #meet({ origins }: AnswerTo<'origins'>): void {
    for (const { origin, lastMs } of origins)
      this.#machines.observe({ ...origin, message: '', timeMs: lastMs, demo: false });
  }
}
