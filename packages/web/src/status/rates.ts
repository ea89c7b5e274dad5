/** Figures per second from counters that only grow, and how they went while the page was open. Pure. */

import type { HubStatus } from './hub-status.ts';

/** Samples kept: two minutes at one in two seconds, as many as a small chart shows. */
export const MAX_SAMPLES = 60;

interface Sample {
  readonly atMs: number;
  readonly startedAt: string;
  readonly arrived: number;
  readonly delivered: number;
  readonly ring: number;
  readonly sources: Readonly<Record<string, number>>;
}

export interface Rates {
  readonly samples: readonly Sample[];
  /** Per second between the last two answers; undefined before the second one. */
  readonly arriving: number | undefined;
  readonly delivering: number | undefined;
  readonly sources: Readonly<Record<string, number>>;
  readonly arrivingOverTime: readonly number[];
  readonly deliveringOverTime: readonly number[];
  readonly ringOverTime: readonly number[];
}

export const NO_RATES: Rates = {
  samples: [],
  arriving: undefined,
  delivering: undefined,
  sources: {},
  arrivingOverTime: [],
  deliveringOverTime: [],
  ringOverTime: [],
};

export function withStatus(rates: Rates, status: HubStatus): Rates {
  const sample: Sample = {
    atMs: Date.parse(status.timestamp),
    startedAt: status.started_at,
    arrived: status.ring.events_total,
    delivered: status.readers.deliveries,
    ring: status.ring.events,
    sources: Object.fromEntries(status.sources.map(({ name, events }) => [name, events])),
  };
  const last = rates.samples.at(-1);
  // A hub that was started anew counts from zero again: what was before says nothing.
  if (last !== undefined && last.startedAt !== sample.startedAt) return withStatus(NO_RATES, status);
  if (last !== undefined && sample.atMs <= last.atMs) return rates;
  const samples = [...rates.samples, sample].slice(-MAX_SAMPLES);
  if (last === undefined) return { ...NO_RATES, samples };
  const perSecond = (now: number, before: number) => (1000 * Math.max(0, now - before)) / (sample.atMs - last.atMs);
  const arriving = perSecond(sample.arrived, last.arrived);
  const delivering = perSecond(sample.delivered, last.delivered);
  const sources = Object.entries(sample.sources).map(([name, n]) => [name, perSecond(n, last.sources[name] ?? n)]);
  return {
    samples,
    arriving,
    delivering,
    sources: Object.fromEntries(sources),
    arrivingOverTime: [...rates.arrivingOverTime, arriving].slice(-MAX_SAMPLES),
    deliveringOverTime: [...rates.deliveringOverTime, delivering].slice(-MAX_SAMPLES),
    ringOverTime: [...rates.ringOverTime, sample.ring].slice(-MAX_SAMPLES),
  };
}
