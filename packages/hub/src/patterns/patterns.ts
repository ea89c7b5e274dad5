/** Messages grouped into patterns, and what has changed in them since an earlier time. */

import { formatTimeMs, LEVELS, type Selection } from '@flywatch/core';
import type { FoundPattern, History, Looked, TimeRange } from '../query/history.ts';
import { patternQuery } from './pattern-query.ts';

/** A pattern's share of all lines has grown or fallen when it is so many times the other one; what varies less varies always. */
const CHANGE_FACTOR = 3;

/** Fewer lines than this are too few to say that they have become more or fewer. */
const CHANGE_MIN_EVENTS = 5;

/** Patterns that are compared before the wanted ones are told. */
const MAX_COMPARED = 2000;

export type Change = 'new' | 'grown' | 'steady' | 'fallen' | 'gone';

const BY_CHANGE: readonly Change[] = ['new', 'grown', 'gone', 'fallen', 'steady'];

export interface PatternWish {
  readonly selection: Selection;
  readonly range: TimeRange;
  /** What is compared with. */
  readonly baseline: TimeRange | undefined;
  readonly limit: number;
  /** `change`: what is new first, then what has grown. */
  readonly sort: 'count' | 'change';
  readonly patienceMs: number;
}

export interface PatternRow {
  readonly pattern: string;
  readonly count: number;
  readonly levels: Readonly<Record<string, number>>;
  readonly first_seen: string;
  readonly last_seen: string;
  readonly example: Readonly<Record<'id' | 'message' | 'level' | 'app' | 'instance', string | null>>;
  /** Filter that finds its lines; null where nothing in it stays the same. */
  readonly q: string | null;
  readonly baseline_count?: number;
  readonly change?: Change;
}

export interface PatternReport {
  readonly patterns: readonly PatternRow[];
  /** Patterns that there are. */
  readonly found: number;
  readonly events: number;
  /** Whether all lines of the range were looked at; else those back to `looked_back_to`. */
  readonly complete: boolean;
  readonly looked_back_to: string | null;
  readonly baseline?: Pick<PatternReport, 'events' | 'complete' | 'looked_back_to'>;
}

export async function findPatterns(history: History, wish: PatternWish, signal?: AbortSignal): Promise<PatternReport> {
  const { selection, range, baseline, patienceMs } = wish;
  const limit = baseline === undefined && wish.sort === 'count' ? wish.limit : MAX_COMPARED;
  const answer = await history.askReal({ kind: 'patterns', selection, range, baseline, limit, patienceMs }, signal);
  const { looked, baseline: before } = answer;
  const rows = answer.patterns.map((found) => {
    const row = describe(found);
    if (before === undefined) return row;
    return { ...row, baseline_count: found.baselineCount, change: changeOf(found, looked, before) };
  });
  return {
    patterns: rows.sort(ORDERS[wish.sort]).slice(0, wish.limit),
    found: answer.found,
    ...describeLooked(looked),
    ...(before === undefined ? undefined : { baseline: describeLooked(before) }),
  };
}

const ORDERS = {
  count: (a: PatternRow, b: PatternRow) => b.count - a.count,
  change: (a: PatternRow, b: PatternRow) =>
    BY_CHANGE.indexOf(a.change ?? 'steady') - BY_CHANGE.indexOf(b.change ?? 'steady') || b.count - a.count,
};

/** By the shares of all lines, since the two ranges may differ in length and in how far they were looked at. */
export function changeOf(
  { count, baselineCount }: Pick<FoundPattern, 'count' | 'baselineCount'>,
  looked: Looked,
  before: Looked,
): Change {
  if (before.events === 0 || looked.events === 0) return 'steady';
  if (baselineCount === 0) return 'new';
  if (count === 0) return 'gone';
  const factor = count / looked.events / (baselineCount / before.events);
  if (factor >= CHANGE_FACTOR && count >= CHANGE_MIN_EVENTS) return 'grown';
  return factor <= 1 / CHANGE_FACTOR && baselineCount >= CHANGE_MIN_EVENTS ? 'fallen' : 'steady';
}

function describe({ pattern, count, levels, firstSeenMs, lastSeenMs, example }: FoundPattern): PatternRow {
  const { app, instance, ...rest } = example;
  return {
    pattern,
    count,
    levels: Object.fromEntries(LEVELS.flatMap((level, rank) => (levels[rank]! > 0 ? [[level, levels[rank]!]] : []))),
    first_seen: formatTimeMs(firstSeenMs),
    last_seen: formatTimeMs(lastSeenMs),
    example: { ...rest, app: app ?? null, instance: instance ?? null },
    q: patternQuery(pattern) ?? null,
  };
}

function describeLooked({ events, backToMs }: Looked) {
  return {
    events,
    complete: backToMs === undefined,
    looked_back_to: backToMs === undefined ? null : formatTimeMs(backToMs),
  };
}
