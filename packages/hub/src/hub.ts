/**
 * The hub: makes the stages and joins them in the order in which data flows.
 *
 *   Fly bus ─┐                                    ┌─▶ SSE, WebSocket
 *   HTTP ────┼─▶ normalize ─▶ ring ─▶ fan-out ────┤
 *   demo ────┘                                    └─▶ resume, tail, since
 *
 * Later stages (store, query, alerts, chat) join behind the ring; see ARCHITECTURE.md.
 */

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { formatTimeMs, type LogEvent } from '@flywatch/core';
import { Auth } from './auth/auth.ts';
import { Sessions } from './auth/sessions.ts';
import { WrongTokens } from './auth/wrong-tokens.ts';
import { EventBuffer } from './buffer/event-buffer.ts';
import type { Config } from './config.ts';
import { FanOut } from './fanout/fan-out.ts';
import type { HubApi, PartState, Readiness } from './http/hub-api.ts';
import { busNotice, sseData } from './http/natstream.ts';
import { type HttpServer, startHttpServer } from './http/server.ts';
import { createDemoSource, type DemoSource } from './ingest/demo/demo-source.ts';
import { FlySource } from './ingest/fly/fly-source.ts';
import { planSubjects, type SubjectLabels } from './ingest/fly/subjects.ts';
import { HttpIngest } from './ingest/http/http-ingest.ts';
import type { SourceStatus } from './ingest/source.ts';
import * as limits from './limits.ts';
import type { Log } from './log.ts';
import { type MetricsSnapshot, systemParts } from './metrics/hub-metrics.ts';
import { SystemMeter } from './metrics/system.ts';
import { Normalizer } from './normalize/normalizer.ts';
import { type HubState, memoryState, openHubState } from './state/hub-state.ts';
import { Positions } from './state/positions.ts';

export interface HubOptions {
  readonly config: Config;
  readonly log: Log;
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
export async function startHub({ config, log }: HubOptions): Promise<Hub> {
  const startedAtMs = Date.now();
  const state = await openState(config, log);
  const positions = await Positions.open(state, limits.POSITION_BLOCK, startedAtMs);
  const hub = state.data.hub;

  const buffer = new EventBuffer(
    {
      maxEntries: config.LOG_BUFFER_MAX_ENTRIES,
      maxAgeMs: config.LOG_BUFFER_MAX_AGE_MINUTES * 60_000,
      maxChars: limits.RING_MAX_CHARS,
    },
    positions.start,
  );
  const sweep = setInterval(() => buffer.sweep(Date.now()), limits.RING_SWEEP_INTERVAL_MS).unref();
  const fanOut = new FanOut({
    buffer,
    hub,
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
  let demo: DemoSource | undefined;
  const publish = (event: LogEvent): void => {
    buffer.push(event);
    forwarded++;
    fanOut.published();
  };
  /** A real event: demo traffic has done its part until the next start. */
  const publishReal = (event: LogEvent): void => {
    if (demo !== undefined) {
      demo.stop();
      demo = undefined;
      log.info('a real event has arrived: the demo traffic ends');
    }
    publish(event);
  };

  const ingest = new HttpIngest({
    normalizer,
    accept: publishReal,
    maxPackedBytes: limits.INGEST_MAX_PACKED_BYTES,
    maxUnpackedBytes: limits.INGEST_MAX_UNPACKED_BYTES,
    maxEvents: limits.INGEST_MAX_BATCH_EVENTS,
    maxElementBytes: maxParsedChars,
    maxInFlightBytes: limits.INGEST_MAX_IN_FLIGHT_BYTES,
    batchIdsKept: limits.BATCH_IDS_KEPT,
    batchIdMaxChars: limits.BATCH_ID_MAX_CHARS,
  });

  const fly = createFlySource(config, log, {
    onMessage: (payload, subject) => {
      const text = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength).toString('utf8');
      publishReal(normalizer.fromPayload(text, subject, Date.now()));
    },
    onState: (status) => tellReaders(fanOut, status),
  });

  const meter = new SystemMeter();
  const readers = { sseTotal: 0, wsTotal: 0, sse: 0, ws: 0 };
  const sessions = new Sessions({
    state,
    authToken: config.AUTH_TOKEN,
    lifetimeMs: limits.SESSION_LIFETIME_MS,
    maxSessions: limits.MAX_SESSIONS,
  });
  const api: HubApi = {
    version: VERSION,
    buffer,
    fanOut,
    sessions,
    ingest,
    log,
    readers,
    metricsPublic: config.METRICS_PUBLIC,
    corsOrigins: config.CORS_ORIGIN,
    auth: new Auth({
      authToken: config.AUTH_TOKEN,
      ingestToken: config.INGEST_TOKEN,
      sessions,
      wrongTokens: new WrongTokens({
        free: limits.WRONG_TOKENS_FREE,
        delayMs: limits.WRONG_TOKEN_DELAY_MS,
        maxDelayMs: limits.WRONG_TOKEN_MAX_DELAY_MS,
        windowMs: limits.WRONG_TOKEN_WINDOW_MS,
        maxAddresses: limits.WRONG_TOKEN_ADDRESSES,
      }),
    }),
    busStatus: () => fly?.status,
    readiness: () => readiness(fly?.status, state, config),
    health: () => ({
      status: readiness(fly?.status, state, config).ready ? 'healthy' : 'degraded',
      nats_connected: isConnected(fly?.status),
      active_connections: readers.sse + readers.ws,
      messages_forwarded: forwarded,
      uptime_seconds: uptimeSeconds(startedAtMs),
    }),
    metrics: (): MetricsSnapshot => ({
      timestamp: formatTimeMs(Date.now()),
      uptime_seconds: uptimeSeconds(startedAtMs),
      nats_connected: isConnected(fly?.status),
      subscription_errors: fly?.status.errors ?? 0,
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
      sources: fly === undefined ? {} : { fly: sourceMetrics(fly.status) },
    }),
  };

  const server = await startHttpServer(api, config.HOST, config.PORT);
  fanOut.start();
  fly?.start();
  if (fly === undefined && config.DEMO_RATE > 0) {
    demo = createDemoSource({
      ratePerSecond: config.DEMO_RATE,
      seed: config.DEMO_SEED,
      emit: (payloads, receivedAtMs) => {
        for (const payload of payloads) publish(normalizer.fromPayload(payload, DEMO_ENVELOPE, receivedAtMs));
      },
    });
    demo.start();
  }
  sayWhereItIs(server, config, log, { demo: demo !== undefined });

  let stopping: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    const deadline = performance.now() + config.SHUTDOWN_TIMEOUT_MS;
    server.stopListening();
    demo?.stop();
    await fly?.stop();
    fanOut.stop();
    clearInterval(sweep);
    await state.save();
    await server.close(Math.max(0, Math.min(CLOSE_PATIENCE_MS, deadline - performance.now() - 200)));
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

/** How long readers may take to accept the end of their streams. */
const CLOSE_PATIENCE_MS = 2000;

const DEMO_ENVELOPE = { wins: true, demo: true } as const;

/** Beside the store, or in memory; a memory-only hub keeps its name over restarts by its host's name. */
async function openState(config: Config, log: Log): Promise<HubState> {
  if (!config.PERSISTENCE_ENABLED) {
    const digest = createHash('sha256').update(`${hostname()} ${config.PORT}`).digest();
    return memoryState((digest.readUInt32BE(0) % 36 ** 5).toString(36).padStart(5, '0'));
  }
  return openHubState(`${config.STORE_PATH}.state.json`, (message) => log.warn(message));
}

function createFlySource(
  config: Config,
  log: Log,
  handlers: {
    onMessage: (payload: Uint8Array, subject: SubjectLabels) => void;
    onState: (status: SourceStatus) => void;
  },
): FlySource | undefined {
  const { FLY_ORG: user, ACCESS_TOKEN: token } = config;
  if (user === undefined || token === undefined) return undefined;
  return new FlySource({
    servers: config.NATS_URL,
    user,
    token,
    plan: planSubjects(config.FLY_APP, config.FLY_APP_NAME),
    ownMachine: config.FLY_MACHINE_ID,
    log,
    timing: {
      pingIntervalMs: limits.NATS_PING_INTERVAL_MS,
      maxPingsOut: limits.NATS_MAX_PINGS_OUT,
      connectTimeoutMs: limits.NATS_CONNECT_TIMEOUT_MS,
      retryBaseMs: limits.NATS_RETRY_BASE_MS,
      retryMaxMs: limits.NATS_RETRY_MAX_MS,
      authRetryMs: limits.NATS_AUTH_RETRY_MS,
      silence: {
        minSilenceMs: limits.STALL_MIN_SILENCE_MS,
        maxSilenceMs: limits.STALL_MAX_SILENCE_MS,
        pauseFactor: limits.STALL_PAUSE_FACTOR,
        minMessages: limits.STALL_MIN_MESSAGES,
      },
    },
    ...handlers,
  });
}

/** Readers of `/api/logs` get an event of its own kind; all other SSE readers see it in the data of a ping. */
function tellReaders(fanOut: FanOut, status: SourceStatus): void {
  const notice = sseData(busNotice(status, Date.now()));
  fanOut.notify(() => Buffer.from(notice));
  fanOut.announce(JSON.stringify({ sources: { [status.name]: status.state } }));
}

function isConnected(status: SourceStatus | undefined): boolean {
  return status?.state === 'connected' || status?.state === 'stalled';
}

function readiness(fly: SourceStatus | undefined, state: HubState, config: Config): Readiness {
  const sources: Record<string, PartState> = {};
  if (fly !== undefined) {
    sources.fly = {
      state: fly.state,
      ready: fly.state === 'connected',
      ...(fly.detail === undefined ? undefined : { detail: fly.detail }),
      since: formatTimeMs(fly.sinceMs),
      last_message_age_seconds: messageAge(fly),
    };
  }
  const store = storeState(state, config);
  return { ready: store.ready && Object.values(sources).every((source) => source.ready), sources, store };
}

/** Events live in memory only so far; what is kept on disk is the hub's own state. */
function storeState(state: HubState, config: Config): PartState {
  if (!config.PERSISTENCE_ENABLED)
    return { state: 'disabled', ready: true, detail: 'PERSISTENCE_ENABLED is false: everything lives in memory only' };
  if (state.problem !== undefined) return { state: 'failed', ready: false, detail: state.problem };
  return { state: 'memory', ready: true, detail: 'events are kept in memory; ids and sign-ins survive a restart' };
}

function sourceMetrics(status: SourceStatus) {
  const { state, messages, reconnects, errors } = status;
  return { state, messages, reconnects, errors, last_message_age_seconds: messageAge(status) };
}

function messageAge(status: SourceStatus): number | null {
  return status.lastMessageAtMs === undefined ? null : Math.max(0, Date.now() - status.lastMessageAtMs) / 1000;
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
