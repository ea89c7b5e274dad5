/**
 * The Fleet page's answer: every host and every app on Fly, what is wrong with it, and how it has been. Put together from what
 * the store and the ring know now, and from what Fly's platform has said of its machines as it passed by.
 */

import { formatTimeMs } from '@flywatch/core';
import type { Log } from '../../log.ts';
import type { CheckTally, FigureRow, HostsAnswer, Spark } from '../../store/figures.ts';
import type { AnswerTo, Conversation, Kind } from '../../store/questions.ts';
import type { FleetOverview, FleetUnit, UnitSpark } from './answer.ts';
import type { AskPast } from './ask-past.ts';
import { readCheck } from './check-facts.ts';
import { FlyMachines, type MachineLine } from './fly/fly-machines.ts';
import { flyUnit } from './fly/fly-unit.ts';
import { learnMachines } from './fly/learn-machines.ts';
import { gatherHosts, MOMENTS_AGO_MS, RECENT_REPORTS } from './host-facts.ts';
import { hostUnit } from './host-unit.ts';
import { KeptAnswers } from './kept-answers.ts';
import { inOrder, totalsOf } from './order.ts';
import { OriginErrors } from './origin-errors.ts';
import { type OverviewSpan, spanOf } from './span.ts';

export interface FleetOverviewsOptions {
  readonly past: AskPast;
  /** Lines of a demo that is over stay in the ring for a while, but are no part of the fleet any more. */
  readonly isDemoRunning: () => boolean;
  readonly log: Pick<Log, 'warn'>;
  /** What an agent beside this hub calls its host. */
  readonly hostname: string;
}

const SECOND_MS = 1000;
const HOUR_MS = 3_600_000;

/** How old an overview may be that is given again: ten open pages that ask every few seconds cost one. */
const KEPT_MS = SECOND_MS;

/** Slopes and usual distances change slowly, results of checks come each ten seconds at most. */
const TRAILS_KEPT_MS = 30 * SECOND_MS;
const CHECKS_KEPT_MS = 5 * SECOND_MS;

/** Counts grow with their last bucket, of which a sixtieth is as fine as it can be seen; a mean hardly moves within it. */
const countsKeptMs = ({ stepMs }: OverviewSpan) => Math.max(KEPT_MS, stepMs / 60);
const curvesKeptMs = ({ stepMs }: OverviewSpan) => stepMs / 6;

/** A page that waits longer than this for one of its parts is shown without it. */
const PATIENCE_MS = 1500;
const STALE_MS = 60 * SECOND_MS;

/** Parts that are kept: of each of a few ranges three, and the results of hosts with failing checks. Counts of 2,000 origins take a megabyte. */
const MAX_KEPT = 60;

/** Results of checks that say how a check is: those of checks that run every ten minutes too. */
const CHECKS_FROM_MS = 15 * 60_000;
const LAST_RESULTS = 20;

/** Where failures in a row are counted: in the last day, on the first hosts that have any. */
const STREAK_BACK_MS = 24 * HOUR_MS;
const STREAK_RESULTS = 1000;
const MAX_STREAK_HOSTS = 20;

/** A host that nobody has heard of for so long was taken away: the page's longest range. */
const FORGOTTEN_AFTER_MS = 7 * 24 * HOUR_MS;

/** A row that was older than this at a moment says nothing of it: twice the longest interval that is usual. */
const MOMENT_MAX_AGE_MS = 10 * 60_000;

/** After a start without the store, what machines did before is asked for again. */
const LEARN_RETRY_MS = 30 * SECOND_MS;

export class FleetOverviews {
  readonly #options: FleetOverviewsOptions;
  readonly #machines = new FlyMachines();
  readonly #kept: KeptAnswers;
  /** Those of the last second, by hours. */
  readonly #composed = new Map<number, { readonly atMs: number; readonly overview: Promise<FleetOverview> }>();
  #learning: Promise<void> | undefined;
  #hasLearned = false;
  #retry: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(options: FleetOverviewsOptions) {
    this.#options = options;
    this.#kept = new KeptAnswers({
      ...{ patienceMs: PATIENCE_MS, staleMs: STALE_MS, maxAnswers: MAX_KEPT, now: () => performance.now() },
      onFailure: (error) => options.log.warn(`a part of the fleet's overview could not be had: ${error.message}`),
    });
  }

  /** Learns what machines did before this start. */
  start(): void {
    this.#learning ??= this.#learn();
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
    const span = spanOf(hours, nowMs);
    const demo = this.#options.isDemoRunning();
    // What is wrong must not depend on the range that somebody looks at.
    const lastHour = spanOf(1, nowMs);
    const [hosts, trails, lastHourCounts, counts, sparks, tallies] = await Promise.all([
      this.#hosts(nowMs),
      this.#trails(nowMs),
      this.#origins(lastHour, demo),
      this.#origins(span, demo),
      this.#sparks(span),
      this.#tallies(span),
    ]);
    const streaks = await this.#streaks(hosts.value, nowMs);
    const machines = { isLate: !this.#hasLearned };
    const parts = { hosts, trails, machines, errors: counts, sparks, checks: tallies, streaks };
    const missing = Object.entries(parts).flatMap(([name, { isLate }]) => (isLate ? [name] : []));
    if (counts.value?.truncated === true) missing.push('errors of some machines');

    const judged = new OriginErrors(lastHourCounts.value ?? NO_ORIGINS, lastHour);
    const errors = new OriginErrors(counts.value ?? NO_ORIGINS, span);
    // Machines of the demo are told by themselves; counted, they could not be told from real ones.
    if (!demo) this.#meet(counts.value ?? NO_ORIGINS);
    const facts = gatherHosts(
      {
        nowMs,
        hosts: hosts.value ?? NO_HOSTS,
        trails: trails.value?.trails ?? [],
        resultsOf: (vps) => streaks.value?.get(vps) ?? [],
        errorRateOf: (vps) => judged.rateOfHost(vps, nowMs),
      },
      nowMs - FORGOTTEN_AFTER_MS,
    );
    const sparkOf = new Map(sparks.value?.hosts.map((spark) => [spark.vps, spark]));
    const tallyOf = new Map(tallies.value?.hosts.map((tally) => [tally.vps, tally]));
    const units = inOrder([
      ...facts.map((host) =>
        hostUnit(host, {
          errors: errors.ofHost(host.vps),
          spark: sparkIn(span, sparkOf.get(host.vps)),
          checks: checksOf(tallyOf.get(host.vps)),
          isThisHub: host.vps === this.#options.hostname,
        }),
      ),
      ...this.#flyUnits(judged, errors, nowMs),
    ]);
    return {
      at: formatTimeMs(nowMs),
      from: formatTimeMs(span.fromMs),
      bucket_ms: span.stepMs,
      units,
      totals: totalsOf(units),
      complete: missing.length === 0,
      missing,
    };
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

  #ask<K extends Kind>(
    question: Conversation[K]['question'] & { readonly kind: K },
    demo = false,
  ): Promise<AnswerTo<K>> {
    return this.#options.past.ask<K>(question, undefined, { demo });
  }

  #hosts(nowMs: number) {
    const question = { kind: 'hosts', checksFromMs: nowMs - CHECKS_FROM_MS, details: true } as const;
    return this.#kept.get('hosts', 0, () => this.#ask(question));
  }

  #trails(nowMs: number) {
    const moments = MOMENTS_AGO_MS.map((agoMs) => nowMs - agoMs);
    const question = { kind: 'trails', last: RECENT_REPORTS, moments, maxAgeMs: MOMENT_MAX_AGE_MS } as const;
    return this.#kept.get('trails', TRAILS_KEPT_MS, () => this.#ask(question));
  }

  #origins(span: OverviewSpan, demo: boolean) {
    const name = `${nameOf('origins', span)}${demo ? ' with demo' : ''}`;
    return this.#kept.get(name, countsKeptMs(span), () => this.#ask({ kind: 'origins', ...span }, demo));
  }

  #sparks(span: OverviewSpan) {
    const { fromMs, stepMs } = span;
    const ask = () => this.#ask({ kind: 'sparks', fromMs, stepMs });
    return this.#kept.get(nameOf('sparks', span), curvesKeptMs(span), ask);
  }

  #tallies(span: OverviewSpan) {
    const question = { kind: 'tallies', fromMs: span.fromMs, lastResults: LAST_RESULTS } as const;
    return this.#kept.get(nameOf('tallies', span), CHECKS_KEPT_MS, () => this.#ask(question));
  }

  /** The results of hosts on which a check fails: how often in a row, and since when. */
  async #streaks(hosts: HostsAnswer | undefined, nowMs: number) {
    const failing = (hosts?.results ?? []).filter((row) => !readCheck(row).success).map(({ vps }) => vps);
    const found = await Promise.all(
      [...new Set(failing)].slice(0, MAX_STREAK_HOSTS).map(async (vps) => {
        const fromMs = nowMs - STREAK_BACK_MS;
        const question = { kind: 'results', vps, fromMs, limit: STREAK_RESULTS, details: false } as const;
        const kept = await this.#kept.get(`results ${vps}`, CHECKS_KEPT_MS, () => this.#ask(question));
        return { vps, ...kept };
      }),
    );
    return {
      value: new Map<string, readonly FigureRow[]>(found.map(({ vps, value }) => [vps, value?.rows ?? []])),
      isLate: found.some(({ isLate }) => isLate),
    };
  }
}

const NO_HOSTS: HostsAnswer = { metrics: [], checks: [], results: [] };
const NO_ORIGINS: AnswerTo<'origins'> = { origins: [], truncated: false };

/** An answer for one span is none for the next, which begins a bucket later. */
function nameOf(part: string, { fromMs, stepMs }: OverviewSpan): string {
  return `${part} ${fromMs} ${stepMs}`;
}

function sparkIn({ fromMs, stepMs, buckets }: OverviewSpan, spark: Spark | undefined): UnitSpark | null {
  if (spark === undefined) return null;
  const spread = (values: readonly (number | null)[]) => {
    const spreadOut = Array<number | null>(buckets).fill(null);
    for (const [i, timeMs] of spark.times.entries()) {
      const bucket = Math.round((timeMs - fromMs) / stepMs);
      if (bucket >= 0 && bucket < buckets) spreadOut[bucket] = values[i] ?? null;
    }
    return spreadOut;
  };
  return { cpu_percent: spread(spark.cpuPercent), memory_percent: spread(spark.memoryPercent) };
}

function checksOf(tally: CheckTally | undefined): FleetUnit['checks'] {
  if (tally === undefined) return null;
  const { passed, failed, degraded, last } = tally;
  return { passed, failed, degraded, last };
}
