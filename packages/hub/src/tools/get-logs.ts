/** Seed 000's tool: the newest lines. */

import { z } from 'zod';
import { countFitting, formatCursor, logLine, readRows } from './log-text.ts';
import { FILTERS, selectionOf } from './selection-input.ts';
import { defineTool } from './tool.ts';

const MAX_COUNT = 500;

export const getLogs = defineTool({
  name: 'get_logs',
  title: 'Newest log lines',
  description:
    'The newest log lines, oldest first, by count or by time, with filters. Start here for "what is going on now". For older lines or a question about a time in the past use search_logs.',
  input: z.object({
    count: z.int().min(1).max(MAX_COUNT).optional().describe(`Lines at most, 1 to ${MAX_COUNT}; default 100.`),
    minutes: z.number().positive().max(10_080).optional().describe('Only lines of the last so many minutes.'),
    ...FILTERS,
    text: z.string().max(500).optional().describe('A phrase that has to be in the line, in any case.'),
  }),
  async run({ count = 100, minutes, text, query, ...filters }, { sources, nowMs, mask, signal }) {
    const phrase = text === undefined ? undefined : `"${text.replace(/[\\"]/g, '\\$&')}"`;
    const wanted = [query === undefined ? undefined : `(${query})`, phrase].filter((part) => part !== undefined);
    const selection = selectionOf({ ...filters, ...(wanted.length === 0 ? undefined : { query: wanted.join(' ') }) });
    const from = minutes === undefined ? undefined : { ms: nowMs - minutes * 60_000, nanos: 0 };
    const page = await sources.history.ask(
      {
        ...{ kind: 'page', selection, order: 'desc', limit: count, form: 'flat', patienceMs: 2000 },
        range: from === undefined ? {} : { from },
      },
      signal,
    );
    const lines = readRows(page.rows).map((row) => logLine(row, { nowMs, mask }));
    if (lines.length === 0)
      return page.partial
        ? 'Nothing was found in the time that there is: give minutes, or a filter.'
        : 'No line matches.';
    // The newest are kept where not all of them fit.
    const shown = countFitting(lines);
    const hasOlder = page.next !== undefined || shown < lines.length;
    const older = hasOlder
      ? [`(There are older lines: search_logs with cursor=${formatCursor(page.keys[shown - 1]!)})`]
      : [];
    return [...older, ...lines.slice(0, shown).reverse()].join('\n');
  },
});
