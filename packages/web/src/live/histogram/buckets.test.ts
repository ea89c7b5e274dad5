import { describe, expect, it } from 'vitest';
import { ticksOf } from './axis.ts';
import { countsOn, gridOf, newSince, sum, sums } from './buckets.ts';

const NOW = Date.UTC(2026, 9, 21, 2, 41, 7, 300);
const MINUTE = 60_000;
const DAY = 1440 * MINUTE;

describe('the grid', () => {
  it.each([
    [5 * MINUTE, 2000],
    [15 * MINUTE, 5000],
    [60 * MINUTE, 20_000],
    [DAY, 10 * MINUTE],
    [30 * DAY, 240 * MINUTE],
    [1, 1],
  ])('of the last %i ms has buckets of %i ms, and covers all of it', (ms, stepMs) => {
    const grid = gridOf({ kind: 'last', ms }, NOW);
    expect(grid.stepMs).toBe(stepMs);
    // One more than fit: the range begins and ends within a bucket.
    expect(grid.size).toBeLessThanOrEqual(181);
    expect(grid.fromMs).toBeLessThanOrEqual(NOW - ms);
    expect(NOW - ms - grid.fromMs).toBeLessThan(stepMs);
    expect(grid.fromMs % stepMs).toBe(0);
    const end = grid.fromMs + grid.size * stepMs;
    expect(end).toBeGreaterThanOrEqual(NOW);
    expect(end - NOW).toBeLessThan(stepMs);
  });

  it('of two moments covers both', () => {
    const grid = gridOf({ kind: 'between', fromMs: NOW - 100_001, toMs: NOW }, NOW);
    expect(grid.fromMs).toBeLessThanOrEqual(NOW - 100_001);
    expect(grid.fromMs + grid.size * grid.stepMs).toBeGreaterThanOrEqual(NOW);
  });
});

describe('counts', () => {
  const grid = { fromMs: 0, stepMs: 5000, size: 4 };
  const answer = {
    buckets: [
      { time: '1970-01-01T00:00:00.000Z', counts: { info: 2, error: 1 } },
      { time: '1970-01-01T00:00:15.000Z', counts: { fatal: 3 } },
      { time: '1970-01-01T00:00:20.000Z', counts: { info: 9 } },
    ],
    interval_ms: 5000,
    total: 15,
  };

  it('fall into their buckets; what lies outside of the grid is left out', () => {
    const counts = countsOn(grid, answer);
    expect(counts.map((level) => [...level])).toEqual([
      [0, 0, 0, 0],
      [0, 0, 0, 0],
      [2, 0, 0, 0],
      [0, 0, 0, 0],
      [1, 0, 0, 0],
      [0, 0, 0, 3],
    ]);
    expect(sums(counts)).toEqual([0, 0, 2, 0, 1, 3]);
    expect(sum(sums(counts, 0, 1))).toBe(3);
  });

  it('grow by what the stream has brought since the answer, and by that only', () => {
    const before = [{ second: 16, counts: [0, 0, 5, 0, 0, 0] }];
    const now = [
      { second: 16, counts: [0, 0, 7, 0, 0, 0] },
      { second: 17, counts: [0, 0, 0, 0, 1, 0] },
    ];
    const counts = countsOn(grid, answer, newSince(now, before));
    expect([counts[2]![3], counts[4]![3], counts[5]![3]]).toEqual([2, 1, 3]);
    expect(newSince(before, before)).toEqual([]);
  });
});

describe('the axis', () => {
  const texts = (ms: number, width: number, zone: 'utc' | 'ago') =>
    ticksOf(gridOf({ kind: 'last', ms }, NOW), width, zone, NOW).map(({ text }) => text);

  it('has round times with room between them', () => {
    expect(texts(15 * MINUTE, 1300, 'utc')).toEqual(['02:28', '02:30', '02:32', '02:34', '02:36', '02:38', '02:40']);
    expect(texts(15 * MINUTE, 360, 'utc')).toEqual(['02:30', '02:35', '02:40']);
    expect(texts(15 * MINUTE, 280, 'utc')).toEqual(['02:30', '02:35', '02:40']);
  });

  it('names days where it is about days, and at midnight', () => {
    expect(texts(30 * DAY, 1300, 'utc')).toEqual(['24 Sep', '29 Sep', '4 Oct', '9 Oct', '14 Oct', '19 Oct']);
    expect(texts(180 * MINUTE, 1300, 'utc')).toContain('21 Oct');
  });

  it('has round ages in the zone of ages', () => {
    expect(texts(15 * MINUTE, 700, 'ago')).toEqual(['15 min', '10 min', '5 min', 'now']);
  });
});
