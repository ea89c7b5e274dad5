/** Where the hub keeps things: its state, its events, its snapshots. Part of `hub.ts`, which has the picture. */

import { createHash } from 'node:crypto';
import { hostname } from 'node:os';
import type { LogEvent } from '@flywatch/core';
import type { Config } from './config.ts';
import type { PartState } from './http/hub-api.ts';
import type { StoreReport } from './http/status.ts';
import * as limits from './limits.ts';
import type { Log } from './log.ts';
import { MemorySnapshots } from './snapshots/memory-snapshots.ts';
import type { Snapshot } from './snapshots/snapshot.ts';
import type { SnapshotStorage } from './snapshots/snapshot-storage.ts';
import { type HubState, memoryState, openHubState } from './state/hub-state.ts';
import type { Positions } from './state/positions.ts';
import { EmbeddedStore } from './store/embedded/embedded-store.ts';
import { MemoryStore } from './store/memory-store.ts';
import { PostgresStore } from './store/postgres/postgres-store.ts';
import type { EventStore } from './store/store.ts';

/** Beside the store, or in memory; a memory-only hub keeps its name over restarts by its host's name. */
export async function openState(config: Config, log: Log): Promise<HubState> {
  if (!config.PERSISTENCE_ENABLED) {
    const digest = createHash('sha256').update(`${hostname()} ${config.PORT}`).digest();
    return memoryState((digest.readUInt32BE(0) % 36 ** 5).toString(36).padStart(5, '0'));
  }
  return openHubState(`${config.STORE_PATH}.state.json`, (message) => log.warn(message));
}

export interface StoreWishes {
  readonly config: Config;
  readonly log: Log;
  /** Tag of the hub in its ids. */
  readonly hub: string;
  readonly positions: Positions;
  /** Hears of rows that somebody else has written into the database. */
  readonly onForeign: (event: LogEvent) => void;
}

export function createStore({ config, log, hub, positions, onForeign }: StoreWishes): DiskStore | MemoryStore {
  const metricsRetentionMs = config.METRICS_RETENTION_DAYS * 86_400_000;
  if (!config.PERSISTENCE_ENABLED) return new MemoryStore(metricsRetentionMs);
  const batchIds = { batchIdsKept: limits.BATCH_IDS_KEPT, batchIdsMinAgeMs: limits.BATCH_IDS_MIN_AGE_MS };
  const logRetentionMs = config.LOG_RETENTION_DAYS * 86_400_000;
  const gathering = {
    flushMs: limits.STORE_FLUSH_MS,
    flushEvents: limits.STORE_FLUSH_EVENTS,
    maxPendingBytes: limits.STORE_MAX_PENDING_BYTES,
    behindBytes: limits.STORE_BEHIND_BYTES,
    log,
  };
  if (config.DATABASE_URL !== undefined) {
    return new PostgresStore({
      url: config.DATABASE_URL,
      spoolPath: `${config.STORE_PATH}.spool.db`,
      maxSpoolBytes: limits.SPOOL_MAX_BYTES,
      hub,
      batchIds,
      logRetentionMs,
      metricsRetentionMs,
      reservePositions: (count) => positions.reserve(count),
      onForeign,
      ...gathering,
    });
  }
  return new EmbeddedStore({
    path: config.STORE_PATH,
    startPosition: positions.start,
    limits: {
      retentionMs: logRetentionMs,
      metricsRetentionMs,
      maxBytes: config.STORE_MAX_BYTES,
      ...batchIds,
      snapshotsKept: limits.SNAPSHOTS_KEPT,
      snapshotsMaxAgeMs: limits.SNAPSHOT_MAX_AGE_MS,
    },
    ...gathering,
  });
}

/** Stores that survive a restart. */
export type DiskStore = EmbeddedStore | PostgresStore;

export function snapshotStorage(store: DiskStore | MemoryStore): SnapshotStorage {
  if (store instanceof MemoryStore) {
    return new MemorySnapshots({ maxCount: limits.SNAPSHOTS_KEPT_IN_MEMORY, maxAgeMs: limits.SNAPSHOT_MAX_AGE_MS });
  }
  const read = (json: string) => JSON.parse(json) as Snapshot;
  return {
    save: (snapshot) => store.saveSnapshot(snapshot.id, Date.parse(snapshot.timestamp), JSON.stringify(snapshot)),
    list: async (limit) => (await store.listSnapshots(limit)).map(read),
    get: async (id) => {
      const json = await store.readSnapshot(id);
      return json === undefined ? undefined : read(json);
    },
  };
}

export function storeState(state: HubState, { status }: EventStore, config: Config): PartState {
  if (!config.PERSISTENCE_ENABLED)
    return { state: 'disabled', ready: true, detail: 'PERSISTENCE_ENABLED is false: everything lives in memory only' };
  if (state.problem !== undefined) return { state: 'failing', ready: false, detail: state.problem };
  const { detail } = status;
  return { state: status.state, ready: status.state === 'ready', ...(detail === undefined ? undefined : { detail }) };
}

/** What the configuration has settled about the store. A database's address stays out: it has a password in it. */
export function storeKind(config: Config): Pick<StoreReport, 'kind' | 'path' | 'max_bytes' | 'retention_days'> {
  if (!config.PERSISTENCE_ENABLED) return { kind: 'memory', path: null, max_bytes: null, retention_days: null };
  const { STORE_PATH, STORE_MAX_BYTES, LOG_RETENTION_DAYS: retention_days } = config;
  if (config.DATABASE_URL !== undefined)
    return { kind: 'postgresql', path: `${STORE_PATH}.spool.db`, max_bytes: null, retention_days };
  return { kind: 'sqlite', path: STORE_PATH, max_bytes: STORE_MAX_BYTES ?? null, retention_days };
}
