/** What `GET /snapshots` answers (docs/http.md), as far as this page uses it. */

import { counted } from '../app/format.ts';

export interface Snapshot {
  readonly id: string;
  readonly trigger: string;
  readonly reason: string;
  readonly timestamp: string;
  readonly metrics: Metrics | null;
  readonly logs: SnapshotLogs | null;
  readonly sources: Readonly<Record<string, string>>;
  readonly notes: readonly string[];
}

interface Metrics {
  readonly uptime_seconds: number;
  readonly messages_forwarded: number;
  readonly active_sse_connections: number;
  readonly active_ws_connections: number;
  readonly gaps: number;
  readonly store_bytes: number | null;
  readonly store_dropped_events: number;
  readonly buffer_events: number;
  readonly system?: { readonly cpu_usage_percent: number; readonly memory_usage_percent: number };
  readonly process?: { readonly memory_rss_bytes: number };
}

export interface SnapshotLogs {
  readonly from: string;
  readonly to: string;
  readonly total: number;
  readonly counts: Readonly<Record<string, number>>;
  readonly errors: number;
  readonly warnings: number;
  readonly top_errors: readonly TopError[];
}

export interface TopError {
  readonly id: string;
  readonly level: string;
  readonly message: string;
  readonly count: number;
  readonly app?: string | null;
  readonly instance?: string | null;
  readonly first_seen: string;
  readonly last_seen: string;
}

export const TRIGGERS: Readonly<Record<string, string>> = {
  scheduled: 'On schedule',
  error_spike: 'Error spike',
  memory_high: 'Memory high',
  manual: 'By hand',
};

/** `3 errors, 12 warnings`; `no errors`. */
export function troublesText(logs: SnapshotLogs | null): string {
  if (logs === null) return 'not counted';
  if (logs.errors === 0 && logs.warnings === 0) return 'no errors';
  const parts = [];
  if (logs.errors > 0) parts.push(counted(logs.errors, 'error'));
  if (logs.warnings > 0) parts.push(counted(logs.warnings, 'warning'));
  return parts.join(', ');
}
