/** Messages grouped into patterns: the question, and what `GET /logs/patterns` answers. */

import type { Level } from '@flywatch/core';
import type { Shape } from './answers.ts';
import { filterParams, type LogFilters } from './filters.ts';

export interface PatternsOptions extends LogFilters {
  /** From this time on: RFC 3339, Unix time, or a duration ago such as `15m`. */
  readonly from?: string | undefined;
  /** Before this time. */
  readonly to?: string | undefined;
  /** Compares with the stretch of this length before `from`, such as `1h`. */
  readonly baseline?: string | undefined;
  /** `change`: what is new first; only with a baseline. @defaultValue 'change' with a baseline, else 'count' */
  readonly sort?: 'count' | 'change' | undefined;
  /** Patterns at most, 1 to 1000. @defaultValue 100 */
  readonly limit?: number | undefined;
  /** Ends the call; it rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

export interface PatternReport {
  readonly patterns: readonly PatternRow[];
  /** How many patterns there are. */
  readonly found: number;
  /** Lines that were looked at, the newest first. */
  readonly events: number;
  /** Whether those are all lines of the range; else those back to `looked_back_to`. */
  readonly complete: boolean;
  readonly looked_back_to: string | null;
  /** The same of the baseline. */
  readonly baseline?: {
    readonly events: number;
    readonly complete: boolean;
    readonly looked_back_to: string | null;
  };
}

export interface PatternRow {
  /** Words, values as `<*>`. */
  readonly pattern: string;
  readonly count: number;
  /** Lines of each level; a level without lines is left out. */
  readonly levels: Readonly<Partial<Record<Level, number>>>;
  /** Of what is gone, times and example are those of the baseline. */
  readonly first_seen: string;
  readonly last_seen: string;
  /** The newest line. */
  readonly example: {
    readonly id: string;
    readonly level: Level;
    readonly message: string;
    readonly app: string | null;
    readonly instance: string | null;
  };
  /** Filter that finds its lines; null where nothing in it stays the same. */
  readonly q: string | null;
  /** With a baseline. */
  readonly baseline_count?: number;
  readonly change?: PatternChange;
}

/** By its share of all lines beside the baseline. */
export type PatternChange = 'new' | 'grown' | 'gone' | 'fallen' | 'steady';

export const PATTERNS: Shape = { patterns: 'array', found: 'number', events: 'number', complete: 'boolean' };

/** The question as parameters; what is not given is left to the hub. */
export function patternParams({
  from,
  to,
  baseline,
  sort,
  limit,
  ...filters
}: Omit<PatternsOptions, 'signal'>): URLSearchParams {
  const params = filterParams(filters);
  for (const [name, value] of Object.entries({ from, to, baseline, sort, limit })) {
    if (value !== undefined) params.set(name, String(value));
  }
  return params;
}
