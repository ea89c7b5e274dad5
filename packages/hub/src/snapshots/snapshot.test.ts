import { expect, test } from 'vitest';
import { SnapshotIds } from './snapshot.ts';

const NOW_MS = Date.parse('2026-11-20T10:00:00Z');

test('ids are safe in a URL and all of one length', () => {
  for (const atMs of [0, NOW_MS, Date.parse('5000-01-01T00:00:00Z')]) {
    expect(new SnapshotIds().next(atMs)).toMatch(/^[0-9a-z]{9}-[0-9a-f]{10}$/);
  }
});

test('ids sort as text in the order in which they were given, also when the clock stands still or is set back', () => {
  const ids = new SnapshotIds();
  const given = [NOW_MS, NOW_MS, NOW_MS + 0.5, NOW_MS - 3_600_000, NOW_MS + 10].map((atMs) => ids.next(atMs));
  expect(given.toSorted()).toEqual(given);
});

test('two runs that give an id in the same millisecond give different ones', () => {
  const given = Array.from({ length: 1000 }, () => new SnapshotIds().next(NOW_MS));
  expect(new Set(given).size).toBe(1000);
});
