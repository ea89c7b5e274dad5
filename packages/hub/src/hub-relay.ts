/** The relay, joined to the hub: part of `hub.ts`, which has the picture. */

import { formatTimeMs, LogEvent } from '@flywatch/core';
import { type Config, hasRelay } from './config.ts';
import * as limits from './limits.ts';
import type { Log } from './log.ts';
import { Orders, type Ring } from './relay/orders.ts';
import { Relay } from './relay/relay.ts';
import type { KeptBatch } from './relay/relay-message.ts';
import type { RelayTransport } from './relay/relay-transport.ts';
import type { Positions } from './state/positions.ts';
import { adoptBatch, encodeBatch } from './store/format/batch.ts';
import type { EventStore } from './store/store.ts';

export interface RelayWishes {
  readonly config: Config;
  readonly log: Log;
  /** Undefined where no engine is configured. */
  readonly transport: RelayTransport | undefined;
  /** Tag of the hub in its ids. */
  readonly hub: string;
  readonly positions: Positions;
  readonly orders: Orders | undefined;
  readonly store: EventStore;
  /** Puts an event of another hub on its way; `keep`: this hub has to keep it as well. */
  readonly accept: (event: LogEvent, keep: boolean) => void;
  /** Another hub keeps a batch of a client. */
  readonly onKept: (batch: KeptBatch) => void;
  /** Puts a mark into the stream. */
  readonly mark: (mark: LogEvent) => void;
}

/** What is known of the orders of the group; undefined where no engine is configured. */
export function createOrders(config: Config, hub: string, positions: Positions, ring: Ring): Orders | undefined {
  if (!hasRelay(config)) return undefined;
  return new Orders({ hub, run: positions.start, ring, patienceMs: limits.RELAY_ORDER_PATIENCE_MS });
}

/** Undefined where no engine is configured. */
export function createRelay(wishes: RelayWishes): Relay | undefined {
  const { config, log, transport, hub, positions, orders, store, accept, onKept, mark } = wishes;
  if (transport === undefined || orders === undefined) return undefined;
  const inDatabase = config.PERSISTENCE_ENABLED && config.DATABASE_URL !== undefined;
  let scratch = new SharedArrayBuffer(limits.RELAY_BATCH_MAX_CHARS);
  return new Relay({
    transport,
    hub,
    // Greater than all positions of earlier runs.
    run: positions.start,
    keptInDatabase: inDatabase,
    // The message takes a copy: one piece of memory serves all of them.
    encode: (events) =>
      encodeBatch(events, (bytes) => {
        if (scratch.byteLength < bytes) scratch = new SharedArrayBuffer(bytes);
        return scratch;
      }),
    accept: ({ batch: bytes, count, keptInDatabase }) => {
      const first = positions.reserve(count);
      const batch = adoptBatch(bytes, hub, first);
      // One hub of those that share a database writes each event.
      const keep = !(inDatabase && keptInDatabase);
      for (let row = 0; row < count; row++) accept(batch.eventOf(row), keep);
      return first;
    },
    onLost: (count) => {
      log.warn(`relay: ${count} events of another hub have not come; readers are told`);
      mark(lostMark(hub, positions.next(), count, Date.now()));
    },
    onKept,
    keeper: {
      mark: (kept) => store.mark(kept),
      batch: (id) => store.batch(id),
      durable: () => store.durable(limits.INGEST_DURABLE_PATIENCE_MS),
    },
    orders,
    log,
    bounds: {
      gatherMs: limits.RELAY_GATHER_MS,
      maxBatchEvents: limits.RELAY_BATCH_EVENTS,
      maxBatchChars: limits.RELAY_BATCH_MAX_CHARS,
      maxKeptBatches: limits.RELAY_MESSAGE_KEPT_BATCHES,
      tellMs: limits.RELAY_TELL_MS,
      maxOutboxBytes: limits.RELAY_OUTBOX_MAX_BYTES,
      settleMs: limits.RELAY_SETTLE_MS,
    },
  });
}

/** The engine that is configured. Clients of engines take some 15 MB: they are loaded where one is asked for. */
export async function createTransport(config: Config, hub: string): Promise<RelayTransport | undefined> {
  const { REDIS_URL, RELAY_NATS_URL: url, RELAY_GROUP: group } = config;
  if (REDIS_URL !== undefined) {
    const { RedisTransport } = await import('./relay/redis-transport.ts');
    return new RedisTransport(REDIS_URL, group);
  }
  if (url === undefined) return undefined;
  if (config.RELAY_DURABLE) {
    const { JetStreamTransport } = await import('./relay/jetstream-transport.ts');
    return new JetStreamTransport({ url, group, hub });
  }
  const { NatsTransport } = await import('./relay/nats-transport.ts');
  return new NatsTransport(url, group);
}

function lostMark(hub: string, position: number, lost: number, nowMs: number): LogEvent {
  return new LogEvent({
    ...{ hub, position, lost, receivedAtMs: nowMs, time: formatTimeMs(nowMs), timeMs: nowMs, timeNanos: 0 },
    ...{ level: 'warn', message: '', app: undefined, instance: undefined, region: undefined, host: undefined },
    ...{ provider: undefined, source: undefined, structure: undefined, extras: undefined, raw: undefined },
    ...{ verbatim: false, demo: false },
  });
}
