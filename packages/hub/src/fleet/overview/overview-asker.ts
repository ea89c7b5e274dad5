/**
 * What an overview is put together from: the store's answers, each kept for as long as it is good, and not waited for longer than
 * a page can wait. What could not be had in time is named.
 */

import type { FigureRow, HostsAnswer } from '../../store/figures.ts';
import type { AnswerTo, Conversation, Kind } from '../../store/questions.ts';
import type { AskPast } from './ask-past.ts';
import { readCheck } from './check-facts.ts';
import { MOMENTS_AGO_MS, RECENT_REPORTS } from './host-facts.ts';
import { type KeptAnswer, KeptAnswers } from './kept-answers.ts';
import type { SpanCounts } from './origin-errors.ts';
import { type OverviewSpan, spanOf } from './span.ts';

const SECOND_MS = 1000;
const HOUR_MS = 3_600_000;

/** Slopes and usual distances change slowly, results of checks come each ten seconds at most. */
const TRAILS_KEPT_MS = 30 * SECOND_MS;
const CHECKS_KEPT_MS = 5 * SECOND_MS;

/** Counts grow with their last bucket, of which a sixtieth is as fine as it can be seen; a mean hardly moves within it. */
const countsKeptMs = ({ stepMs }: OverviewSpan) => stepMs / 60;
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

/** A row that was older than this at a moment says nothing of it: twice the longest interval that is usual. */
const MOMENT_MAX_AGE_MS = 10 * 60_000;

export interface OverviewParts {
  readonly hosts: HostsAnswer;
  readonly trails: AnswerTo<'trails'>['trails'];
  /** Of the last hour, whatever the span: what is wrong must not depend on the range that somebody looks at. */
  readonly lastHour: SpanCounts;
  readonly counts: SpanCounts;
  readonly sparks: AnswerTo<'sparks'>['hosts'];
  readonly tallies: AnswerTo<'tallies'>['hosts'];
  /** The newest results of hosts on which a check fails. */
  readonly results: ReadonlyMap<string, readonly FigureRow[]>;
  /** Names of what is not there, or old. */
  readonly missing: readonly string[];
}

export interface OverviewPartsOptions {
  readonly past: AskPast;
  readonly onFailure: (error: Error) => void;
}

export class OverviewAsker {
  readonly #past: AskPast;
  readonly #kept: KeptAnswers;

  constructor({ past, onFailure }: OverviewPartsOptions) {
    this.#past = past;
    const bounds = { patienceMs: PATIENCE_MS, staleMs: STALE_MS, maxAnswers: MAX_KEPT };
    this.#kept = new KeptAnswers({ ...bounds, onFailure, now: () => performance.now() });
  }

  /** @param demo - whether demo traffic is counted in */
  async ask(span: OverviewSpan, demo: boolean, nowMs: number): Promise<OverviewParts> {
    const lastHour = spanOf(1, nowMs);
    const [hosts, trails, lastCounts, counts, sparks, tallies] = await Promise.all([
      this.#hosts(nowMs),
      this.#trails(nowMs),
      this.#origins(lastHour, demo),
      this.#origins(span, demo),
      this.#sparks(span),
      this.#tallies(span),
    ]);
    const results = await this.#failing(hosts.value, nowMs);
    const named = { hosts, trails, errors: counts, error_rates: lastCounts, sparks, checks: tallies };
    const missing = Object.entries(named).flatMap(([name, { isLate }]) => (isLate ? [name] : []));
    if (results.some(({ isLate }) => isLate)) missing.push('failing_checks');
    if (counts.value?.truncated === true) missing.push('errors of some machines');
    return {
      hosts: hosts.value ?? { metrics: [], checks: [], results: [] },
      trails: trails.value?.trails ?? [],
      lastHour: lastCounts.value ?? { ...NO_COUNTS, span: lastHour },
      counts: counts.value ?? { ...NO_COUNTS, span },
      sparks: sparks.value?.hosts ?? [],
      tallies: tallies.value?.hosts ?? [],
      results: new Map(results.map(({ vps, value }) => [vps, value?.rows ?? []])),
      missing,
    };
  }

  #question<K extends Kind>(
    question: Conversation[K]['question'] & { readonly kind: K },
    demo = false,
  ): () => Promise<AnswerTo<K>> {
    return () => this.#past.ask<K>(question, undefined, { demo });
  }

  #hosts(nowMs: number) {
    const ask = this.#question({ kind: 'hosts', checksFromMs: nowMs - CHECKS_FROM_MS, details: true });
    return this.#kept.get('hosts', 0, ask);
  }

  #trails(nowMs: number) {
    const moments = MOMENTS_AGO_MS.map((agoMs) => nowMs - agoMs);
    const ask = this.#question({ kind: 'trails', last: RECENT_REPORTS, moments, maxAgeMs: MOMENT_MAX_AGE_MS });
    return this.#kept.get('trails', TRAILS_KEPT_MS, ask);
  }

  /** Counts that are old by a bucket are better than none, so that the span comes with them. */
  #origins(span: OverviewSpan, demo: boolean): Promise<KeptAnswer<SpanCounts>> {
    const name = `${nameOf('origins', span)}${demo ? ' with demo' : ''}`;
    const ask = this.#question({ kind: 'origins', ...span }, demo);
    return this.#kept.get(name, countsKeptMs(span), async () => ({ ...(await ask()), span }));
  }

  #sparks(span: OverviewSpan) {
    const { fromMs, stepMs } = span;
    return this.#kept.get(
      nameOf('sparks', span),
      curvesKeptMs(span),
      this.#question({ kind: 'sparks', fromMs, stepMs }),
    );
  }

  #tallies(span: OverviewSpan) {
    const ask = this.#question({ kind: 'tallies', fromMs: span.fromMs, lastResults: LAST_RESULTS });
    return this.#kept.get(nameOf('tallies', span), CHECKS_KEPT_MS, ask);
  }

  /** The results of hosts on which a check fails. */
  #failing(hosts: HostsAnswer | undefined, nowMs: number) {
    const failing = (hosts?.results ?? []).filter((row) => !readCheck(row).success).map(({ vps }) => vps);
    const fromMs = nowMs - STREAK_BACK_MS;
    const found = [...new Set(failing)].slice(0, MAX_STREAK_HOSTS).map(async (vps) => {
      const ask = this.#question({ kind: 'results', vps, fromMs, limit: STREAK_RESULTS, details: false });
      return { vps, ...(await this.#kept.get(`results ${vps}`, CHECKS_KEPT_MS, ask)) };
    });
    return Promise.all(found);
  }
}

const NO_COUNTS: AnswerTo<'origins'> = { origins: [], truncated: false };

function nameOf(part: string, { stepMs, buckets }: OverviewSpan): string {
  return `${part} ${stepMs} ${buckets}`;
}
