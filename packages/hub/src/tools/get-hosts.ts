/** The hosts of the fleet. */

import { z } from 'zod';
import { joinLines } from './log-text.ts';
import { defineTool } from './tool.ts';

export const getHosts = defineTool({
  name: 'get_hosts',
  title: 'Hosts of the fleet',
  description:
    'Every host (VPS) with its apps: last report, CPU, memory, disk, health of its checks. Hosts on Fly.io are known by their log lines alone: use count_logs with by=instance for them.',
  input: z.object({ name: z.string().max(256).optional().describe('Only hosts or apps with this in their names.') }),
  async run({ name }, { sources, nowMs, signal }) {
    const rows = await sources.fleet.summary(false, nowMs, signal);
    const wanted = rows.filter(
      ({ vps_name, app_name }) => name === undefined || `${vps_name} ${app_name}`.includes(name),
    );
    if (wanted.length === 0)
      return rows.length === 0
        ? 'No host reports to this hub.'
        : `No host or app is named like this. Known: ${[...new Set(rows.map((row) => row.vps_name))].slice(0, 50).join(', ')}`;
    const percent = (value: number | null) => (value === null ? '–' : `${Math.round(value)}%`);
    const lines = wanted.map(
      (row) =>
        `${row.vps_name} / ${row.app_name}: CPU ${percent(row.cpu_percent)}, memory ${percent(row.memory_percent)}, disk ${percent(row.disk_percent)}, checks ${row.health_status}, last seen ${age(row.last_seen, nowMs)}`,
    );
    return joinLines(lines, 'Ask with a name.');
  },
});

function age(time: string, nowMs: number): string {
  const seconds = Math.max(0, Math.round((nowMs - Date.parse(time)) / 1000));
  if (seconds < 120) return `${seconds} s ago`;
  return seconds < 7200 ? `${Math.round(seconds / 60)} min ago` : `${Math.round(seconds / 3600)} h ago`;
}
