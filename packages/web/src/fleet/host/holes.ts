/** Where nothing was reported, a line must not go on. Pure. */

import type { Span } from './span.ts';

/** So many usual distances without a value are a hole: one report that is late is none. The hub calls this an outage too. */
const HOLE_DISTANCES = 3;

/** The usual distance between values: a host reports as often as it was told to, which may be far longer than a bucket. */
export function usualDistanceMs(times: readonly number[], stepMs: number): number {
  const distances = times.slice(1).map((time, at) => time - times[at]!);
  const middle = distances.sort((a, b) => a - b)[distances.length >> 1];
  return Math.max(stepMs, middle ?? 0);
}

export interface Held {
  /** With a moment in each hole. */
  readonly times: readonly number[];
  /** Which value belongs to each of them; `undefined` in a hole. */
  readonly places: readonly (number | undefined)[];
  /** A value speaks for moments that are no farther away. */
  readonly reachMs: number;
}

/** @param silences - when the hub knows that nothing was reported; those within a bucket are no hole */
export function withHoles(times: readonly number[], stepMs: number, silences: readonly Span[] = []): Held {
  const mostMs = HOLE_DISTANCES * usualDistanceMs(times, stepMs);
  const long = silences.filter(({ fromMs, toMs }) => toMs - fromMs > stepMs);
  const isSilent = (before: number, time: number) =>
    long.some(({ fromMs, toMs }) => fromMs >= before && toMs <= time + stepMs);
  const held: number[] = [];
  const places: (number | undefined)[] = [];
  times.forEach((time, at) => {
    const before = times[at - 1];
    if (before !== undefined && (time - before > mostMs || isSilent(before, time))) {
      held.push(before + 1);
      places.push(undefined);
    }
    held.push(time);
    places.push(at);
  });
  return { times: held, places, reachMs: mostMs / 2 };
}

/** The place of the value nearest to a moment; undefined in a hole, and beyond what was reported. */
export function placeAt({ times, places, reachMs }: Held, ms: number): number | undefined {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle]! <= ms) low = middle + 1;
    else high = middle;
  }
  const [before, after] = [times[low - 1], times[low]];
  // Else the first report after an outage would speak for its last minutes.
  if (before !== undefined && places[low - 1] === undefined) return undefined;
  const isBefore = before !== undefined && (after === undefined || ms - before <= after - ms);
  const nearest = isBefore ? before : after;
  if (nearest === undefined || Math.abs(nearest - ms) > reachMs) return undefined;
  return places[isBefore ? low - 1 : low];
}
