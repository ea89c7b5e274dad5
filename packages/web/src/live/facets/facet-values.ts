/** The values of a facet from one answer of the hub to the next: what is on screen stays where it is while somebody searches. */

import { LEVELS } from '@flywatch/core';

export interface FacetValue {
  readonly value: string;
  readonly count: number;
}

/** The fields that have a facet, in their order; those from `provider` on are folded at first. */
export const FACET_FIELDS = ['level', 'app', 'instance', 'region', 'provider', 'source'] as const;

export type FacetField = (typeof FACET_FIELDS)[number];

/** Values that are remembered while they have no line: as many as the hub gives at once. */
const MAX_KEPT = 1000;

/**
 * The values to show. Without a filter those of the answer, in its order. With one, those that were there before stay in their
 * places, with 0 where they are not in the answer; new ones follow.
 */
export function mergeValues(
  before: readonly FacetValue[],
  answer: readonly FacetValue[],
  named: readonly string[],
  isFiltered: boolean,
): readonly FacetValue[] {
  const counts = new Map(answer.map(({ value, count }) => [value, count]));
  const order = new Set(isFiltered ? before.map(({ value }) => value) : []);
  for (const { value } of answer) order.add(value);
  for (const value of named) order.add(value);
  return [...order].slice(0, MAX_KEPT).map((value) => ({ value, count: counts.get(value) ?? 0 }));
}

/** Levels are few and have an order of their own: worst first, and those that few programs use only where there are any. */
export function levelValues(answer: readonly FacetValue[], named: readonly string[]): readonly FacetValue[] {
  const counts = new Map(answer.map(({ value, count }) => [value, count]));
  return LEVELS.toReversed()
    .filter((level) => level !== 'trace' || counts.has(level) || named.includes(level))
    .map((level) => ({ value: level, count: counts.get(level) ?? 0 }));
}
