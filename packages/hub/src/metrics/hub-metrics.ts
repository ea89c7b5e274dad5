/** Counters and gauges of the hub, and their two renderings: seed 000's JSON and Prometheus' text. */

import type { SystemSample } from './system.ts';

/** What the hub is doing, gathered anew for every answer. Names as on the wire; units in the names. */
export interface MetricsSnapshot {
  readonly timestamp: string;
  readonly uptime_seconds: number;
  readonly nats_connected: boolean;
  readonly subscription_errors: number;
  /** Events put into the ring since start, once each. */
  readonly messages_forwarded: number;
  readonly sse_connections_total: number;
  readonly ws_connections_total: number;
  readonly active_sse_connections: number;
  readonly active_ws_connections: number;
  readonly system?: {
    readonly cpu_usage_percent: number;
    readonly memory_used_bytes: number;
    readonly memory_total_bytes: number;
    readonly memory_usage_percent: number;
    readonly uptime_seconds: number;
  };
  readonly process?: { readonly cpu_usage_percent: number; readonly memory_rss_bytes: number };
  readonly deliveries: number;
  readonly delivered_bytes: number;
  readonly gaps: number;
  readonly events_skipped: number;
  readonly readers_blocked: number;
  readonly readers_closed_stalled: number;
  readonly buffer_events: number;
  readonly buffer_chars: number;
  readonly ingest_events: number;
  readonly ingest_rejected: number;
  readonly metrics_rows: number;
  readonly check_rows: number;
  readonly rows_rejected: number;
  readonly store_pending_events: number;
  readonly store_written_events: number;
  readonly store_dropped_events: number;
  /** Bytes on disk; null where nothing is kept there, or it was not measured yet. */
  readonly store_bytes: number | null;
  /** Own events sent to the other hubs of a group, and events of theirs that did not come. */
  readonly relay_sent_events: number;
  readonly relay_lost_events: number;
  readonly sources: Readonly<Record<string, SourceMetrics>>;
}

export interface SourceMetrics {
  readonly state: string;
  readonly messages: number;
  readonly reconnects: number;
  readonly errors: number;
  readonly last_message_age_seconds: number | null;
}

export function systemParts(sample: SystemSample | undefined): Pick<MetricsSnapshot, 'system' | 'process'> {
  if (sample === undefined) return {};
  return {
    system: {
      cpu_usage_percent: round(sample.cpuPercent),
      memory_used_bytes: sample.memoryUsedBytes,
      memory_total_bytes: sample.memoryTotalBytes,
      memory_usage_percent: round((100 * sample.memoryUsedBytes) / sample.memoryTotalBytes),
      uptime_seconds: sample.uptimeSeconds,
    },
    process: { cpu_usage_percent: round(sample.processCpuPercent), memory_rss_bytes: sample.processRssBytes },
  };
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

type Kind = 'counter' | 'gauge';

/** One row per series: name without the prefix, kind, help, value. `undefined` leaves the series out. */
const SERIES: readonly [string, Kind, string, (m: MetricsSnapshot) => number | undefined][] = [
  ['uptime_seconds', 'gauge', 'Seconds since the hub was started.', (m) => m.uptime_seconds],
  ['nats_connected', 'gauge', '1 while the Fly bus has answered the subscription.', (m) => Number(m.nats_connected)],
  [
    'subscription_errors_total',
    'counter',
    'Failed connections and refusals of the Fly bus.',
    (m) => m.subscription_errors,
  ],
  ['messages_forwarded_total', 'counter', 'Events put into the ring, once each.', (m) => m.messages_forwarded],
  ['sse_connections_total', 'counter', 'SSE readers that have come.', (m) => m.sse_connections_total],
  ['ws_connections_total', 'counter', 'WebSocket readers that have come.', (m) => m.ws_connections_total],
  ['active_sse_connections', 'gauge', 'SSE readers connected.', (m) => m.active_sse_connections],
  ['active_ws_connections', 'gauge', 'WebSocket readers connected.', (m) => m.active_ws_connections],
  ['deliveries_total', 'counter', 'Events handed to readers, once per reader.', (m) => m.deliveries],
  ['delivered_bytes_total', 'counter', 'Bytes handed to readers.', (m) => m.delivered_bytes],
  ['gaps_total', 'counter', 'Gaps that readers were told of.', (m) => m.gaps],
  ['events_skipped_total', 'counter', 'Events in those gaps, where known.', (m) => m.events_skipped],
  ['readers_blocked', 'gauge', 'Readers whose sockets take nothing at the moment.', (m) => m.readers_blocked],
  [
    'readers_closed_stalled_total',
    'counter',
    'Readers closed for taking nothing for too long.',
    (m) => m.readers_closed_stalled,
  ],
  ['buffer_events', 'gauge', 'Events in the ring.', (m) => m.buffer_events],
  ['buffer_chars', 'gauge', 'Characters of the events in the ring.', (m) => m.buffer_chars],
  ['ingest_events_total', 'counter', 'Events accepted over HTTP.', (m) => m.ingest_events],
  ['ingest_rejected_total', 'counter', 'Ingest requests that were refused.', (m) => m.ingest_rejected],
  ['metrics_rows_total', 'counter', 'Rows of host figures accepted over HTTP.', (m) => m.metrics_rows],
  ['check_rows_total', 'counter', 'Results of checks accepted over HTTP.', (m) => m.check_rows],
  ['rows_rejected_total', 'counter', 'Requests with figures or checks that were refused.', (m) => m.rows_rejected],
  ['store_pending_events', 'gauge', 'Events that wait to be written.', (m) => m.store_pending_events],
  ['store_written_events_total', 'counter', 'Events written since start.', (m) => m.store_written_events],
  ['store_dropped_events_total', 'counter', 'Events that could not be kept.', (m) => m.store_dropped_events],
  ['relay_sent_events_total', 'counter', 'Own events sent to other hubs.', (m) => m.relay_sent_events],
  ['relay_lost_events_total', 'counter', 'Events of other hubs that did not come.', (m) => m.relay_lost_events],
  ['store_bytes', 'gauge', 'Size of the store on disk.', (m) => m.store_bytes ?? undefined],
  [
    'system_cpu_usage_percent',
    'gauge',
    'CPU in use, of what machine or cgroup allow.',
    (m) => m.system?.cpu_usage_percent,
  ],
  [
    'system_memory_used_bytes',
    'gauge',
    'Memory in use on the machine or in the cgroup.',
    (m) => m.system?.memory_used_bytes,
  ],
  [
    'system_memory_total_bytes',
    'gauge',
    'Memory of the machine or the limit of the cgroup.',
    (m) => m.system?.memory_total_bytes,
  ],
  ['process_cpu_usage_percent', 'gauge', 'CPU of the hub, of one core.', (m) => m.process?.cpu_usage_percent],
  ['process_resident_memory_bytes', 'gauge', 'Resident memory of the hub.', (m) => m.process?.memory_rss_bytes],
];

/** Text exposition format 0.0.4. */
export function renderPrometheus(metrics: MetricsSnapshot): string {
  const lines: string[] = [];
  for (const [name, kind, help, read] of SERIES) {
    const value = read(metrics);
    if (value === undefined) continue;
    lines.push(`# HELP flywatch_${name} ${help}`, `# TYPE flywatch_${name} ${kind}`, `flywatch_${name} ${value}`);
  }
  const sources = Object.entries(metrics.sources);
  if (sources.length > 0) {
    const perSource: readonly [string, Kind, string, (source: SourceMetrics) => number | undefined][] = [
      ['source_messages_total', 'counter', 'Messages that a source has brought.', (s) => s.messages],
      ['source_reconnects_total', 'counter', 'Times that a source was connected again.', (s) => s.reconnects],
      ['source_errors_total', 'counter', 'Failures of a source.', (s) => s.errors],
      [
        'source_last_message_age_seconds',
        'gauge',
        'Seconds since the last message of a source.',
        (s) => s.last_message_age_seconds ?? undefined,
      ],
    ];
    for (const [name, kind, help, read] of perSource) {
      lines.push(`# HELP flywatch_${name} ${help}`, `# TYPE flywatch_${name} ${kind}`);
      for (const [source, figures] of sources) {
        const value = read(figures);
        if (value !== undefined) lines.push(`flywatch_${name}{source="${escapeLabel(source)}"} ${value}`);
      }
    }
    lines.push('# HELP flywatch_source_state The state that a source is in.', '# TYPE flywatch_source_state gauge');
    for (const [source, { state }] of sources) {
      lines.push(`flywatch_source_state{source="${escapeLabel(source)}",state="${escapeLabel(state)}"} 1`);
    }
  }
  return `${lines.join('\n')}\n`;
}

function escapeLabel(text: string): string {
  return text.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n');
}
