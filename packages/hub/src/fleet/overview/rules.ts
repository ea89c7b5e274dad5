/**
 * From which figure on something needs a look. The figure now decides; alerts, which wake people, wait and have a second
 * threshold for the way back. Where netdata ships a rule for it, the threshold is netdata's: they have been tried on more hosts
 * than anybody else's.
 */

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const GB = 1e9;

export const RULES = {
  /** Reports that may be missing, in intervals. Half an interval more is granted for the way and the write, see `silence.ts`. */
  silence: { lateIntervals: 2, downIntervals: 5, minGraceMs: 5_000 },
  /** Percent of all cores, as the mean of the last reports: one report alone is a compiler that started. */
  cpu: { warn: 85, error: 95, overMs: 10 * MINUTE_MS },
  /** Percent of time; where it was so ten minutes ago too. */
  iowait: { warn: 40 },
  steal: { warn: 10 },
  /** Load of 15 minutes a core: twice as many tasks as cores. */
  load: { warn: 2 },
  memory: { warn: 90, error: 98 },
  /** Percent, and bytes: 2% of 20 TB is room enough. */
  disk: { warn: 90, error: 98, errorBelowBytes: 5 * GB },
  /** Time until a disk is full. Nearly full and full soon together are an error too: what fills it has to be found now. */
  diskForecast: { warnMs: 8 * HOUR_MS, errorMs: 2 * HOUR_MS, toldMs: 48 * HOUR_MS },
  inodes: { warn: 90, error: 98 },
  failedUnits: { warn: 1 },
  /** Processes killed in the last half hour. */
  oomKills: { warn: 1, overMs: 30 * MINUTE_MS },
  /** Degrees Celsius: chips slow down at 95 to 105. */
  temperature: { warn: 85, error: 95 },
  /** Days that a certificate still holds; those that renew by themselves do it at 30. */
  certificateDays: { warn: 14, error: 3 },
  /** Failures in a row from where on a check without a state of its own is down, as agents have it. */
  checks: { downAfter: 3 },
  /**
   * Percent of lines that are errors: with so many errors of late, and so many times the share before. Some apps print an
   * error for every bad request, all day long; from `always` on it is trouble without a comparison.
   */
  errorRate: { recentMs: 10 * MINUTE_MS, minErrors: 10, warn: 1, error: 25, times: 3, always: 10 },
  /**
   * What happened to a machine of late still needs a look when it runs again. One that has ended badly a day ago and was not
   * heard of since has been given up by somebody: Fly does not say when a machine is destroyed.
   */
  machines: { recentMs: 15 * MINUTE_MS, endedMs: 24 * HOUR_MS },
} as const;
