import type { FieldSummary, FlatEvent } from '@flywatch/core';
import { useMemo } from 'react';
import { useSettings } from '../../app/settings.ts';
import { useAnswer } from '../../app/useAnswer.ts';
import { rangeParams } from '../range-params.ts';
import type { Range } from '../view.ts';
import { type Known, placeAt, type ValueCount } from './completion.ts';
import { catalogueOf } from './field-catalogue.ts';

/** Lines that the fields are learned from until the hub has looked at all: enough for what is usual, little enough to be there before the next key. */
const LOOKED_AT = 200;

/** Fields that are fetched: as many as the hub learns. */
const MAX_FIELDS = 500;

/** Values that are fetched of a field. */
const MAX_VALUES = 100;

/** Pause in typing after which values are asked for. */
const TYPING_MS = 120;

/** What `/logs/fields` answers. */
interface FieldsAnswer {
  readonly fields: readonly FieldSummary[];
  readonly total: number;
  readonly complete: boolean;
}

/** What completion stands on, fetched while the box is `open`. */
export function useKnown(text: string, caret: number, range: Range, open: boolean): Known {
  const { searches } = useSettings();
  const recent = useAnswer<{ readonly logs: readonly FlatEvent[] }>(open ? '/logs/history' : undefined, {
    ...rangeParams(range),
    limit: LOOKED_AT,
  });
  const all = useAnswer<FieldsAnswer>(open ? '/logs/fields' : undefined, { ...rangeParams(range), limit: MAX_FIELDS });
  const place = open ? placeAt(text, caret) : undefined;
  const field = place?.kind === 'value' ? place.field : undefined;
  const facets = useAnswer<{ readonly facets: Readonly<Record<string, readonly ValueCount[]>> }>(
    field === undefined ? undefined : '/logs/facets',
    { ...rangeParams(range), field, limit: MAX_VALUES },
    { delayMs: TYPING_MS },
  );
  const lines = recent.data?.logs;
  const newest = useMemo(() => catalogueOf(lines ?? []), [lines]);
  const known = all.data ?? { fields: newest, total: lines?.length ?? 0, complete: false };
  const values = (field !== undefined && facets.data?.facets[field]) || [];
  return { fields: known.fields, looked: known.total, isAll: known.complete, values, searches };
}
