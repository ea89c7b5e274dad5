import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { createLog } from '../../log.ts';
import { figuresContract, metricsRow } from '../figures.contract.ts';
import { idsOf, makeEvent, page, storeContract } from '../store.contract.ts';
import { StoreUnavailableError } from '../store.ts';
import { EmbeddedStore } from './embedded-store.ts';
import type { WriterLimits } from './store-writer.ts';

const limits = {
  retentionMs: 1e12,
  metricsRetentionMs: 1e12,
  maxBytes: undefined,
  batchIdsKept: 1000,
  batchIdsMinAgeMs: 3_600_000,
  snapshotsKept: 100,
  snapshotsMaxAgeMs: 1e12,
};

function openStore(path: string, more: Partial<WriterLimits> = {}): EmbeddedStore {
  return new EmbeddedStore({
    path,
    limits: { ...limits, ...more },
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

figuresContract(
  'the embedded store',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'flywatch-store-'));
    return {
      open: async () => openStore(join(folder, 'flywatch.db')),
      remove: () => rm(folder, { recursive: true }),
    };
  },
  true,
);

test.each([
  ['too old', { metricsRetentionMs: 86_400_000 }, 60 * 24 * 2],
  ['too much, oldest first, where no lines are left to drop', { maxBytes: 4 * 1024 * 1024 }, 120],
] as const)('figures that are %s are dropped', async (_why, more, minutesAgo) => {
  const folder = await mkdtemp(join(tmpdir(), 'flywatch-store-'));
  const store = openStore(join(folder, 'flywatch.db'), more);
  try {
    const old = Array.from({ length: 800 }, (_, i) => metricsRow(minutesAgo + i, { details: bulky() }));
    const fresh = Array.from({ length: 20 }, (_, i) => metricsRow(i));
    await store.keep({ kind: 'metrics', id: undefined, rows: old });
    await store.keep({ kind: 'metrics', id: undefined, rows: fresh });
    const held = async () => {
      const { rows } = await store.ask({ kind: 'points', vps: 'vps-1', fromMs: 0, maxPoints: 10_000 });
      return rows.length;
    };
    await expect.poll(held, { interval: 100 }).toBeLessThan(420);
    const { rows } = await store.ask({ kind: 'points', vps: 'vps-1', fromMs: 0, maxPoints: 10_000 });
    expect(rows.slice(-20).map(({ timeMs }) => timeMs)).toEqual(fresh.map(({ timeMs }) => timeMs).reverse());
  } finally {
    await store.stop();
    await rm(folder, { recursive: true });
  }
});

/** Details that do not pack: 8 KB. */
function bulky(): string {
  return JSON.stringify({ figures: randomBytes(6 * 1024).toString('base64') });
}

test('a chunk in which each line has an instance of its own is counted and read as any other', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'flywatch-store-'));
  const path = join(folder, 'flywatch.db');
  const first = openStore(path);
  const events = Array.from({ length: 5000 }, (_, i) =>
    makeEvent({ instance: `m${i}`, app: i % 2 === 0 ? 'web' : 'api' }),
  );
  for (const event of events) first.append(event);
  // What is in the head is packed when it stops.
  await first.stop();
  const store = openStore(path);
  const facets = { kind: 'facets', selection: { lists: {} }, range: {}, limit: 1000 } as const;
  for (let asked = 0; asked < 2; asked++) {
    const answer = await store.ask({ ...facets, fields: ['app', 'instance'] });
    expect(answer.facets.app).toEqual([
      { value: 'api', count: 2500 },
      { value: 'web', count: 2500 },
    ]);
    expect(answer.facets.instance).toHaveLength(1000);
  }
  const found = await store.ask(page({ instance: 'm4321' }));
  expect(idsOf(found)).toEqual([events[4321]!.id]);
  await store.stop();
  await rm(folder, { recursive: true });
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
