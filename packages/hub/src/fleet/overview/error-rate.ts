/** The share of lines that are errors, now and before: what a person would see in the bars. */

import { RULES } from './rules.ts';

export interface ErrorRate {
  /** Percent of the lines since `sinceMs`. */
  readonly percent: number;
  /** Of those before; undefined where there were too few to tell. */
  readonly beforePercent: number | undefined;
  readonly sinceMs: number;
  readonly errors: number;
}

interface Counts {
  readonly lines: readonly number[] | Uint32Array;
  readonly errors: readonly number[] | Uint32Array;
}

/** Lines before that make a share: of fewer, one error would be a percent and more. */
const MIN_LINES_BEFORE = 100;

/** Quiet buckets within one stretch of trouble: errors do not come by the clock. */
const MAX_PAUSE_BUCKETS = 3;

/**
 * @param counts - by buckets of `stepMs` from `fromMs` on, of which the last is under way at `nowMs`
 * @returns undefined where there are no errors lately
 */
export function errorRate(counts: Counts, fromMs: number, stepMs: number, nowMs: number): ErrorRate | undefined {
  const { recentMs, minErrors } = RULES.errorRate;
  const end = counts.lines.length;
  const recentFrom = Math.max(0, Math.floor((nowMs - recentMs - fromMs) / stepMs));
  const recent = sumOf(counts, recentFrom, end);
  if (recent.errors < minErrors) return undefined;
  const all = sumOf(counts, 0, recentFrom);
  // Half way between then and now: what is above belongs to now.
  const middle = (share(recent) + share(all)) / 2;
  let begin = recentFrom;
  for (let i = recentFrom - 1, pause = 0; i >= 0 && pause <= MAX_PAUSE_BUCKETS; i--) {
    const bucket = sumOf(counts, i, i + 1);
    if (bucket.errors > 0 && share(bucket) >= middle) {
      begin = i;
      pause = 0;
    } else pause++;
  }
  // Within the last minutes it began with their first error.
  if (begin === recentFrom) while (begin < end - 1 && (counts.errors[begin] ?? 0) === 0) begin++;
  const now = sumOf(counts, begin, end);
  const before = sumOf(counts, 0, begin);
  return {
    percent: share(now),
    beforePercent: before.lines < MIN_LINES_BEFORE ? undefined : share(before),
    sinceMs: fromMs + begin * stepMs,
    errors: now.errors,
  };
}

function sumOf({ lines, errors }: Counts, from: number, to: number) {
  const sum = { lines: 0, errors: 0 };
  for (let i = from; i < to; i++) {
    sum.lines += lines[i] ?? 0;
    sum.errors += errors[i] ?? 0;
  }
  return sum;
}

function share({ lines, errors }: { readonly lines: number; readonly errors: number }): number {
  return lines === 0 ? 0 : (100 * errors) / lines;
}
