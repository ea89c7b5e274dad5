import { useRef } from 'react';
import { type Answer, useAnswer } from '../../app/useAnswer.ts';
import { hasConditions, namedValues, withoutField } from '../query-text.ts';
import { rangeParams } from '../range-params.ts';
import type { View } from '../view.ts';
import { FACET_FIELDS, type FacetField, type FacetValue, levelValues, mergeValues } from './facet-values.ts';

/** How often values that follow now are counted anew. */
const REFRESH_MS = 5000;

/** Values of each field, before somebody asks for more. */
export const FIRST_VALUES = 100;

export interface FacetAnswer {
  readonly facets: Readonly<Record<string, readonly FacetValue[]>>;
  readonly total: number;
  /** Fields with more different values than the hub counts. */
  readonly truncated?: readonly string[];
}

/** One question for all facets: lines that match the whole filter. */
export function useAllFacets({ q, range }: View): Answer<FacetAnswer> {
  const params = { ...rangeParams(range), q: q || undefined, field: FACET_FIELDS.join(','), limit: FIRST_VALUES };
  return useAnswer<FacetAnswer>('/logs/facets', params, range.kind === 'last' ? { everyMs: REFRESH_MS } : {});
}

interface Memory {
  readonly range: string;
  readonly values: readonly FacetValue[];
  /** Whether the values are those of all facets, until those of this one are here: their order is not worth keeping. */
  readonly isGuess: boolean;
}

export interface Facet {
  readonly values: readonly FacetValue[];
  /** Lines that the shares are shares of. */
  readonly total: number;
}

/**
 * The values of one facet. A field that the filter speaks of is counted without what it says of that field: else the values that
 * could be chosen as well would all have no line.
 */
export function useFacet(field: FacetField, view: View, all: FacetAnswer): Facet {
  const { q, range } = view;
  const isAlone = hasConditions(q, field);
  const params = { ...rangeParams(range), q: withoutField(q, field) || undefined, field, limit: FIRST_VALUES };
  const alone = useAnswer<FacetAnswer>(
    isAlone ? '/logs/facets' : undefined,
    params,
    range.kind === 'last' ? { everyMs: REFRESH_MS } : {},
  );
  const answer = isAlone ? (alone.data ?? all) : all;
  const named = namedValues(q, field);
  const memory = useRef<Memory>({ range: '', values: [], isGuess: true });
  const rangeKey = JSON.stringify(range);
  // Another time has other values: what stood there before means nothing there.
  const before = memory.current.range === rangeKey && !memory.current.isGuess ? memory.current.values : [];
  const counted = answer.facets[field] ?? [];
  const values = field === 'level' ? levelValues(counted, named) : mergeValues(before, counted, named, q !== '');
  memory.current = { range: rangeKey, values, isGuess: isAlone && alone.data === undefined && before.length === 0 };
  return { values, total: answer.total };
}
