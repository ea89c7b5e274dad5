/** Lines of a span of time that match a filter. */

import { z } from 'zod';
import { countFitting, formatCursor, logLine, parseCursor, readRows } from './log-text.ts';
import { FILTERS, rangeOf, SPAN, selectionOf } from './selection-input.ts';
import { defineTool, ToolError } from './tool.ts';

const MAX_LIMIT = 300;

export const searchLogs = defineTool({
  name: 'search_logs',
  title: 'Search log lines',
  description:
    'Log lines of a span of time that match a filter, with their ids. Use it for words, fields or regular expressions, and for times in the past. order=asc shows how something began.',
  input: z.object({
    ...FILTERS,
    ...SPAN,
    order: z.enum(['asc', 'desc']).optional().describe('asc: oldest first. desc (default): newest first.'),
    cursor: z
      .string()
      .max(64)
      .optional()
      .describe('Goes on where an answer ended that gave it; leave the filters as they were.'),
    limit: z.int().min(1).max(MAX_LIMIT).optional().describe(`Lines at most, 1 to ${MAX_LIMIT}; default 50.`),
  }),
  async run({ order = 'desc', limit = 50, from, to, cursor, ...filters }, { sources, nowMs, mask, signal }) {
    const after = cursor === undefined ? undefined : parseCursor(cursor);
    if (cursor !== undefined && after === undefined)
      throw new ToolError('cursor: expected the cursor of an answer before, or none');
    // Without a beginning of its own a page goes on to where there is nothing more.
    const range = rangeOf({ from: from ?? (after === undefined ? undefined : '3650d'), to }, nowMs);
    const page = await sources.history.ask(
      {
        ...{ kind: 'page', selection: selectionOf(filters), range, order, limit, after, form: 'flat' },
        patienceMs: 2000,
      },
      signal,
    );
    const lines = readRows(page.rows).map((row) => logLine(row, { nowMs, mask }));
    const shown = countFitting(lines);
    const next = shown < lines.length ? page.keys[shown - 1] : page.next;
    const looked = page.partial ? `Time ran out at ${new Date(page.next!.ms).toISOString()}. ` : '';
    const more = next === undefined ? [] : [`(${looked}There may be more: the same with cursor=${formatCursor(next)})`];
    return [...(lines.length === 0 ? ['No line matches in this span.'] : lines.slice(0, shown)), ...more].join('\n');
  },
});
