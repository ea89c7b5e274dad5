/** Counts over time, in as many buckets as a screen has room for. */

import { LEVELS, type Level } from '@flywatch/core';
import { type Range, rangeMoments } from '../view.ts';

/** As many as can be told apart and hit with a pointer on 1,300 px, and on a phone. */
export const MAX_BUCKETS = { wide: 180, phone: 60 } as const;

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Widths that a person can add up. Each divides a day, so that buckets of the hub, which begin at 1970, begin at round times. */
const STEPS_MS = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1, 2, 5, 10, 20, 30].map((n) => n * SECOND),
  ...[1, 2, 5, 10, 20, 30].map((n) => n * MINUTE),
  ...[1, 2, 4, 6, 12].map((n) => n * HOUR),
  ...[1, 2, 7, 30].map((n) => n * DAY),
];

/** Beyond it the widest step is too narrow for the range. */
const MOST_BUCKETS = 1000;

/** Where the buckets of a range lie. */
export interface Grid {
  readonly fromMs: number;
  readonly stepMs: number;
  readonly size: number;
}

/** The grid that covers a range; that of one that follows now moves on by whole buckets. */
export function gridOf(range: Range, nowMs: number, maxBuckets: number = MAX_BUCKETS.wide): Grid {
  const { fromMs, toMs } = rangeMoments(range, nowMs);
  const stepMs = STEPS_MS.find((step) => (toMs - fromMs) / step <= maxBuckets) ?? STEPS_MS.at(-1)!;
  const end = Math.ceil(toMs / stepMs);
  const size = Math.max(1, end - Math.floor(fromMs / stepMs));
  // Years of milliseconds are no picture: what lies before the last buckets is left out.
  return { fromMs: (end - size) * stepMs, stepMs, size: Math.min(size, MOST_BUCKETS) };
}

/** Per level, in the order of `LEVELS`, the count of each bucket. */
export type Counts = readonly Float64Array[];

export interface HistogramAnswer {
  readonly buckets: readonly { readonly time: string; readonly counts: Readonly<Partial<Record<Level, number>>> }[];
  readonly interval_ms: number;
  readonly total: number;
}

export interface Second {
  readonly second: number;
  /** In the order of `LEVELS`. */
  readonly counts: readonly number[];
}

/** The hub's counts on the grid, with what the live stream has brought since. */
export function countsOn(grid: Grid, answer: HistogramAnswer | undefined, since: readonly Second[] = []): Counts {
  const counts = LEVELS.map(() => new Float64Array(grid.size));
  const at = (ms: number) => Math.floor((ms - grid.fromMs) / grid.stepMs);
  for (const bucket of answer?.buckets ?? []) {
    const index = at(Date.parse(bucket.time));
    if (!(index >= 0 && index < grid.size)) continue;
    LEVELS.forEach((level, rank) => {
      counts[rank]![index]! += bucket.counts[level] ?? 0;
    });
  }
  for (const { second, counts: more } of since) {
    const index = at(second * SECOND);
    if (!(index >= 0 && index < grid.size)) continue;
    more.forEach((count, rank) => {
      counts[rank]![index]! += count;
    });
  }
  return counts;
}

/** What has come in each second beyond what had come before. */
export function newSince(now: readonly Second[], before: readonly Second[]): readonly Second[] {
  const known = new Map(before.map(({ second, counts }) => [second, counts]));
  return now.flatMap(({ second, counts }) => {
    const old = known.get(second);
    const more = counts.map((count, rank) => count - (old?.[rank] ?? 0));
    return more.some((count) => count > 0) ? [{ second, counts: more }] : [];
  });
}

/** Lines of each level in the buckets from `from` to before `to`, in the order of `LEVELS`. */
export function sums(counts: Counts, from = 0, to = Number.POSITIVE_INFINITY): readonly number[] {
  return counts.map((level) => level.subarray(from, Math.min(to, level.length)).reduce((sum, count) => sum + count, 0));
}

export function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}
