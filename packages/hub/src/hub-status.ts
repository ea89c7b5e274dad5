/** What `GET /status` says, put together from the parts: part of `hub.ts`, which has the picture. */

import { formatTimeMs, type Normalizer, type Selection } from '@flywatch/core';
import type { EventBuffer } from './buffer/event-buffer.ts';
import type { FanOut } from './fanout/fan-out.ts';
import type { RosterEntry } from './fanout/roster.ts';
import type { Readiness } from './http/hub-api.ts';
import type { HubStatus, ReaderReport, SourceReport, StoreReport } from './http/status.ts';
import type { RowIngest } from './ingest/http/row-ingest.ts';
import type { SourceStatus } from './ingest/source.ts';
import { STATUS_MAX_READERS } from './limits.ts';
import type { EventStore } from './store/store.ts';

export interface StatusParts {
  readonly version: string;
  readonly startedAtMs: number;
  readonly authRequired: boolean;
  readonly chatConfigured: boolean;
  readonly buffer: EventBuffer;
  readonly bufferMaxAgeMs: number;
  readonly fanOut: FanOut;
  readonly normalizer: Normalizer;
  readonly store: EventStore;
  /** What is settled about the store before it starts. */
  readonly storeKind: Pick<StoreReport, 'kind' | 'path' | 'max_bytes' | 'retention_days'>;
  readonly readiness: () => Readiness;
  /** Undefined where Fly is not configured. */
  readonly fly: () => SourceStatus | undefined;
  /** Undefined where events are not shared with other hubs. */
  readonly relay: () => (SourceStatus & { readonly lostEvents: number }) | undefined;
  readonly http: () => PushedSource;
  readonly demo: () => PushedSource & { readonly running: boolean };
  readonly eventsTotal: () => number;
  readonly ingestRejected: () => number;
  readonly rows: () => RowIngest['counters'];
}

/** A source without a connection: things arrive, or they do not. */
export interface PushedSource {
  readonly events: number;
  readonly lastEventAtMs: number | undefined;
}

export function describeHub(parts: StatusParts): HubStatus {
  const { buffer, fanOut, store, normalizer } = parts;
  const { counters } = fanOut;
  const { ready, store: storeState } = parts.readiness();
  const rows = parts.rows();
  const nowMs = Date.now();
  return {
    timestamp: formatTimeMs(nowMs),
    versions: { hub: parts.version, node: process.versions.node },
    started_at: formatTimeMs(parts.startedAtMs),
    uptime_seconds: Math.floor((nowMs - parts.startedAtMs) / 1000),
    memory_bytes: process.memoryUsage.rss(),
    ready,
    auth_required: parts.authRequired,
    sources: describeSources(parts),
    ring: {
      events: buffer.size,
      max_events: buffer.capacity,
      max_age_seconds: parts.bufferMaxAgeMs / 1000,
      chars: buffer.chars,
      oldest_at: moment(buffer.at(buffer.first)?.receivedAtMs),
      newest_at: moment(buffer.at(buffer.end - 1)?.receivedAtMs),
      events_total: parts.eventsTotal(),
    },
    store: {
      ...storeState,
      ...parts.storeKind,
      bytes: store.status.bytes ?? null,
      events_written: store.status.writtenEvents,
      events_pending: store.status.pendingEvents,
    },
    figures: { metrics_rows: rows.metrics, check_rows: rows.checks },
    readers: {
      now: fanOut.readers,
      blocked: fanOut.blocked,
      deliveries: counters.deliveries,
      delivered_bytes: counters.bytes,
      list: fanOut.roster(STATUS_MAX_READERS).map(describeReader),
    },
    losses: {
      ingest_rejected: parts.ingestRejected(),
      rows_rejected: rows.refused,
      store_dropped_events: store.status.droppedEvents,
      relay_lost_events: parts.relay()?.lostEvents ?? 0,
      gaps: counters.gaps,
      events_skipped: counters.eventsSkipped,
      readers_closed_stalled: counters.stalledClosed,
      lines_cut: normalizer.counters.cut,
      times_replaced: normalizer.counters.timesReplaced,
    },
    chat: { configured: parts.chatConfigured },
  };
}

function describeSources({ fly, relay, http, demo }: StatusParts): SourceReport[] {
  const pushed = (name: string, state: string, { events, lastEventAtMs }: PushedSource): SourceReport => ({
    ...{ name, state, ready: true, detail: null, since: null, events },
    ...{ last_event_at: moment(lastEventAtMs), reconnects: 0, errors: 0 },
  });
  return [
    ...[fly(), relay()].filter((source) => source !== undefined).map(describeConnected),
    pushed('http', 'listening', http()),
    pushed('demo', demo().running ? 'running' : 'off', demo()),
  ];
}

function describeConnected(source: SourceStatus): SourceReport {
  return {
    name: source.name,
    state: source.state,
    ready: source.state === 'connected',
    detail: source.detail ?? null,
    since: formatTimeMs(source.sinceMs),
    events: source.messages,
    last_event_at: moment(source.lastMessageAtMs),
    reconnects: source.reconnects,
    errors: source.errors,
  };
}

function describeReader({ origin, over, selection, state, behind, sinceMs }: RosterEntry): ReaderReport {
  return {
    address: origin?.address ?? null,
    agent: origin?.agent ?? null,
    over,
    filter: parametersOf(selection),
    state,
    behind,
    since: formatTimeMs(sinceMs),
  };
}

/** A selection as the parameters that ask for it. */
function parametersOf({ level, lists, q }: Selection): Record<string, string> {
  const parameters: Record<string, string> = {};
  if (level !== undefined) parameters.level = level;
  for (const [name, values] of Object.entries(lists)) parameters[name] = values.join(',');
  if (q !== undefined) parameters.q = q;
  return parameters;
}

function moment(ms: number | undefined): string | null {
  return ms === undefined ? null : formatTimeMs(ms);
}
