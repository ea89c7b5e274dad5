/** Messages grouped, and what is new. */

import { z } from 'zod';
import { findPatterns } from '../patterns/patterns.ts';
import { joinLines, shortened } from './log-text.ts';
import { durationOf, FILTERS, rangeOf, SPAN, selectionOf } from './selection-input.ts';
import { defineTool } from './tool.ts';

const MAX_LIMIT = 100;
const PATTERN_CHARS = 300;

export const getPatterns = defineTool({
  name: 'get_patterns',
  title: 'Patterns of log lines',
  description:
    'Log lines grouped into patterns (values as <*>) with counts. With baseline it says what is new, grown, fallen or gone beside the stretch of that length before from: the quickest way to see what a deploy or an incident has changed.',
  input: z.object({
    ...FILTERS,
    ...SPAN,
    baseline: z
      .string()
      .max(32)
      .optional()
      .describe('Length of the stretch before from to compare with, such as 1h or 1d.'),
    limit: z.int().min(1).max(MAX_LIMIT).optional().describe(`Patterns at most, 1 to ${MAX_LIMIT}; default 30.`),
  }),
  async run({ baseline, limit = 30, from, to, ...filters }, { sources, nowMs, mask, signal }) {
    const range = rangeOf({ from, to }, nowMs);
    const begin = range.from;
    const report = await findPatterns(
      sources.history,
      {
        ...{ selection: selectionOf(filters), range, limit, patienceMs: 2000 },
        baseline:
          baseline === undefined
            ? undefined
            : { from: { ...begin, ms: begin.ms - durationOf('baseline', baseline) }, to: begin },
        sort: baseline === undefined ? 'count' : 'change',
      },
      signal,
    );
    const lines = report.patterns.map(({ pattern, count, levels, change, baseline_count: before, example }) => {
      const worst = Object.keys(levels).at(-1);
      const changed = change === undefined ? '' : ` ${change} (before ${before})`;
      return `${count}×${changed}${worst === undefined ? '' : ` ${worst}`}: ${shortened(pattern, mask, PATTERN_CHARS)}  #${example.id}`;
    });
    const notes = [`${report.found} patterns in ${report.events} lines.`];
    if (!report.complete) notes.push(`Only lines back to ${report.looked_back_to} were looked at: narrow the span.`);
    return [...notes, joinLines(lines, 'Ask for fewer, or filter.')].join('\n');
  },
});
