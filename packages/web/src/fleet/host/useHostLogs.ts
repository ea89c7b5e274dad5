/** The lines of a host, around the crosshair or the newest, and how many there were when. */

import type { FlatEvent } from '@flywatch/core';
import { useMemo, useRef } from 'react';
import { useAnswer } from '../../app/useAnswer.ts';
import { type Counts, countsOn, type Grid, gridOf, type HistogramAnswer } from '../../live/histogram/buckets.ts';
import { formatDuration } from '../../live/view.ts';
import type { Span } from './span.ts';

/** Lines on either side of the crosshair: two screens of them. */
const AROUND = 60;

/** A pointer that moves asks when it rests. */
const REST_MS = 120;

/** How far from the crosshair a line may be. */
const REACH_MS = 6 * 3_600_000;

const POLL_MS = 5000;

interface Page {
  readonly logs: readonly FlatEvent[];
}

export interface HostLogs {
  /** Oldest first. */
  readonly lines: readonly FlatEvent[];
  /** The line at the crosshair, or the last one before it. */
  readonly current: string | undefined;
  readonly isLoading: boolean;
  readonly error: unknown;
  readonly again: () => void;
}

/** @param atMs - the crosshair; without one the newest lines up to the end of what is shown */
export function useHostLogs(q: string, atMs: number | undefined, span: Span, follows: boolean): HostLogs {
  const isAround = atMs !== undefined;
  const endMs = isAround ? atMs : span.toMs;
  const fromMs = isAround ? endMs - REACH_MS : span.fromMs;
  // What follows now has no end: lines of a clock that is ahead are in it too.
  const isOpen = follows && !isAround;
  const before = useAnswer<Page>(
    '/logs/history',
    // While it follows, the same question again and not a new one with each refresh of the charts.
    {
      q,
      order: 'desc',
      limit: AROUND,
      ...(isOpen ? { from: formatDuration(span.toMs - span.fromMs) } : { from: iso(fromMs), to: iso(endMs) }),
    },
    { delayMs: REST_MS, ...(isOpen && { everyMs: POLL_MS }) },
  );
  const after = useAnswer<Page>(
    isAround ? '/logs/history' : undefined,
    { q, order: 'asc', limit: AROUND, from: iso(endMs), to: iso(endMs + REACH_MS) },
    { delayMs: REST_MS },
  );
  const held = useRef<readonly FlatEvent[]>([]);
  const lines = useMemo(() => {
    // Two answers of one question: those of two crosshairs together would be out of order, and what was there stays until both are here.
    if (isAround && after.params?.from !== before.params?.to) return held.current;
    const known = new Map<string, FlatEvent>();
    for (const event of before.data?.logs.toReversed() ?? []) known.set(event.id, event);
    if (isAround) for (const event of after.data?.logs ?? []) known.set(event.id, event);
    return [...known.values()];
  }, [before.data, before.params, after.data, after.params, isAround]);
  held.current = lines;
  const error = before.error ?? (isAround ? after.error : undefined);
  return {
    lines,
    current: isAround ? lines.findLast(({ time }) => Date.parse(time) <= endMs)?.id : undefined,
    isLoading: before.data === undefined && error === undefined,
    error,
    again: () => {
      before.again();
      after.again();
    },
  };
}

function iso(ms: number): string {
  return new Date(Math.round(ms)).toISOString();
}

/** As many bars as on a phone's Live page: the charts beside the logs are that wide. */
const MAX_BARS = 120;

export interface LogCounts {
  readonly grid: Grid;
  readonly counts: Counts;
  /** Whether the hub has counted yet. */
  readonly isKnown: boolean;
}

/** Counts on a grid that begins and ends with the charts. */
export function useLogCounts(q: string, { fromMs, toMs }: Span, everyMs: number | undefined): LogCounts {
  const grid = gridOf({ kind: 'between', fromMs, toMs }, toMs, MAX_BARS);
  const answer = useAnswer<HistogramAnswer>(
    '/logs/histogram',
    {
      q,
      from: iso(grid.fromMs),
      to: iso(grid.fromMs + grid.size * grid.stepMs),
      interval: formatDuration(grid.stepMs),
    },
    everyMs === undefined ? {} : { everyMs },
  );
  const { fromMs: gridFromMs, stepMs, size } = grid;
  const counts = useMemo(
    () => countsOn({ fromMs: gridFromMs, stepMs, size }, answer.data),
    [answer.data, gridFromMs, stepMs, size],
  );
  return { grid, counts, isKnown: answer.data !== undefined };
}
