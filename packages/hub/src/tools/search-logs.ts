/** Lines of a span of time that match a filter. */

import { z } from 'zod';
import { joinLines, logLine, readRows } from './log-text.ts';
import { FILTERS, rangeOf, SPAN, selectionOf } from './selection-input.ts';
import { defineTool } from './tool.ts';

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
    limit: z.int().min(1).max(MAX_LIMIT).optional().describe(`Lines at most, 1 to ${MAX_LIMIT}; default 50.`),
  }),
  async run({ order = 'desc', limit = 50, from, to, ...filters }, { sources, nowMs, mask, signal }) {
    const page = await sources.history.ask(
      {
        ...{ kind: 'page', selection: selectionOf(filters), range: rangeOf({ from, to }, nowMs), order, limit },
        ...{ form: 'flat', patienceMs: 2000 },
      },
      signal,
    );
    const rows = readRows(page.rows);
    const notes: string[] = [];
    const last = rows.at(-1);
    if (page.partial)
      notes.push(`Time ran out at ${new Date(page.next!.ms).toISOString()}: there may be more. Narrow the span.`);
    else if (page.next !== undefined && last !== undefined) {
      notes.push(`There are more: ask again with ${order === 'desc' ? 'to' : 'from'}=${last.time}.`);
    }
    if (rows.length === 0) return ['No line matches in this span.', ...notes].join('\n');
    return [
      joinLines(
        rows.map((row) => logLine(row, { nowMs, mask })),
        'Ask for fewer, or filter.',
      ),
      ...notes,
    ].join('\n');
  },
});
