/** Snapshots and what they are made of, for tests. */

import type { LogSummary, TopError } from './log-summary.ts';
import { type Snapshot, SnapshotIds } from './snapshot.ts';

const ids = new SnapshotIds();

/** A whole snapshot, taken at `atMs`. */
export function makeSnapshot(atMs: number, given: Partial<Snapshot> = {}): Snapshot {
  const timestamp = new Date(atMs).toISOString();
  return {
    id: ids.next(atMs),
    trigger: 'scheduled',
    reason: 'the interval of 5 min has passed',
    timestamp,
    metrics: { uptime_seconds: 12, system: { memory_usage_percent: 41.5 } },
    logs: { from: new Date(atMs - 300_000).toISOString(), to: timestamp, ...makeSummary() },
    sources: { fly: 'connected' },
    notes: [],
    ...given,
  };
}

export function makeSummary(topErrors: readonly TopError[] = [makeTopError('connection refused')]): LogSummary {
  return {
    total: 60,
    counts: { trace: 0, debug: 0, info: 40, warn: 8, error: 11, fatal: 1 },
    errors: 12,
    warnings: 8,
    top_errors: topErrors,
  };
}

export function makeTopError(message: string): TopError {
  return {
    message,
    level: 'error',
    count: 12,
    app: 'shop',
    instance: null,
    first_seen: '2026-11-20T09:58:00.000Z',
    last_seen: '2026-11-20T09:59:59.000Z',
  };
}
