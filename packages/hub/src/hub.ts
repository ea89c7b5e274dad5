/**
 * The hub: makes the stages and joins them in the order in which data flows.
 *
 *   Fly bus ──┐                                     ┌─▶ SSE, WebSocket
 *   backfill ─┤               ┌▶ ring ─▶ fan-out ───┤
 *   HTTP ─────┼─▶ normalize ──┤            ▲        └─▶ resume, tail, since
 *   demo ─────┘               └▶ store ─▶ query ─▶ history, counts, snapshots, tools ─▶ chat, mcp
 *
 * Later stages (alerts) join behind query; see ARCHITECTURE.md.
 */

import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { formatTimeMs, LEVELS, type LogEvent, Normalizer } from '@flywatch/core';
import { AgentTokens } from './auth/agent-tokens.ts';
import { Auth } from './auth/auth.ts';
import { Sessions } from './auth/sessions.ts';
import { WrongTokens } from './auth/wrong-tokens.ts';
import { EventBuffer } from './buffer/event-buffer.ts';
import { Chat } from './chat/chat.ts';
import { UsageTotals } from './chat/usage-totals.ts';
import { type Config, hasRelay } from './config.ts';
import { FanOut } from './fanout/fan-out.ts';
import { Fleet } from './fleet/fleet.ts';
import { FleetOverviews } from './fleet/overview/fleet-overviews.ts';
import { OwnHost } from './fleet/own-host.ts';
import { describeRepeated } from './http/history-routes.ts';
import type { HubApi } from './http/hub-api.ts';
import { busNotice, sseData } from './http/natstream.ts';
import { type HttpServer, startHttpServer } from './http/server.ts';
import { DemoTraffic } from './hub-demo.ts';
import { createFly } from './hub-fly.ts';
import { isConnected, readiness, sourceMetrics } from './hub-readiness.ts';
import { createOrders, createRelay, createTransport } from './hub-relay.ts';
import { describeHub } from './hub-status.ts';
import { createStore, openState, snapshotStorage, storeKind } from './hub-store.ts';
import { BodyReader } from './ingest/http/body-reader.ts';
import { HttpIngest } from './ingest/http/http-ingest.ts';
import { RowIngest } from './ingest/http/row-ingest.ts';
import type { SourceStatus } from './ingest/source.ts';
import * as limits from './limits.ts';
import type { Log } from './log.ts';
import { Mcp } from './mcp/mcp.ts';
import { type MetricsSnapshot, systemParts } from './metrics/hub-metrics.ts';
import { SystemMeter } from './metrics/system.ts';
import { History, HistoryCatchUp } from './query/history.ts';
import type { LogSummary } from './snapshots/log-summary.ts';
import { SnapshotManager } from './snapshots/snapshot-manager.ts';
import { Positions } from './state/positions.ts';
import { EmbeddedStore } from './store/embedded/embedded-store.ts';
import { MemoryStore } from './store/memory-store.ts';
import { PostgresStore } from './store/postgres/postgres-store.ts';
import { waitAtMost } from './wait-at-most.ts';

export interface HubOptions {
  readonly config: Config;
  readonly log: Log;
  /** Folder of the dashboard's built files. Without one `/ui/` says how to build it. */
  readonly pageFolder?: string | undefined;
  /** Folder of the agent as one file, which hosts fetch. Without one they are told how to build it. */
  readonly agentFolder?: string | undefined;
}

export interface Hub {
  readonly url: string;
  readonly port: number;
  /** Ends gracefully within the configured time: readers are told, sources end, what is to be kept is written. */
  stop(): Promise<void>;
}

export const VERSION = (
  JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }
).version;

/** Starts a hub; resolves when it listens. Sources connect afterwards, in their own time. */
export async function startHub({ config, log, pageFolder, agentFolder }: HubOptions): Promise<Hub> {
  const startedAtMs = Date.now();
  const state = await openState(config, log);
  const isFirstStart = state.data.positionCeiling === 0;
  const positions = await Positions.open(state, limits.POSITION_BLOCK, startedAtMs);
  const hub = state.data.hub;
  // Before the store, which may have rows of others at once: from it to the last stage nothing is waited for, so that they find all.
  const transport = await createTransport(config, hub);

  const buffer = new EventBuffer(
    {
      maxEntries: config.LOG_BUFFER_MAX_ENTRIES,
      maxAgeMs: config.LOG_BUFFER_MAX_AGE_MINUTES * 60_000,
      maxChars: limits.RING_MAX_CHARS,
    },
    positions.start,
  );
  const sweep = setInterval(() => buffer.sweep(Date.now()), limits.RING_SWEEP_INTERVAL_MS).unref();
  const store = createStore({ config, log, hub, positions, onForeign: (event) => publishForeign(event) });
  const orders = createOrders(config, hub, positions, buffer);
  const history = new History({
    store,
    // A database that hubs share has an event under the id of its writer, a store of this hub's own under the one that it has here.
    keptAs: (id) => (store instanceof PostgresStore ? orders?.nameAtOrigin(id) : orders?.nameHere(id)),
    buffer,
    isInRingAlone: (event) => event.lost === undefined && (event.demo || store instanceof MemoryStore),
  });
  const catchUp = new HistoryCatchUp(history, (error) =>
    log.warn(`a reader could not be brought up: ${error.message}`),
  );
  const fanOut = new FanOut({
    buffer,
    hub,
    // With a relay a database has the events of other hubs under their ids: it cannot say what followed an id of this one.
    catchUp: store instanceof MemoryStore || (store instanceof PostgresStore && hasRelay(config)) ? undefined : catchUp,
    catchUpMaxEvents: limits.CATCH_UP_MAX_EVENTS,
    otherHubs: orders,
    flushMaxDelayMs: limits.FLUSH_MAX_DELAY_MS,
    readersPerFlushMs: limits.READERS_PER_FLUSH_MS,
    batchMaxBytes: limits.BATCH_MAX_BYTES,
    keepAliveIntervalMs: limits.KEEPALIVE_INTERVAL_MS,
    stallLimitMs: limits.READER_STALL_LIMIT_MS,
  });
  const maxParsedChars = config.MAX_LINE_BYTES * limits.PARSED_CHARS_PER_LINE_BYTE;
  const normalizer = new Normalizer({
    hub,
    nextPosition: positions.next,
    maxLineBytes: config.MAX_LINE_BYTES,
    maxParsedChars,
  });

  let forwarded = 0;
  let lastHttpEventAtMs: number | undefined;
  /** What somebody else keeps already, or nobody has to. */
  const show = (event: LogEvent): void => {
    buffer.push(event);
    forwarded++;
    fanOut.published();
    overviews.observe(event);
  };
  /** A row that an agent wrote into the database. */
  const publishForeign = (event: LogEvent): void => {
    demo.end();
    show(event);
    snapshots.observe(event);
    relay?.offer(event);
  };
  const publish = (event: LogEvent): void => {
    show(event);
    if (!event.demo) store.append(event);
  };
  const demo = new DemoTraffic({
    ...{ config, normalizer, publish },
    onEnd: () => {
      overviews.forgetDemo();
      log.info('a real event has arrived: the demo traffic ends');
    },
  });
  /** A real event: demo traffic has done its part until the next start. */
  const publishReal = (event: LogEvent): void => {
    demo.end();
    publish(event);
    snapshots.observe(event);
    relay?.offer(event);
  };
  const relay = createRelay({
    ...{ config, log, transport, hub, positions, orders, store },
    accept: (event, keep) => {
      demo.end();
      if (keep) publish(event);
      else show(event);
    },
    onKept: ({ id, taken }) => ingest.knows(id, taken),
    mark: (mark) => {
      buffer.push(mark);
      fanOut.published();
    },
  });

  const bodies = new BodyReader({
    maxPackedBytes: limits.INGEST_MAX_PACKED_BYTES,
    maxUnpackedBytes: limits.INGEST_MAX_UNPACKED_BYTES,
    maxInFlightBytes: limits.INGEST_MAX_IN_FLIGHT_BYTES,
    batchIdMaxChars: limits.BATCH_ID_MAX_CHARS,
  });
  const ingest = new HttpIngest({
    bodies,
    normalizer,
    accept: (event) => {
      lastHttpEventAtMs = event.receivedAtMs;
      publishReal(event);
    },
    keeper: {
      mark: (mark) => store.mark(mark),
      durable: (patienceMs) => store.durable(patienceMs),
      batch: (id) => store.batch(id),
      isBehind: () => store.status.isBehind,
    },
    onKept: (id, taken) => relay?.keeps({ id, taken }),
    durablePatienceMs: limits.INGEST_DURABLE_PATIENCE_MS,
    maxEvents: limits.INGEST_MAX_BATCH_EVENTS,
    maxElementBytes: maxParsedChars,
    batchIdsKept: limits.BATCH_IDS_KEPT,
  });
  const rows = new RowIngest({
    bodies,
    maxRows: limits.FIGURE_BATCH_MAX_ROWS,
    maxRowBytes: limits.FIGURE_ROW_MAX_BYTES,
  });
  const fleet = new Fleet({
    store,
    keepPatienceMs: limits.INGEST_DURABLE_PATIENCE_MS,
    healthWindowMs: limits.HEALTH_WINDOW_MS,
    maxRawPoints: limits.MAX_RAW_POINTS,
    maxThinnedPoints: limits.MAX_THINNED_POINTS,
    maxResults: limits.MAX_CHECK_RESULTS,
  });

  const overviews = new FleetOverviews({
    past: history,
    isDemoRunning: () => demo.isRunning,
    hostname: hostname(),
    log,
  });
  const ownHost = new OwnHost({
    wish: config.WATCH_OWN_HOST,
    name: hostname(),
    isFlyMachine: config.FLY_MACHINE_ID !== undefined,
    isFirstStart: config.DATABASE_URL === undefined && isFirstStart,
    fleet,
    intervalMs: limits.OWN_HOST_INTERVAL_MS,
    log,
  });

  const fly = createFly({
    ...{ config, log, normalizer, history, accept: publishReal },
    onState: (status) => tellReaders(fanOut, status),
  });
  const flyStatus = () => fly?.source.status;

  const meter = new SystemMeter();
  const snapshots = new SnapshotManager({
    intervalMs: config.SNAPSHOT_INTERVAL_MINUTES * 60_000,
    errorThreshold: config.SNAPSHOT_ERROR_THRESHOLD,
    memoryThresholdPercent: config.SNAPSHOT_MEMORY_THRESHOLD,
    metrics: () => api.metrics(),
    memoryPercent: () => systemParts(meter.sample()).system?.memory_usage_percent,
    sources: () =>
      Object.fromEntries(Object.entries(api.readiness().sources).map(([name, { state }]) => [name, state])),
    summarize: (fromMs, toMs) => summarize(history, fromMs, toMs),
    storage: snapshotStorage(store),
    log,
  });
  const toolSources = { history, fleet, snapshots, metrics: () => api.metrics() };
  const usage = new UsageTotals(state, startedAtMs);
  const chat = new Chat({
    apiKey: config.OPENROUTER_API_KEY,
    baseUrl: config.OPENROUTER_BASE_URL,
    model: config.OPENROUTER_MODEL,
    maxRounds: config.CHAT_MAX_ROUNDS,
    maxTokens: config.CHAT_MAX_TOKENS,
    maxCostUsd: config.CHAT_MAX_COST_USD,
    timeoutMs: config.CHAT_TIMEOUT_SECONDS * 1000,
    questionsPerMinute: config.CHAT_QUESTIONS_PER_MINUTE,
    redaction: config.CHAT_REDACT,
    sources: toolSources,
    ring: buffer,
    usage,
    log,
  });
  const mcp = new Mcp({ sources: toolSources, redaction: config.CHAT_REDACT, version: VERSION, log });
  const readers = { sseTotal: 0, wsTotal: 0, sse: 0, ws: 0 };
  const sessions = new Sessions({
    state,
    authToken: config.AUTH_TOKEN,
    lifetimeMs: limits.SESSION_LIFETIME_MS,
    maxSessions: limits.MAX_SESSIONS,
  });
  const agents = new AgentTokens({
    state,
    maxAgents: limits.MAX_AGENTS,
    useSaveIntervalMs: limits.AGENT_USE_SAVE_INTERVAL_MS,
  });
  const api: HubApi = {
    version: VERSION,
    history,
    snapshots,
    buffer,
    fanOut,
    agents,
    sessions,
    ingest,
    rows,
    fleet,
    chat,
    usage,
    mcp,
    overviews,
    log,
    readers,
    pageFolder,
    agentFolder,
    metricsPublic: config.METRICS_PUBLIC,
    corsOrigins: config.CORS_ORIGIN,
    auth: new Auth({
      authToken: config.AUTH_TOKEN,
      ingestToken: config.INGEST_TOKEN,
      agents,
      sessions,
      wrongTokens: new WrongTokens({
        free: limits.WRONG_TOKENS_FREE,
        delayMs: limits.WRONG_TOKEN_DELAY_MS,
        maxDelayMs: limits.WRONG_TOKEN_MAX_DELAY_MS,
        windowMs: limits.WRONG_TOKEN_WINDOW_MS,
        maxAddresses: limits.WRONG_TOKEN_ADDRESSES,
      }),
    }),
    busStatus: flyStatus,
    readiness: () => readiness({ fly: flyStatus(), state, store, config }),
    status: () =>
      describeHub({
        version: VERSION,
        startedAtMs,
        authRequired: !api.auth.isOpen,
        chatConfigured: chat.isConfigured,
        buffer,
        bufferMaxAgeMs: config.LOG_BUFFER_MAX_AGE_MINUTES * 60_000,
        fanOut,
        normalizer,
        store,
        storeKind: storeKind(config),
        readiness: () => api.readiness(),
        fly: flyStatus,
        relay: () => relay?.status,
        http: () => ({ events: ingest.counters.accepted, lastEventAtMs: lastHttpEventAtMs }),
        demo: () => demo.status,
        eventsTotal: () => forwarded,
        ingestRejected: () => ingest.counters.rejected,
        rows: () => rows.counters,
      }),
    health: () => ({
      status: readiness({ fly: flyStatus(), state, store, config }).ready ? 'healthy' : 'degraded',
      nats_connected: isConnected(flyStatus()),
      active_connections: readers.sse + readers.ws,
      messages_forwarded: forwarded,
      uptime_seconds: uptimeSeconds(startedAtMs),
    }),
    metrics: (): MetricsSnapshot => ({
      timestamp: formatTimeMs(Date.now()),
      uptime_seconds: uptimeSeconds(startedAtMs),
      nats_connected: isConnected(flyStatus()),
      subscription_errors: flyStatus()?.errors ?? 0,
      messages_forwarded: forwarded,
      sse_connections_total: readers.sseTotal,
      ws_connections_total: readers.wsTotal,
      active_sse_connections: readers.sse,
      active_ws_connections: readers.ws,
      ...systemParts(meter.sample()),
      deliveries: fanOut.counters.deliveries,
      delivered_bytes: fanOut.counters.bytes,
      gaps: fanOut.counters.gaps,
      events_skipped: fanOut.counters.eventsSkipped,
      readers_blocked: fanOut.blocked,
      readers_closed_stalled: fanOut.counters.stalledClosed,
      buffer_events: buffer.size,
      buffer_chars: buffer.chars,
      ingest_events: ingest.counters.accepted,
      ingest_rejected: ingest.counters.rejected,
      metrics_rows: rows.counters.metrics,
      check_rows: rows.counters.checks,
      rows_rejected: rows.counters.refused,
      store_pending_events: store.status.pendingEvents,
      store_written_events: store.status.writtenEvents,
      store_dropped_events: store.status.droppedEvents,
      store_bytes: store.status.bytes ?? null,
      relay_sent_events: relay?.status.sentEvents ?? 0,
      relay_lost_events: relay?.status.lostEvents ?? 0,
      sources: {
        ...(fly === undefined ? undefined : { fly: sourceMetrics(fly.source.status) }),
        ...(relay === undefined ? undefined : { relay: sourceMetrics(relay.status) }),
      },
    }),
  };

  if (store instanceof EmbeddedStore) await waitAtMost(store.opened, limits.STORE_OPEN_PATIENCE_MS);
  const server = await startHttpServer(api, config.HOST, config.PORT).catch(async (error: unknown) => {
    await store.stop();
    throw error;
  });
  fanOut.start();
  snapshots.start();
  ownHost.start();
  fly?.source.start();
  relay?.start();
  if (fly === undefined && config.DEMO_RATE > 0) demo.start();
  sayWhereItIs(server, config, log, { demo: demo.isRunning });

  let stopping: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    const deadline = performance.now() + config.SHUTDOWN_TIMEOUT_MS;
    server.stopListening();
    chat.stop();
    demo.stop();
    ownHost.stop();
    await fly?.backfill?.stop();
    await fly?.source.stop();
    await waitAtMost(snapshots.stop(), SNAPSHOT_PATIENCE_MS);
    overviews.stop();
    fanOut.stop();
    clearInterval(sweep);
    const leftMs = deadline - performance.now() - RELAY_PATIENCE_MS - STORE_SHARE_MS;
    await server.close(Math.max(0, Math.min(CLOSE_PATIENCE_MS, leftMs)));
    // Last: what the last request brought is shared and written too.
    await relay?.stop(RELAY_PATIENCE_MS);
    await store.stop();
    // Behind whatever changed it: nothing is written after this.
    await state.save();
  };
  return {
    url: server.url,
    port: server.port,
    stop: () => {
      stopping ??= stop();
      return stopping;
    },
  };
}

/** What a stop leaves for a snapshot under way, for what is still to be shared, and for the store: packing what is in its head takes a quarter of a second. */
const SNAPSHOT_PATIENCE_MS = 2000;
const RELAY_PATIENCE_MS = 500;
const STORE_SHARE_MS = 2000;

/** How long readers may take to accept the end of their streams. */
const CLOSE_PATIENCE_MS = 2000;

async function summarize(history: History, fromMs: number, toMs: number): Promise<LogSummary> {
  const { total, counts, errors } = await history.summarize(fromMs, toMs, limits.SNAPSHOT_TOP_ERRORS);
  const named = Object.fromEntries(LEVELS.map((level, rank) => [level, counts[rank] ?? 0])) as LogSummary['counts'];
  return {
    total,
    counts: named,
    errors: named.error + named.fatal,
    warnings: named.warn,
    top_errors: errors.map(describeRepeated),
  };
}

/** Readers of `/api/logs` get an event of its own kind; all other SSE readers see it in the data of a ping. */
function tellReaders(fanOut: FanOut, status: SourceStatus): void {
  const notice = sseData(busNotice(status, Date.now()));
  fanOut.notify(() => Buffer.from(notice));
  fanOut.announce(JSON.stringify({ sources: { [status.name]: status.state } }));
}

function uptimeSeconds(startedAtMs: number): number {
  return Math.floor((Date.now() - startedAtMs) / 1000);
}

function sayWhereItIs(server: HttpServer, config: Config, log: Log, { demo }: { demo: boolean }): void {
  log.info(`Flywatch ${VERSION} listens at ${server.url}`, { host: config.HOST, port: server.port });
  if (demo)
    log.info('no source is configured: demo traffic until one is, or until a real event arrives at POST /ingest/logs');
  if (config.AUTH_TOKEN === undefined && !isLoopback(config.HOST)) {
    log.warn('AUTH_TOKEN is not set: everybody who reaches this address can read all logs; set it, or HOST=127.0.0.1');
  }
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}
