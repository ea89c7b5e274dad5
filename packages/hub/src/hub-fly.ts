/** The Fly source and its backfill, joined to the hub: part of `hub.ts`, which has the picture. */

import type { LogEvent, Normalizer } from '@flywatch/core';
import { type Config, hasRelay } from './config.ts';
import { Backfill } from './ingest/backfill/backfill.ts';
import { FlyLogApi } from './ingest/backfill/fly-log-api.ts';
import { FlySource } from './ingest/fly/fly-source.ts';
import { planSubjects } from './ingest/fly/subjects.ts';
import type { SourceStatus } from './ingest/source.ts';
import * as limits from './limits.ts';
import type { Log } from './log.ts';
import type { History } from './query/history.ts';

export interface FlyOptions {
  readonly config: Config;
  readonly log: Log;
  readonly normalizer: Normalizer;
  readonly history: History;
  /** Puts an event on its way. */
  readonly accept: (event: LogEvent) => void;
  readonly onState: (status: SourceStatus) => void;
}

export interface Fly {
  readonly source: FlySource;
  /** Undefined where it is not asked for. */
  readonly backfill: Backfill | undefined;
}

/** Undefined where Fly is not configured. */
export function createFly(options: FlyOptions): Fly | undefined {
  const { config, log, normalizer, accept, onState } = options;
  const { FLY_ORG: user, ACCESS_TOKEN: token } = config;
  if (user === undefined || token === undefined) return undefined;
  const plan = planSubjects(config.FLY_APP, config.FLY_APP_NAME);
  const apps = new Apps(config, plan.builders);
  const backfill = config.FLY_API_BACKFILL ? createBackfill(options, token, apps) : undefined;
  const gaps = backfill === undefined ? undefined : new Gaps(options.history, apps, backfill, log);
  const source = new FlySource({
    servers: config.NATS_URL,
    user,
    token,
    plan,
    // Hubs that share their events hear the bus as one.
    queue: hasRelay(config) ? `flywatch-${config.RELAY_GROUP}` : undefined,
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
    onMessage: (payload, subject) => {
      const text = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength).toString('utf8');
      const event = normalizer.fromPayload(text, subject, Date.now());
      if (backfill === undefined) accept(event);
      else {
        apps.saw(event.app);
        if (backfill.note(event)) accept(event);
      }
    },
    onState: (status) => {
      gaps?.onState(status);
      onState(status);
    },
  });
  return { source, backfill };
}

function createBackfill({ config, log, normalizer, history, accept }: FlyOptions, token: string, apps: Apps): Backfill {
  return new Backfill({
    apps: () => apps.names(),
    api: new FlyLogApi({
      baseUrl: config.FLY_API_BASE_URL,
      token,
      bounds: {
        requestTimeoutMs: limits.FLY_API_REQUEST_TIMEOUT_MS,
        maxAnswerBytes: limits.FLY_API_MAX_ANSWER_BYTES,
        retryBaseMs: limits.FLY_API_RETRY_BASE_MS,
        retryMaxMs: limits.FLY_API_RETRY_MAX_MS,
        retryAfterMaxMs: limits.FLY_API_RETRY_AFTER_MAX_MS,
        maxErrors: limits.FLY_API_MAX_ERRORS,
      },
    }),
    known: { load: (app, fromMs, toMs, signal) => history.known(app, fromMs, toMs, signal) },
    ownMachine: config.FLY_MACHINE_ID,
    maxLineBytes: config.MAX_LINE_BYTES,
    normalize: (text, labels, receivedAtMs) => normalizer.fromPayload(text, labels, receivedAtMs),
    accept,
    log,
    bounds: {
      maxWindowMs: limits.BACKFILL_MAX_WINDOW_MS,
      marginMs: limits.BACKFILL_MARGIN_MS,
      lagMs: limits.BACKFILL_LAG_MS,
      retryMs: limits.BACKFILL_RETRY_MS,
      sliceMs: limits.BACKFILL_SLICE_MS,
      sliceKeys: limits.BACKFILL_SLICE_KEYS,
      overlapKeys: limits.BACKFILL_OVERLAP_KEYS,
    },
  });
}

/** The apps to fill: the API is asked app by app, and has no list of them. */
class Apps {
  readonly #builders: boolean;
  readonly #isFixed: boolean;
  readonly #names: Set<string>;

  constructor({ FLY_APP: given, FLY_APP_NAME: own }: Config, builders: boolean) {
    this.#builders = builders;
    const named = (given ?? (own === undefined ? ['*'] : [own])).filter((app) => app !== '');
    this.#isFixed = !named.some((app) => app.includes('*'));
    this.#names = new Set(named.filter((app) => !app.includes('*')));
  }

  get isFixed(): boolean {
    return this.#isFixed;
  }

  names(): readonly string[] {
    return [...this.#names];
  }

  saw(app: string | undefined): void {
    if (this.#isFixed || app === undefined || this.#names.has(app) || this.#names.size >= limits.MAX_APPS) return;
    if (app.startsWith('fly-builder-') && !this.#builders) return;
    this.#names.add(app);
  }
}

/** Sees from the states of the source when lines are missing, and has them filled. */
class Gaps {
  readonly #history: History;
  readonly #apps: Apps;
  readonly #backfill: Backfill;
  readonly #log: Log;
  #hasStarted = false;
  #isConnected = false;
  /** Up to when the bus is known to have brought everything. */
  #completeToMs: number | undefined;

  constructor(history: History, apps: Apps, backfill: Backfill, log: Log) {
    this.#history = history;
    this.#apps = apps;
    this.#backfill = backfill;
    this.#log = log;
  }

  onState({ state, lastMessageAtMs, sinceMs }: SourceStatus): void {
    if (state === 'connected') {
      if (!this.#hasStarted) void this.#fillAfterStart();
      else if (!this.#isConnected) void this.#backfill.fill(this.#completeToMs ?? sinceMs, Date.now(), 'reconnected');
      this.#hasStarted = true;
      this.#isConnected = true;
      this.#completeToMs = sinceMs;
    } else if (this.#isConnected) {
      this.#isConnected = false;
      // Not the moment at which the loss was noticed: a half-open link is noticed 24 s late.
      this.#completeToMs = Math.max(lastMessageAtMs ?? 0, this.#completeToMs ?? 0);
    }
  }

  /** From the newest event that is known; where none is, from the beginning of what a fill may cover. */
  async #fillAfterStart(): Promise<void> {
    const nowMs = Date.now();
    let fromMs = 0;
    try {
      const selection = { lists: this.#apps.isFixed ? { app: this.#apps.names() } : {} };
      const { facets } = await this.#history.ask({
        ...{ kind: 'facets', selection, range: { from: { ms: nowMs - limits.BACKFILL_MAX_WINDOW_MS, nanos: 0 } } },
        ...{ fields: ['app'], limit: limits.MAX_APPS },
      });
      for (const { value } of facets.app ?? []) this.#apps.saw(value);
      fromMs = (await this.#history.newestTimeMs(selection)) ?? 0;
    } catch (error) {
      this.#log.warn(`the store could not say what it holds, so a whole day is filled: ${(error as Error).message}`);
    }
    await this.#backfill.fill(fromMs, nowMs, 'start');
  }
}
