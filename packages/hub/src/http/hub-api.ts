/** What the HTTP side needs of the hub; `hub.ts` fills it. */

import type { AgentTokens } from '../auth/agent-tokens.ts';
import type { Auth } from '../auth/auth.ts';
import type { Sessions } from '../auth/sessions.ts';
import type { EventBuffer } from '../buffer/event-buffer.ts';
import type { Chat } from '../chat/chat.ts';
import type { UsageTotals } from '../chat/usage-totals.ts';
import type { FanOut } from '../fanout/fan-out.ts';
import type { Fleet } from '../fleet/fleet.ts';
import type { FleetOverviews } from '../fleet/overview/fleet-overviews.ts';
import type { HttpIngest } from '../ingest/http/http-ingest.ts';
import type { RowIngest } from '../ingest/http/row-ingest.ts';
import type { SourceStatus } from '../ingest/source.ts';
import type { Log } from '../log.ts';
import type { Mcp } from '../mcp/mcp.ts';
import type { MetricsSnapshot } from '../metrics/hub-metrics.ts';
import type { History } from '../query/history.ts';
import type { SnapshotManager } from '../snapshots/snapshot-manager.ts';
import type { HubStatus } from './status.ts';

export interface HubApi {
  readonly version: string;
  readonly history: History;
  readonly snapshots: SnapshotManager;
  readonly buffer: EventBuffer;
  readonly fanOut: FanOut;
  readonly auth: Auth;
  readonly agents: AgentTokens;
  readonly sessions: Sessions;
  readonly ingest: HttpIngest;
  readonly rows: RowIngest;
  readonly fleet: Fleet;
  readonly chat: Chat;
  readonly usage: UsageTotals;
  readonly mcp: Mcp;
  readonly overviews: FleetOverviews;
  readonly log: Log;
  /** Of the dashboard's built files; undefined where there are none. */
  readonly pageFolder: string | undefined;
  /** Where the agent as one file is, once it is built; undefined where nobody would build it. */
  readonly agentFolder: string | undefined;
  readonly metricsPublic: boolean;
  readonly corsOrigins: readonly string[];
  health(): Health;
  readiness(): Readiness;
  metrics(): MetricsSnapshot;
  status(): HubStatus;
  /** Readers that come and go, for the gauges. */
  readonly readers: ReaderGauges;
  /** The bus, for `/api/logs`; undefined where none is configured. */
  busStatus(): SourceStatus | undefined;
}

export interface ReaderGauges {
  sseTotal: number;
  wsTotal: number;
  sse: number;
  ws: number;
}

export interface Health {
  readonly status: 'healthy' | 'degraded';
  readonly nats_connected: boolean;
  readonly active_connections: number;
  readonly messages_forwarded: number;
  readonly uptime_seconds: number;
}

/** State of one part of the hub. */
export interface PartState {
  readonly state: string;
  readonly ready: boolean;
  readonly detail?: string;
  readonly since?: string;
  readonly last_message_age_seconds?: number | null;
}

export interface Readiness {
  readonly ready: boolean;
  readonly sources: Readonly<Record<string, PartState>>;
  readonly store: PartState;
}
