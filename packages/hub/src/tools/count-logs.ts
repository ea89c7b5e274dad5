/** How many lines, over time or by field. */

import { LEVELS } from '@flywatch/core';
import { z } from 'zod';
import { shortened } from './log-text.ts';
import type { Mask } from './redact.ts';
import { durationOf, FILTERS, rangeOf, SPAN, selectionOf } from './selection-input.ts';
import { defineTool } from './tool.ts';

const MAX_ROWS = 60;
const VALUE_CHARS = 200;

export const countLogs = defineTool({
  name: 'count_logs',
  title: 'Count log lines',
  description:
    'Exact numbers of log lines of a span of time: per time bucket and level (default), or per value of a field (by). Use it to find when something began, which app or instance it comes from, and before saying that something is frequent.',
  input: z.object({
    ...FILTERS,
    ...SPAN,
    by: z
      .string()
      .max(256)
      .optional()
      .describe(
        'app, instance, region, host, level, provider, source, or a field of structured lines such as status or user.id.',
      ),
    interval: z
      .string()
      .max(32)
      .optional()
      .describe('Width of a time bucket, such as 1m or 1h; chosen by itself otherwise.'),
  }),
  async run({ by, interval, from, to, ...filters }, { sources, nowMs, mask, signal }) {
    const asked = { selection: selectionOf(filters), range: rangeOf({ from, to }, nowMs) };
    if (by !== undefined) {
      const { facets, total, truncated } = await sources.history.ask(
        { kind: 'facets', ...asked, fields: [by], limit: MAX_ROWS },
        signal,
      );
      const values = facets[by] ?? [];
      // Values that are masked look alike.
      const counts = new Map<string, number>();
      for (const { value, count } of values) {
        const shown = shownValue(by, value, mask);
        counts.set(shown, (counts.get(shown) ?? 0) + count);
      }
      const rows = [...counts].map(([value, count]) => `${value}: ${count}`);
      const note =
        truncated.length > 0 || values.length === MAX_ROWS ? ['(more values exist; filter to see them)'] : [];
      return [
        `${total} lines in all. By ${by}:`,
        ...(rows.length === 0 ? ['no line has this field'] : rows),
        ...note,
      ].join('\n');
    }
    const intervalMs = interval === undefined ? undefined : durationOf('interval', interval);
    const answer = await sources.history.ask({ kind: 'histogram', ...asked, intervalMs, maxBuckets: MAX_ROWS }, signal);
    const rows = answer.buckets.map(({ timeMs, counts }) => {
      const named = LEVELS.flatMap((level, rank) => (counts[rank]! > 0 ? [`${level} ${counts[rank]}`] : []));
      return `${new Date(timeMs).toISOString().slice(0, 19)}Z: ${named.join(', ')}`;
    });
    const shown = rows.slice(-MAX_ROWS);
    const cut =
      rows.length > shown.length
        ? [`(${rows.length - shown.length} earlier buckets are left out: take a longer interval)`]
        : [];
    const step = `${answer.intervalMs / 1000} s a bucket; buckets without lines are left out`;
    return [`${answer.total} lines in all (${step}).`, ...cut, ...shown].join('\n');
  },
});

/** A value of a field; where the name says that it is a secret, the value alone would not. */
function shownValue(field: string, value: string, mask: Mask): string {
  const named = `${field.split('.').at(-1)}=${value.replaceAll(/\s/g, '_')}`;
  return mask(named) === named ? JSON.stringify(shortened(value, mask, VALUE_CHARS)) : '"[masked]"';
}
