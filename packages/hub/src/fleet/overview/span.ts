/** The range of an overview, cut into buckets that begin at round times: the last one is under way. */

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** What a row of the page can show. */
const MAX_BUCKETS = 60;

/** Minutes that people count in; counts of the store are by minute. */
const STEPS_MINUTES = [1, 2, 5, 10, 15, 30, 60, 120, 180];

export interface OverviewSpan {
  readonly fromMs: number;
  readonly stepMs: number;
  readonly buckets: number;
}

/** The last `hours`, up to 168. Later moments of one bucket have the same span, so that what was asked for it can be kept. */
export function spanOf(hours: number, nowMs: number): OverviewSpan {
  const minutes = STEPS_MINUTES.find((step) => (hours * 60) / step <= MAX_BUCKETS)!;
  const stepMs = minutes * MINUTE_MS;
  const buckets = Math.ceil((hours * HOUR_MS) / stepMs);
  const lastMs = Math.floor(nowMs / stepMs) * stepMs;
  return { fromMs: lastMs - (buckets - 1) * stepMs, stepMs, buckets };
}
