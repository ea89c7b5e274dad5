/** Seed 000's tool: how the hub itself is. */

import { z } from 'zod';
import type { MetricsSnapshot } from '../metrics/hub-metrics.ts';
import { withCommas } from './log-text.ts';
import { defineTool } from './tool.ts';

const TYPES = ['cpu', 'memory', 'connections', 'all'] as const;

export const getMetrics = defineTool({
  name: 'get_metrics',
  title: 'Metrics of this hub',
  description:
    'CPU, memory and connections of the Flywatch hub itself, now. For hosts and apps that it watches use get_hosts and get_host_metrics.',
  input: z.object({ type: z.enum(TYPES).optional().describe('Which of them; default all.') }),
  async run({ type = 'all' }, { sources }) {
    return metricsLine(sources.metrics(), type);
  },
});

/** `CPU: 23% | Mem: 456MB/1024MB (44%) | Conns: SSE=3 WS=12 | NATS: connected | Msgs: 45,231` */
function metricsLine(metrics: MetricsSnapshot, type: (typeof TYPES)[number] = 'all'): string {
  const { system } = metrics;
  const mb = (bytes: number) => `${Math.round(bytes / 2 ** 20)}MB`;
  const parts = {
    cpu: `CPU: ${system === undefined ? 'unknown' : `${Math.round(system.cpu_usage_percent)}%`}`,
    memory:
      system === undefined
        ? 'Mem: unknown'
        : `Mem: ${mb(system.memory_used_bytes)}/${mb(system.memory_total_bytes)} (${Math.round(system.memory_usage_percent)}%)`,
    connections: `Conns: SSE=${metrics.active_sse_connections} WS=${metrics.active_ws_connections}`,
  };
  if (type !== 'all') return parts[type];
  const bus = `NATS: ${metrics.nats_connected ? 'connected' : 'not connected'}`;
  const forwarded = `Msgs: ${withCommas(metrics.messages_forwarded)}`;
  return [parts.cpu, parts.memory, parts.connections, bus, forwarded].join(' | ');
}
