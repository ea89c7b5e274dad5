/** What `GET /logs/patterns` answers (docs/http.md), as far as this page uses it, and the question for a view. */

import { LEVELS, type Level } from '@flywatch/core';
import type { Params } from '../../app/useAnswer.ts';
import { rangeParams } from '../range-params.ts';
import { formatDuration, type View } from '../view.ts';

export interface PatternReport {
  readonly patterns: readonly PatternRow[];
  readonly found: number;
  readonly events: number;
  readonly complete: boolean;
  readonly looked_back_to: string | null;
  readonly baseline?: { readonly events: number; readonly complete: boolean };
}

export interface PatternRow {
  readonly pattern: string;
  readonly count: number;
  readonly baseline_count?: number;
  readonly change?: Change;
  readonly levels: Readonly<Partial<Record<Level, number>>>;
  readonly first_seen: string;
  readonly last_seen: string;
  readonly q: string | null;
}

/** In the order in which they are shown, with what stands over them. */
export const CHANGES = {
  new: 'New',
  grown: 'Grown',
  gone: 'Gone',
  fallen: 'Fallen',
  steady: 'As before',
} as const;

export type Change = keyof typeof CHANGES;

/** Patterns that are shown; beyond them a filter finds more than an eye. */
const MAX_PATTERNS = 200;

/** The patterns of a view's lines, compared with the stretch before it, which is as long. */
export function patternQuestion({ q, range }: Pick<View, 'q' | 'range'>): Params {
  const ms = range.kind === 'last' ? range.ms : range.toMs - range.fromMs;
  return { ...rangeParams(range), q: q || undefined, baseline: formatDuration(ms), limit: MAX_PATTERNS };
}

export interface PatternGroup {
  readonly change: Change;
  readonly rows: readonly PatternRow[];
}

/** Rows by what has become of them; groups without rows are left out. */
export function groupPatterns(rows: readonly PatternRow[]): readonly PatternGroup[] {
  return (Object.keys(CHANGES) as Change[])
    .map((change) => ({ change, rows: rows.filter((row) => (row.change ?? 'steady') === change) }))
    .filter((group) => group.rows.length > 0);
}

/** The worst level among the lines of a pattern: that is what somebody looks for. */
export function worstLevel({ levels }: Pick<PatternRow, 'levels'>): Level {
  return LEVELS.findLast((level) => (levels[level] ?? 0) > 0) ?? 'info';
}
