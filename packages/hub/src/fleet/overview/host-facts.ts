/** All that is known of a host at one moment, put together from what the store answers. Reasons are found in it. */

import type { FigureRow, HostsAnswer, Trail } from '../../store/figures.ts';
import { type CheckFacts, readCheck, type Streak, streakOf } from './check-facts.ts';
import type { ErrorRate } from './error-rate.ts';
import { type HostFigures, readFigures } from './host-figures.ts';

const MINUTE_MS = 60_000;

/** Moments to which figures are compared. A disk's slope is that of the hour, if the last ten and thirty minutes agree. */
export const MOMENTS_AGO_MS = [10 * MINUTE_MS, 30 * MINUTE_MS, 60 * MINUTE_MS] as const;

/** Reports of each app that tell the usual distance between them, and the CPU's mean. */
export const RECENT_REPORTS = 20;

/** What a seed 003 agent does unless told otherwise; believed of a host until its second report. */
const DEFAULT_INTERVAL_MS = 60_000;

export interface HostFacts {
  readonly nowMs: number;
  readonly vps: string;
  readonly apps: readonly string[];
  readonly lastSeenMs: number;
  /** Null for a host that only has checks: they come as each of them is due. */
  readonly intervalMs: number | null;
  readonly figures: HostFigures | undefined;
  /** By {@link MOMENTS_AGO_MS}. */
  readonly earlier: readonly (HostFigures | undefined)[];
  /** Reports of the app that reported last, the newest first. */
  readonly recent: readonly FigureRow[];
  readonly checks: readonly { readonly check: CheckFacts; readonly streak: Streak | undefined }[];
  readonly errorRate: ErrorRate | undefined;
}

export interface HostSources {
  readonly nowMs: number;
  readonly hosts: HostsAnswer;
  readonly trails: readonly Trail[];
  /** Results of a host's checks, the newest first, where some of them fail. */
  readonly resultsOf: (vps: string) => readonly FigureRow[];
  readonly errorRateOf: (vps: string) => ErrorRate | undefined;
}

/** Every host that was heard of since a time. */
export function gatherHosts(
  { nowMs, hosts, trails, resultsOf, errorRateOf }: HostSources,
  sinceMs: number,
): HostFacts[] {
  const metrics = Map.groupBy(hosts.metrics, ({ vps }) => vps);
  const checks = Map.groupBy(hosts.checks, ({ vps }) => vps);
  const results = Map.groupBy(hosts.results, ({ vps }) => vps);
  const trailsOf = Map.groupBy(trails, ({ vps }) => vps);
  return [...new Set([...metrics.keys(), ...checks.keys()])].flatMap((vps): HostFacts[] => {
    const rows = metrics.get(vps) ?? [];
    const newest = rows.reduce<FigureRow | undefined>(
      (a, b) => (a === undefined || b.timeMs > a.timeMs ? b : a),
      undefined,
    );
    const seen = [...rows, ...(checks.get(vps) ?? [])];
    const lastSeenMs = seen.reduce((latest, { timeMs }) => Math.max(latest, timeMs), 0);
    if (lastSeenMs < sinceMs) return [];
    const figures = newest === undefined ? undefined : readFigures(newest);
    const own = trailsOf.get(vps) ?? [];
    const trail = own.find(({ app }) => app === newest?.app);
    return [
      {
        nowMs,
        vps,
        apps: [...new Set(seen.map(({ app }) => app))].sort(),
        lastSeenMs,
        intervalMs: newest === undefined ? null : intervalOf(figures!, own),
        figures,
        earlier: MOMENTS_AGO_MS.map((_, i) => {
          const row = trail?.earlier[i];
          return row === undefined || row === null ? undefined : readFigures(row);
        }),
        recent: trail?.recent ?? [],
        checks: (results.get(vps) ?? []).map((row) => {
          const check = readCheck(row);
          return { check, streak: streakOf(resultsOf(vps), check) };
        }),
        errorRate: errorRateOf(vps),
      },
    ];
  });
}

/** What the agent says, or the usual distance of its reports. Where several agents report for a host, that of the quickest. */
function intervalOf({ about }: HostFigures, trails: readonly Trail[]): number {
  if (about.intervalSeconds !== undefined) return about.intervalSeconds * 1000;
  const medians = trails.flatMap(({ recent }) => medianDistance(recent.map(({ timeMs }) => timeMs)) ?? []);
  return medians.length === 0 ? DEFAULT_INTERVAL_MS : Math.min(...medians);
}

/** To the second, as intervals are; undefined for less than two times. */
function medianDistance(newestFirst: readonly number[]): number | undefined {
  const distances = newestFirst
    .slice(1)
    .map((timeMs, i) => newestFirst[i]! - timeMs)
    .filter((distance) => distance > 0)
    .sort((a, b) => a - b);
  const median = distances[distances.length >> 1];
  return median === undefined ? undefined : Math.max(1000, Math.round(median / 1000) * 1000);
}
