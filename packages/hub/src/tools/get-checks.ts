/** Results of health checks. */

import { z } from 'zod';
import { shortened } from './log-text.ts';
import { defineTool } from './tool.ts';

const MAX_FAILURES = 20;

export const getChecks = defineTool({
  name: 'get_checks',
  title: 'Health checks of a host',
  description:
    'Each health check that runs on a host: how often it passed and failed, its response times, and its newest failures with their reasons.',
  input: z.object({
    host: z.string().max(256).describe('Name of the host, as get_hosts gives it.'),
    hours: z.int().min(1).max(168).optional().describe('How far back, 1 to 168; default 6.'),
  }),
  async run({ host, hours = 6 }, { sources, nowMs, mask, signal }) {
    const rows = await sources.fleet.health(host, hours, false, nowMs, signal);
    if (rows.length === 0) return `No checks of ${JSON.stringify(host)} in the last ${hours} hours.`;
    const lines = [...Map.groupBy(rows, (row) => String(row.url))].map(([url, results]) => {
      const passed = results.filter((row) => row.success === true);
      const times = passed.map((row) => Number(row.response_time_ms ?? 0)).sort((a, b) => a - b);
      const median = times.length === 0 ? '–' : `${Math.round(times[times.length >> 1]!)} ms`;
      const slowest = times.length === 0 ? '–' : `${Math.round(times.at(-1)!)} ms`;
      const now = results[0]!.success === true ? 'passes' : 'fails';
      return `${url}: ${now} now; ${passed.length} of ${results.length} passed; median ${median}, slowest ${slowest}`;
    });
    const failures = rows
      .filter((row) => row.success !== true)
      .slice(0, MAX_FAILURES)
      .map(
        (row) =>
          `${String(row.timestamp).slice(0, 19)} ${row.url}: ${shortened(String(row.error_message ?? `status ${row.status_code}`), mask, 200)}`,
      );
    return [...lines, ...(failures.length === 0 ? [] : ['Newest failures:', ...failures])].join('\n');
  },
});
