/**
 * Widths of buckets, how long each is kept, and what a bucket is worked out from.
 *
 *   rows ─▶ 1 min ─▶ 15 min ─▶ 1 h       a bucket stands on the next finer tier, or on rows where that is gone already
 *
 * Rows come 10 s apart at the closest, so that buckets of 10 s are made of them when they are asked for.
 */

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

const ROWS_STEP_MS = 10_000;

export interface Tier {
  readonly stepMs: number;
  readonly keptMs: number;
}

/** Finest first; buckets are kept under the place of their tier, so that this is only added to. */
export const TIERS: readonly Tier[] = [
  { stepMs: MINUTE_MS, keptMs: 14 * DAY_MS },
  { stepMs: 15 * MINUTE_MS, keptMs: 90 * DAY_MS },
  { stepMs: HOUR_MS, keptMs: 730 * DAY_MS },
];

/** Where something is complete from: rows, then the tiers. What is older may have been dropped, in parts or as a whole. */
export interface Floors {
  readonly rowsMs: number;
  readonly tiersMs: readonly number[];
}

/** What the buckets of a time are made from: a tier by its place, or rows. */
export type Source = number | 'rows';

export function bucketStart(timeMs: number, stepMs: number): number {
  return timeMs - (timeMs % stepMs);
}

/** What a bucket has to be worked out from; undefined where too much is gone, so that it has to stay as it is. */
export function sourceOf(tier: number, bucketMs: number, { rowsMs, tiersMs }: Floors): Source | undefined {
  for (let finer = tier - 1; finer >= 0; finer--) if (tiersMs[finer]! <= bucketMs) return finer;
  return rowsMs <= bucketMs ? 'rows' : undefined;
}

/** Buckets to show a range with: the finest of at least the width wanted whose parts are still there. */
export function shownAs(fromMs: number, widthMs: number, floors: Floors): { stepMs: number; source: Source } {
  if (widthMs <= ROWS_STEP_MS && floors.rowsMs <= fromMs) return { stepMs: ROWS_STEP_MS, source: 'rows' };
  for (const [tier, { stepMs }] of TIERS.entries()) {
    if (stepMs < widthMs) continue;
    if (floors.tiersMs[tier]! <= fromMs) return { stepMs, source: tier };
    // Of the wider ones rows would be too many to read.
    if (tier === 0 && floors.rowsMs <= fromMs) return { stepMs, source: 'rows' };
  }
  const last = TIERS.length - 1;
  return { stepMs: TIERS[last]!.stepMs, source: last };
}

/** The widest parts that buckets of this width, counted from this time on, can be put together from. */
export function widestWithin(fromMs: number, widthMs: number, floors: Floors): Source {
  for (let tier = TIERS.length - 1; tier >= 0; tier--) {
    const { stepMs } = TIERS[tier]!;
    if (widthMs % stepMs === 0 && fromMs % stepMs === 0 && floors.tiersMs[tier]! <= fromMs) return tier;
  }
  return 'rows';
}

export interface Section {
  readonly source: Source;
  readonly fromMs: number;
  readonly toMs: number;
}

/** From a time on without a rest: rows up to the first whole minute, then ever wider buckets. */
export function sectionsFrom(fromMs: number): Section[] {
  const sections: Section[] = [];
  let source: Source = 'rows';
  let startMs = fromMs;
  for (const [tier, { stepMs }] of TIERS.entries()) {
    const toMs = Math.ceil(startMs / stepMs) * stepMs;
    if (toMs > startMs) sections.push({ source, fromMs: startMs, toMs });
    startMs = toMs;
    source = tier;
  }
  sections.push({ source, fromMs: startMs, toMs: Number.MAX_SAFE_INTEGER });
  return sections;
}
