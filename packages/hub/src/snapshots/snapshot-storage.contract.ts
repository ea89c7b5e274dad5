/** What every storage of snapshots promises, as tests. Called once for each storage, from a test file of its own. */

import { afterEach, describe, expect, test } from 'vitest';
import { makeSnapshot } from './snapshot.fixture.ts';
import { type Snapshot, TRIGGERS } from './snapshot.ts';
import type { SnapshotStorage } from './snapshot-storage.ts';

/** Bounds that the storage under test is to be made with. */
export interface StorageBounds {
  readonly maxCount: number;
  readonly maxAgeMs: number;
  /** Milliseconds since 1970. */
  readonly nowMs: () => number;
}

export interface StorageUnderTest {
  readonly storage: SnapshotStorage;
  /** Called at the end of the test. */
  readonly close?: () => void | Promise<void>;
}

const START_MS = Date.parse('2026-11-20T10:00:00Z');
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** @param open An empty storage. Called once a test; two are never open at once. */
export function snapshotStorageContract(
  name: string,
  open: (bounds: StorageBounds) => StorageUnderTest | Promise<StorageUnderTest>,
): void {
  describe(`${name} as a storage of snapshots`, () => {
    let opened: StorageUnderTest | undefined;
    let nowMs = START_MS;

    async function setup(bounds: Partial<StorageBounds> = {}): Promise<SnapshotStorage> {
      nowMs = START_MS;
      opened = await open({ maxCount: 100, maxAgeMs: 30 * DAY_MS, nowMs: () => nowMs, ...bounds });
      return opened.storage;
    }

    afterEach(async () => {
      await opened?.close?.();
      opened = undefined;
    });

    /** Takes one a minute and saves them in the order of `indexes`, then gives them in the order of time. */
    async function fill(storage: SnapshotStorage, indexes: readonly number[]): Promise<Snapshot[]> {
      const taken = indexes.toSorted((a, b) => a - b).map((index) => makeSnapshot(START_MS + index * MINUTE_MS));
      for (const index of indexes) await storage.save(taken[index]!);
      return taken;
    }

    test('an empty one has nothing to list and knows no id', async () => {
      const storage = await setup();
      expect(await storage.list(10)).toEqual([]);
      expect(await storage.get(makeSnapshot(START_MS).id)).toBeUndefined();
    });

    test.each(TRIGGERS)('what was saved is given back as it was: %s', async (trigger) => {
      const storage = await setup();
      const snapshot = makeSnapshot(START_MS, { trigger, reason: 'naïve "quotes", \u0000, 🚀, \ud800 and\nmore' });
      await storage.save(snapshot);
      expect(await storage.get(snapshot.id)).toEqual(snapshot);
      expect(await storage.list(10)).toEqual([snapshot]);
    });

    test('what is missing in a snapshot is given back as missing', async () => {
      const storage = await setup();
      const snapshot = makeSnapshot(START_MS, {
        metrics: null,
        logs: null,
        sources: {},
        notes: ['The logs are missing.'],
      });
      await storage.save(snapshot);
      expect(await storage.get(snapshot.id)).toEqual(snapshot);
    });

    test('the list is newest first, in whatever order they were saved', async () => {
      const storage = await setup();
      const taken = await fill(storage, [2, 0, 3, 1]);
      expect(await storage.list(10)).toEqual(taken.toReversed());
    });

    test('those of one millisecond are all kept, in the order in which they were taken', async () => {
      const storage = await setup();
      const taken = [makeSnapshot(START_MS), makeSnapshot(START_MS), makeSnapshot(START_MS)];
      for (const snapshot of taken) await storage.save(snapshot);
      expect(await storage.list(10)).toEqual(taken.toReversed());
    });

    test('the list has the newest up to its limit', async () => {
      const storage = await setup();
      const taken = await fill(storage, [0, 1, 2, 3]);
      expect(await storage.list(2)).toEqual([taken[3], taken[2]]);
      expect(await storage.list(0)).toEqual([]);
    });

    test.each(['', 'x', '%', '_', "' or 1=1 --", '../../etc/passwd', '\u0000', '🚀', 'z'.repeat(100_000)])(
      'a text that is no id is unknown (%#)',
      async (id) => {
        const storage = await setup();
        await storage.save(makeSnapshot(START_MS));
        expect(await storage.get(id)).toBeUndefined();
      },
    );

    test('the id in capitals or with blanks is another id', async () => {
      const storage = await setup();
      const { id } = makeSnapshot(START_MS);
      await storage.save(makeSnapshot(START_MS, { id }));
      for (const other of [id.toUpperCase(), ` ${id}`, `${id} `]) expect(await storage.get(other)).toBeUndefined();
    });

    test('saved again, it is there once, as it was saved last', async () => {
      const storage = await setup();
      const snapshot = makeSnapshot(START_MS);
      await storage.save(snapshot);
      const again = { ...snapshot, reason: 'asked for' };
      await storage.save(again);
      expect(await storage.list(10)).toEqual([again]);
    });

    test('saves at the same time are all kept', async () => {
      const storage = await setup();
      const taken = Array.from({ length: 20 }, (_, index) => makeSnapshot(START_MS + index));
      await Promise.all(taken.map((snapshot) => storage.save(snapshot)));
      expect(await storage.list(100)).toEqual(taken.toReversed());
    });

    test('who changes what was given back changes nothing that is kept', async () => {
      const storage = await setup();
      const snapshot = makeSnapshot(START_MS);
      await storage.save(snapshot);
      const list = await storage.list(10);
      Object.assign(list[0]!.sources, { fly: 'changed' });
      list.length = 0;
      expect(await storage.list(10)).toEqual([makeSnapshot(START_MS, { id: snapshot.id })]);
    });

    test('beyond its count the oldest go', async () => {
      const storage = await setup({ maxCount: 3 });
      const taken = await fill(storage, [0, 1, 2, 3, 4]);
      expect(await storage.list(10)).toEqual([taken[4], taken[3], taken[2]]);
      expect(await storage.get(taken[1]!.id)).toBeUndefined();
    });

    test('one that is older than all of a full storage does not push out a newer one', async () => {
      const storage = await setup({ maxCount: 2 });
      const taken = await fill(storage, [1, 2, 0]);
      expect(await storage.list(10)).toEqual([taken[2], taken[1]]);
    });

    test('beyond its age one goes with the next save', async () => {
      const storage = await setup({ maxAgeMs: DAY_MS });
      const old = makeSnapshot(START_MS);
      await storage.save(old);
      nowMs = START_MS + DAY_MS;
      const middle = makeSnapshot(nowMs);
      await storage.save(middle);
      expect(await storage.list(10)).toEqual([middle, old]);
      nowMs++;
      const newest = makeSnapshot(nowMs);
      await storage.save(newest);
      expect(await storage.list(10)).toEqual([newest, middle]);
      expect(await storage.get(old.id)).toBeUndefined();
    });
  });
}
