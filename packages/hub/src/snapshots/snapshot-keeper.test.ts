import { expect, test } from 'vitest';
import { SNAPSHOTS_WAITING } from '../limits.ts';
import { ManualClock, untilIdle } from './manual-clock.fixture.ts';
import { MemorySnapshots } from './memory-snapshots.ts';
import { Outages } from './outages.ts';
import { makeSnapshot } from './snapshot.fixture.ts';
import type { Snapshot } from './snapshot.ts';
import { SnapshotKeeper } from './snapshot-keeper.ts';

const NOW_MS = Date.parse('2026-11-20T10:00:00Z');

function setup() {
  const clock = new ManualClock();
  const storage = new MemorySnapshots({ maxCount: 1000, maxAgeMs: 86_400_000, nowMs: () => NOW_MS });
  const said: string[] = [];
  const say = (message: string, fields?: object) => void said.push(`${message} ${JSON.stringify(fields ?? {})}`);
  const log = { debug: say, info: say, warn: say, error: say };
  /** What a save does besides saving; a test may let it fail. */
  const hooks = { beforeSave: async (_snapshot: Snapshot): Promise<void> => {} };
  const attempts: string[] = [];
  const keeper = new SnapshotKeeper({
    storage: {
      save: async (snapshot) => {
        attempts.push(snapshot.id);
        await hooks.beforeSave(snapshot);
        await storage.save(snapshot);
      },
      list: (limit) => storage.list(limit),
      get: (id) => storage.get(id),
    },
    clock,
    outages: new Outages(log),
    log,
  });
  return { keeper, clock, storage, said, hooks, attempts };
}

const fail = () => Promise.reject(new Error('away'));

test('a save that does not end is given up after a moment, and tried again later', async () => {
  const { keeper, clock, storage, hooks } = setup();
  hooks.beforeSave = () => new Promise(() => {});
  const first = makeSnapshot(NOW_MS);
  const saving = keeper.save(first);
  await clock.pass(1500);
  await saving;
  expect(clock.pending).toBe(0);
  expect(await keeper.list(9)).toEqual([first]);
  hooks.beforeSave = async () => {};
  const second = makeSnapshot(NOW_MS);
  await keeper.save(second);
  await untilIdle();
  expect(await storage.list(9)).toEqual([second, first]);
  expect(keeper.waiting).toBe(0);
});

test('one that was saved although the answer was late is listed once', async () => {
  const { keeper, clock, hooks } = setup();
  let answer = () => {};
  hooks.beforeSave = () => new Promise((resolve) => (answer = resolve));
  const snapshot = makeSnapshot(NOW_MS);
  const saving = keeper.save(snapshot);
  await clock.pass(1500);
  await saving;
  answer();
  await untilIdle();
  expect(keeper.waiting).toBe(1);
  expect(await keeper.list(9)).toEqual([snapshot]);
});

test('while the storage fails, each snapshot costs one attempt, however many wait', async () => {
  const { keeper, hooks, attempts } = setup();
  hooks.beforeSave = fail;
  for (let i = 0; i < 10; i++) await keeper.save(makeSnapshot(NOW_MS));
  await untilIdle();
  expect(attempts).toHaveLength(10);
});

test('one that can never be saved stops no other', async () => {
  const { keeper, storage, hooks } = setup();
  const taken = Array.from({ length: 5 }, () => makeSnapshot(NOW_MS));
  hooks.beforeSave = fail;
  for (const snapshot of taken) await keeper.save(snapshot);
  hooks.beforeSave = async ({ id }) => (id === taken[0]!.id ? fail() : undefined);
  for (let i = 0; i < 2; i++) {
    await keeper.save(makeSnapshot(NOW_MS));
    await untilIdle();
  }
  expect(keeper.waiting).toBe(1);
  expect(await storage.list(99)).toHaveLength(6);
});

test('beyond the room for those that wait the oldest are lost, and counted', async () => {
  const { keeper, storage, said, hooks } = setup();
  hooks.beforeSave = fail;
  const taken = Array.from({ length: SNAPSHOTS_WAITING + 3 }, () => makeSnapshot(NOW_MS));
  for (const snapshot of taken) await keeper.save(snapshot);
  expect(keeper.waiting).toBe(SNAPSHOTS_WAITING);
  hooks.beforeSave = async () => {};
  const last = makeSnapshot(NOW_MS);
  await keeper.save(last);
  await untilIdle();
  expect(await storage.list(999)).toEqual([...taken.slice(3), last].reverse());
  await keeper.save(makeSnapshot(NOW_MS));
  expect(said.filter((line) => line.includes('lost'))).toEqual([
    'snapshots were lost while the storage failed {"lost":3}',
  ]);
});
