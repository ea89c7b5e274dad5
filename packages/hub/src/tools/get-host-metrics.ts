/** Figures of one host over time. */

import { z } from 'zod';
import { defineTool } from './tool.ts';

/** Rows of an answer: enough to see a slope or a step. */
const MAX_ROWS = 48;

const COLUMNS = ['cpu_percent', 'memory_percent', 'disk_percent', 'load_avg_1m'] as const;

export const getHostMetrics = defineTool({
  name: 'get_host_metrics',
  title: 'Figures of a host',
  description:
    'CPU, memory, disk and load of one host over the last hours, as a table thinned to some 48 rows, with the greatest of each.',
  input: z.object({
    host: z.string().max(256).describe('Name of the host, as get_hosts gives it.'),
    hours: z.int().min(1).max(168).optional().describe('How far back, 1 to 168; default 6.'),
  }),
  async run({ host, hours = 6 }, { sources, nowMs, signal }) {
    const rows = await sources.fleet.metrics(host, hours, nowMs, signal);
    if (rows.length === 0)
      return `No figures of ${JSON.stringify(host)} in the last ${hours} hours; get_hosts lists the hosts.`;
    const step = Math.ceil(rows.length / MAX_ROWS);
    const shown = rows.filter((_, i) => (rows.length - 1 - i) % step === 0);
    const most = COLUMNS.map((column) => {
      const values = rows.map((row) => row[column]).filter((value) => typeof value === 'number');
      return values.length === 0 ? '–' : String(Math.max(...values));
    });
    const cell = (value: unknown) => (typeof value === 'number' ? String(Math.round(value * 10) / 10) : '–');
    return [
      `${rows.length} reports, every ${step === 1 ? '' : `${step}th `}one shown. time | ${COLUMNS.join(' | ')}`,
      ...shown.map((row) =>
        [String(row.timestamp).slice(0, 19), ...COLUMNS.map((column) => cell(row[column]))].join(' | '),
      ),
      `greatest | ${most.join(' | ')}`,
    ].join('\n');
  },
});
