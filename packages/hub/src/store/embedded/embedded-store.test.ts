import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { createLog } from '../../log.ts';
import { page, storeContract } from '../store.contract.ts';
import { StoreUnavailableError } from '../store.ts';
import { EmbeddedStore } from './embedded-store.ts';

const limits = {
  retentionMs: 1e12,
  maxBytes: undefined,
  batchIdsKept: 1000,
  batchIdsMinAgeMs: 3_600_000,
  snapshotsKept: 100,
  snapshotsMaxAgeMs: 1e12,
};

function openStore(path: string): EmbeddedStore {
  return new EmbeddedStore({
    path,
    limits,
    flushMs: 20,
    flushEvents: 500,
    behindBytes: 8 * 1024 * 1024,
    startPosition: 0,
    maxPendingBytes: 32 * 1024 * 1024,
    log: createLog('error', () => {}),
  });
}

storeContract('the embedded store', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'flywatch-store-'));
  return {
    open: async () => openStore(join(folder, 'deeper', 'flywatch.db')),
    remove: () => rm(folder, { recursive: true }),
  };
});

test('a file of a later version is neither written nor read', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'flywatch-store-'));
  const path = join(folder, 'flywatch.db');
  await openStore(path).stop();
  const db = new DatabaseSync(path);
  db.exec('PRAGMA user_version = 99');
  db.close();
  const store = openStore(path);
  try {
    await store.opened;
    expect(store.status).toMatchObject({ state: 'failing', detail: expect.stringContaining('a later version') });
    await expect(store.ask(page())).rejects.toThrow(StoreUnavailableError);
  } finally {
    await store.stop();
    await rm(folder, { recursive: true });
  }
});
