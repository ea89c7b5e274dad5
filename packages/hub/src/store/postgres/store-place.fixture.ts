/** Stores over a real server, for tests: each with a folder and a database of its own, all gone afterwards. */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LogEvent } from '@flywatch/core';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { type PostgresServer, startPostgres } from '../../../../../test/support/postgres.ts';
import { createLog } from '../../log.ts';
import { DAY_MS } from './days.ts';
import { PostgresStore, type PostgresStoreOptions } from './postgres-store.ts';

let lastPosition = 1_000_000;

/** A position that was not given yet. */
export function nextPosition(count = 1): number {
  lastPosition += count;
  return lastPosition - count + 1;
}

export function storeOptions(url: string, folder: string): PostgresStoreOptions {
  return {
    url,
    spoolPath: join(folder, 'deeper', 'flywatch.db.spool.db'),
    hub: 'test0',
    maxSpoolBytes: 64 * 1024 * 1024,
    batchIds: { batchIdsKept: 1000, batchIdsMinAgeMs: 3_600_000 },
    logRetentionMs: 30 * DAY_MS,
    metricsRetentionMs: 90 * DAY_MS,
    reservePositions: nextPosition,
    onForeign: () => {},
    flushMs: 5,
    flushEvents: 500,
    behindBytes: 8 * 1024 * 1024,
    maxPendingBytes: 32 * 1024 * 1024,
    log: createLog('error', () => {}),
  };
}

export interface StorePlaces {
  readonly server: PostgresServer;
  readonly cleanups: (() => Promise<unknown>)[];
  setup(more?: Partial<PostgresStoreOptions>): Promise<{
    readonly options: PostgresStoreOptions;
    readonly url: string;
    /** What the store logged. */
    readonly lines: string[];
    /** Rows of agents that were told. */
    readonly foreign: LogEvent[];
    open(): PostgresStore;
    query<Row extends object>(sql: string, values?: unknown[]): Promise<Row[]>;
  }>;
}

/** For the tests of a file: a server that is started before them. */
export function useStores(): StorePlaces {
  let server: PostgresServer | undefined;
  const cleanups: (() => Promise<unknown>)[] = [];
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterEach(async () => {
    for (const clean of cleanups.splice(0).reverse()) await clean();
    // A test that failed while it was away is no reason for the next one to fail.
    await server?.start();
  });
  afterAll(() => server?.remove());
  return {
    cleanups,
    get server() {
      return server!;
    },
    setup: async (more = {}) => {
      const folder = await mkdtemp(join(tmpdir(), 'flywatch-store-'));
      cleanups.push(() => rm(folder, { recursive: true }));
      const url = more.url ?? (await server!.createDatabase());
      const lines: string[] = [];
      const foreign: LogEvent[] = [];
      const options = {
        ...storeOptions(url, folder),
        onForeign: (event: LogEvent) => foreign.push(event),
        log: createLog('info', (line) => lines.push(line)),
        ...more,
      };
      return {
        ...{ options, url, lines, foreign },
        open: () => {
          const store = new PostgresStore(options);
          cleanups.push(() => store.stop());
          return store;
        },
        query: (sql, values) => server!.query(url, sql, values),
      };
    },
  };
}

export async function until(condition: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const endMs = Date.now() + 30_000;
  while (!(await condition())) {
    if (Date.now() > endMs) throw new Error(`${what} did not come about`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Resolves when the database has all that was appended. */
export async function shipped(store: PostgresStore): Promise<void> {
  await store.durable(30_000);
  await until(() => store.status.state === 'ready' && store.status.spooledEvents === 0, 'the spool to be empty');
}
