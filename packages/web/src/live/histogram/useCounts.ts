import { LEVELS, levelRank } from '@flywatch/core';
import { useEffect, useMemo, useRef, useState } from 'react';
import { type Answer, useAnswer } from '../../app/useAnswer.ts';
import type { Arrivals } from '../arrivals.ts';
import { useWidth } from '../list/useWidth.ts';
import { levelsOf, withLevelFloor } from '../query-text.ts';
import { rangeParams } from '../range-params.ts';
import { formatDuration, type View } from '../view.ts';
import {
  type Counts,
  countsOn,
  type Grid,
  gridOf,
  type HistogramAnswer,
  MAX_BUCKETS,
  newSince,
  type Second,
} from './buckets.ts';

/** How often what follows now is counted anew; in between it grows by what the stream brings. */
const REFRESH_MS = 5000;

/** How often the growing end is drawn: four times a second is as often as figures can be read. */
const GROW_MS = 250;

/** How far the clocks of hub and browser may be apart without lines that grow in late, or twice, until the next count. */
const MAX_SKEW_MS = 1000;

export interface Counted {
  readonly grid: Grid;
  /** Lines that match all of the filter but its levels. */
  readonly counts: Counts;
  /** All lines of each bucket, where the filter leaves some out. */
  readonly all: readonly number[] | undefined;
  /** Whether `counts` are those of the filter in the view, and not yet those of the one before. */
  readonly isCurrent: boolean;
  readonly error: unknown;
  /** Whether nothing has been counted yet. */
  readonly isWaiting: boolean;
}

/**
 * What the histogram shows. The filter is asked without its levels: then the legend has exact counts of those as well that are
 * switched off.
 */
export function useCounts(view: View, arrivals: Arrivals): Counted {
  const { range, q } = view;
  const follows = range.kind === 'last';
  const nowMs = useNow(follows ? GROW_MS : undefined);
  const rest = withLevelFloor(q, undefined);
  const grid = gridOf(range, nowMs, useWidth('phone') ? MAX_BUCKETS.phone : MAX_BUCKETS.wide);
  const params = { ...rangeParams(range), interval: formatDuration(grid.stepMs) };
  const everyMs = follows ? { everyMs: REFRESH_MS } : {};
  const matching = useAnswer<HistogramAnswer>('/logs/histogram', { ...params, q: rest || undefined }, everyMs);
  const everything = useAnswer<HistogramAnswer>(rest === '' ? undefined : '/logs/histogram', params, everyMs);
  const before = useRef<{ answer: unknown; seconds: readonly Second[] }>({ answer: undefined, seconds: [] });
  if (before.current.answer !== matching.data) before.current = { answer: matching.data, seconds: arrivals.since(0) };
  // Only what has arrived since: a stream that begins brings older lines too, which are counted already. A level that the filter
  // leaves out does not come at all, and does not grow before the next count.
  const fresh = follows && isAnswerTo(matching, params) ? arrivals.since(matching.atMs - MAX_SKEW_MS) : [];
  const grown = newSince(fresh, before.current.seconds);
  const counts = countsOn(grid, matching.data, grown);
  const shown = useMemo(() => levelsOf(q), [q]);
  const filters = rest !== '' || shown.size < LEVELS.length;
  const allCounts = rest === '' ? counts : countsOn(grid, everything.data);
  return {
    grid,
    counts,
    all: filters ? perBucket(allCounts, grid) : undefined,
    isCurrent: isAnswerTo(matching, { ...params, q: rest || undefined }),
    error: matching.error,
    isWaiting: matching.data === undefined,
  };
}

/** The counts with those levels emptied that the filter leaves out. */
export function onlyLevels(counts: Counts, q: string): Counts {
  const shown = levelsOf(q);
  return LEVELS.map((level) => (shown.has(level) ? counts[levelRank(level)]! : new Float64Array(counts[0]!.length)));
}

function perBucket(counts: Counts, { size }: Grid): readonly number[] {
  return Array.from({ length: size }, (_, at) => counts.reduce((sum, level) => sum + level[at]!, 0));
}

function isAnswerTo({ params }: Answer<unknown>, asked: Readonly<Record<string, unknown>>): boolean {
  return params !== undefined && Object.entries(asked).every(([name, value]) => params[name] === value);
}

/** The time, looked at every so often. */
function useNow(everyMs: number | undefined): number {
  const [nowMs, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (everyMs === undefined) return;
    const timer = setInterval(() => document.visibilityState === 'visible' && setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return nowMs;
}
