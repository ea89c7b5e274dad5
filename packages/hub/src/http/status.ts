/** `GET /status`: how each part of the hub is, in the order of the data's way. What the status page shows, and in its order. */

import type { RosterEntry } from '../fanout/roster.ts';
import type { PartState } from './hub-api.ts';

/** RFC 3339; null where there was none yet. */
type Moment = string | null;

export interface HubStatus {
  readonly timestamp: string;
  readonly versions: { readonly hub: string; readonly node: string };
  readonly started_at: string;
  readonly uptime_seconds: number;
  /** Resident memory of the hub, in bytes. */
  readonly memory_bytes: number;
  readonly ready: boolean;
  /** False where everybody who reaches the hub may read. */
  readonly auth_required: boolean;
  readonly sources: readonly SourceReport[];
  readonly ring: RingReport;
  readonly store: StoreReport;
  /** Rows that agents sent since start. */
  readonly figures: { readonly metrics_rows: number; readonly check_rows: number };
  readonly readers: ReadersReport;
  readonly losses: LossReport;
  /** Whether there is a model to ask. */
  readonly chat: { readonly configured: boolean };
}

export interface SourceReport {
  /** `fly`, `http` or `demo`. */
  readonly name: string;
  /** A `SourceState`; for `http` `listening`; for `demo` `running` or `off`. */
  readonly state: string;
  /** Whether it works; an idle one does. */
  readonly ready: boolean;
  readonly detail: string | null;
  readonly since: Moment;
  /** Since start. */
  readonly events: number;
  readonly last_event_at: Moment;
  readonly reconnects: number;
  readonly errors: number;
}

export interface RingReport {
  readonly events: number;
  readonly max_events: number;
  readonly max_age_seconds: number;
  readonly chars: number;
  readonly oldest_at: Moment;
  readonly newest_at: Moment;
  /** Events that went through it since start. */
  readonly events_total: number;
}

export interface StoreReport extends PartState {
  readonly kind: 'sqlite' | 'postgresql' | 'memory';
  /** Of the file, or of the spool before a database; null in memory. */
  readonly path: string | null;
  readonly bytes: number | null;
  readonly max_bytes: number | null;
  readonly retention_days: number | null;
  readonly events_written: number;
  readonly events_pending: number;
}

export interface ReadersReport {
  readonly now: number;
  readonly blocked: number;
  /** Events handed to readers since start, once per reader. */
  readonly deliveries: number;
  readonly delivered_bytes: number;
  /** Those in trouble first, a hundred at most. */
  readonly list: readonly ReaderReport[];
}

export interface ReaderReport {
  readonly address: string | null;
  readonly agent: string | null;
  readonly over: RosterEntry['over'];
  /** The parameters that chose its events; empty where it gets all. */
  readonly filter: Readonly<Record<string, string>>;
  readonly state: RosterEntry['state'];
  readonly behind: number | null;
  readonly since: string;
}

/** Counted since start. Zero means none, and not unknown. */
export interface LossReport {
  readonly ingest_rejected: number;
  readonly rows_rejected: number;
  readonly store_dropped_events: number;
  /** Events that other hubs of the group have sent and that did not come. */
  readonly relay_lost_events: number;
  readonly gaps: number;
  readonly events_skipped: number;
  readonly readers_closed_stalled: number;
  readonly lines_cut: number;
  readonly times_replaced: number;
}
