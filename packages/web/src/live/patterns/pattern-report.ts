/** The question of patterns for a view, and what is made of the answer. */

import type { PatternChange, PatternRow } from '@flywatch/client';
import { LEVELS, type Level } from '@flywatch/core';
import type { Params } from '../../app/useAnswer.ts';
import { rangeParams } from '../range-params.ts';
import { formatDuration, type View } from '../view.ts';

/** In the order in which they are shown, with what stands over them. */
export const CHANGES = {
  new: 'New',
  grown: 'Grown',
  gone: 'Gone',
  fallen: 'Fallen',
  steady: 'As before',
} as const satisfies Record<PatternChange, string>;

/** Patterns that are shown; beyond them a filter finds more than an eye. */
const MAX_PATTERNS = 200;

/** The patterns of a view's lines, compared with the stretch before it, which is as long. */
export function patternQuestion({ q, range }: Pick<View, 'q' | 'range'>): Params {
  const ms = range.kind === 'last' ? range.ms : range.toMs - range.fromMs;
  return { ...rangeParams(range), q: q || undefined, baseline: formatDuration(ms), limit: MAX_PATTERNS };
}

export interface PatternGroup {
  readonly change: PatternChange;
  readonly rows: readonly PatternRow[];
}

/** Rows by what has become of them; groups without rows are left out. */
export function groupPatterns(rows: readonly PatternRow[]): readonly PatternGroup[] {
  return (Object.keys(CHANGES) as PatternChange[])
    .map((change) => ({ change, rows: rows.filter((row) => (row.change ?? 'steady') === change) }))
    .filter((group) => group.rows.length > 0);
}

/** The worst level among the lines of a pattern: that is what somebody looks for. */
export function worstLevel({ levels }: Pick<PatternRow, 'levels'>): Level {
  return LEVELS.findLast((level) => (levels[level] ?? 0) > 0) ?? 'info';
}
