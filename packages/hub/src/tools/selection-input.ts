/** How tools take filters and times: the words of the filter language and of the routes, judged like theirs. */

import {
  compileSelection,
  FilterSyntaxError,
  LEVELS,
  ParameterError,
  parseDuration,
  parseMoment,
  parseSelection,
  type Selection,
} from '@flywatch/core';
import { z } from 'zod';
import { linearRegexes } from '../linear-regex.ts';
import { ToolError } from './tool.ts';

const DEFAULT_MINUTES = 60;

/** Filters that every tool over lines takes. */
export const FILTERS = {
  level: z.enum(LEVELS).optional().describe('Minimum level.'),
  app: z.string().max(256).optional().describe('App, or a comma list.'),
  instance: z.string().max(256).optional().describe('Instance (machine), or a comma list.'),
  region: z.string().max(256).optional().describe('Region, or a comma list.'),
  host: z.string().max(256).optional().describe('Host (VPS), or a comma list.'),
  query: z
    .string()
    .max(2000)
    .optional()
    .describe(
      'Filter language: words, "phrases", -not, and/or, (groups), field:value, field:>500, level:error, /regex/. Side by side means and.',
    ),
};

/** A span of time. */
export const SPAN = {
  from: z
    .string()
    .max(64)
    .optional()
    .describe('Beginning: RFC 3339, or a duration ago such as 15m, 2h, 7d. Default 1h.'),
  to: z.string().max(64).optional().describe('End, in the same forms. Default now.'),
};

interface Filters {
  readonly level?: string | undefined;
  readonly app?: string | undefined;
  readonly instance?: string | undefined;
  readonly region?: string | undefined;
  readonly host?: string | undefined;
  readonly query?: string | undefined;
}

export function selectionOf({ query, ...filters }: Filters): Selection {
  const given = Object.entries({ ...filters, q: query }).filter(([, value]) => value !== undefined && value !== '');
  return understood(() => {
    const selection = parseSelection(Object.fromEntries(given) as Record<string, string>);
    compileSelection(selection, { regex: linearRegexes() });
    return selection;
  });
}

export function rangeOf(
  { from, to }: { readonly from?: string | undefined; readonly to?: string | undefined },
  nowMs: number,
) {
  return understood(() => {
    const begin =
      from === undefined ? { ms: nowMs - DEFAULT_MINUTES * 60_000, nanos: 0 } : parseMoment('from', from, nowMs);
    const end = to === undefined ? undefined : parseMoment('to', to, nowMs);
    if (end !== undefined && end.ms <= begin.ms) throw new ToolError('from: it has to be before to');
    return { from: begin, ...(end === undefined ? undefined : { to: end }) };
  });
}

export function durationOf(name: string, text: string): number {
  const ms = parseDuration(text);
  if (ms === undefined || ms < 1000) throw new ToolError(`${name}: expected a duration such as 30s, 5m or 1h`);
  return ms;
}

/** What a person would be told with 400 is what a model is told. */
function understood<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (error instanceof FilterSyntaxError || error instanceof ParameterError) throw new ToolError(error.message);
    throw error;
  }
}
