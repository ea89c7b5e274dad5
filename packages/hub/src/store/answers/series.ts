/** Curves of a host as JSON, in `GET /api/vps/{vps}/series`' names. */

import { formatTimeMs, parseStructure } from '@flywatch/core';
import {
  CHECK_STATES,
  type CheckHistory,
  type HostHistory,
  type SeriesAnswer,
  type SeriesQuestion,
} from '../figures.ts';
import { type Aggregate, meanOf, type TimedBucket, told } from '../rollup/bucket.ts';
import { outagesOf } from '../rollup/outages.ts';
import { SERIES } from '../rollup/series.ts';
import type { Pace, Snapshot } from './snapshot.ts';

const NOTHING: HostHistory = {
  stepMs: 10_000,
  buckets: [],
  checks: [],
  newest: undefined,
  newestMs: [],
  beforeMs: undefined,
  afterMs: undefined,
};

export async function answerSeries(
  { figures }: Snapshot,
  _pace: Pace,
  question: SeriesQuestion,
): Promise<SeriesAnswer> {
  return renderSeries(question, (await figures?.history(question)) ?? NOTHING);
}

export function renderSeries({ vps, fromMs, toMs, nowMs }: SeriesQuestion, history: HostHistory): SeriesAnswer {
  const { stepMs, buckets, checks, newest } = history;
  const series = SERIES.flatMap(([name], place) => {
    const aggregates = buckets.map(([, bucket]) => bucket.series[place]);
    return aggregates.every((aggregate) => aggregate === undefined) ? [] : [[name, curves(aggregates)] as const];
  });
  const outages = outagesOf(history, nowMs).filter((outage) => outage.fromMs < toMs && (outage.toMs ?? nowMs) > fromMs);
  const text = JSON.stringify({
    vps_name: vps,
    from: formatTimeMs(fromMs),
    to: formatTimeMs(toMs),
    step_ms: stepMs,
    times: timesOf(buckets),
    count: buckets.map(([, { counts }]) => counts[0]),
    series: Object.fromEntries(series),
    checks: checks.filter((check) => check.buckets.length > 0).map(asCheck),
    outages: outages.map((outage) => ({
      from: formatTimeMs(outage.fromMs),
      to: outage.toMs === undefined ? null : formatTimeMs(outage.toMs),
    })),
    details: (newest?.details ? parseStructure(newest.details)?.figures : undefined) ?? null,
  });
  return { text };
}

function curves(aggregates: readonly (Aggregate | undefined)[]) {
  return {
    min: aggregates.map((aggregate) => (aggregate === undefined ? null : told(aggregate.min))),
    max: aggregates.map((aggregate) => (aggregate === undefined ? null : told(aggregate.max))),
    mean: aggregates.map(meanOf),
  };
}

function asCheck({ url, name, app, buckets }: CheckHistory) {
  const times = buckets.map(([, { series }]) => series[0]);
  const counts = CHECK_STATES.map((state, place) => [state, buckets.map(([, bucket]) => bucket.counts[place])]);
  const { mean, max } = curves(times);
  return {
    url,
    name,
    app_name: app,
    times: timesOf(buckets),
    mean_ms: mean,
    max_ms: max,
    ...Object.fromEntries(counts),
  };
}

function timesOf(buckets: readonly TimedBucket[]): number[] {
  return buckets.map(([startMs]) => startMs);
}
