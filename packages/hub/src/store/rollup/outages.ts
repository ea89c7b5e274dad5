/** When a host was silent for longer than it should be. */

import { parseStructure } from '@flywatch/core';
import type { HostHistory } from '../figures.ts';
import type { Silence } from './bucket.ts';

/** Reports that may be missing one after the other: one late or lost is no outage. */
const MISSED_REPORTS = 3;

/** How often a host reports where nothing tells. */
const USUAL_INTERVAL_MS = 60_000;

export interface Outage {
  readonly fromMs: number;
  /** Undefined: it lasts. */
  readonly toMs: number | undefined;
}

/**
 * From the last report to the next one. Of a bucket the longest silence is known: two outages within one are told as the longer.
 */
export function outagesOf(history: HostHistory, nowMs: number): Outage[] {
  const longestMs = MISSED_REPORTS * intervalMs(history);
  const outages: Outage[] = [];
  let lastMs = history.beforeMs;
  const add = ({ fromMs, toMs }: Silence) => {
    if (toMs - fromMs > longestMs) outages.push({ fromMs, toMs });
  };
  for (const [, bucket] of history.buckets) {
    if (lastMs !== undefined) add({ fromMs: lastMs, toMs: bucket.firstMs });
    add(bucket.silence);
    lastMs = bucket.lastMs;
  }
  if (lastMs === undefined) return outages;
  if (history.afterMs !== undefined) add({ fromMs: lastMs, toMs: history.afterMs });
  else if (nowMs - lastMs > longestMs) outages.push({ fromMs: lastMs, toMs: undefined });
  return outages;
}

/**
 * What the agent says; else the distance that four in five of the last reports did not exceed. The middle one is too short where
 * agents of three apps report one shortly after the other.
 */
function intervalMs({ newest, newestMs }: HostHistory): number {
  const said = newest?.details ? parseStructure(newest.details)?.interval_seconds : undefined;
  if (typeof said === 'number' && said > 0) return said * 1000;
  const distances = newestMs.slice(1).map((timeMs, i) => newestMs[i]! - timeMs);
  return distances.sort((a, b) => a - b)[Math.floor(distances.length * 0.8)] ?? USUAL_INTERVAL_MS;
}
