import { describe, expect, it } from 'vitest';
import { placeAt, usualDistanceMs, withHoles } from './holes.ts';

const STEP = 10_000;
const everyMinute = [0, 60_000, 120_000, 180_000];

describe('a host that reports once a minute into buckets of 10 s', () => {
  it('has no holes between its reports', () => {
    expect(usualDistanceMs(everyMinute, STEP)).toBe(60_000);
    expect(withHoles(everyMinute, STEP).times).toEqual(everyMinute);
  });

  it('has one where more than three of its reports are missing', () => {
    const { times, places } = withHoles([...everyMinute, 400_000, 460_000], STEP);
    expect(times).toEqual([...everyMinute, 180_001, 400_000, 460_000]);
    expect(places).toEqual([0, 1, 2, 3, undefined, 4, 5]);
  });
});

describe('what holds at a moment', () => {
  const held = withHoles([...everyMinute, 400_000, 460_000], STEP);

  it.each([
    [0, 0],
    [29_000, 0],
    [31_000, 1],
    [461_000, 5],
  ])('%i ms: the nearest report', (ms, place) => expect(placeAt(held, ms)).toBe(place));

  it.each([300_000, 380_000, 700_000, -100_000])('%i ms: nothing, in a hole and beyond the ends', (ms) =>
    expect(placeAt(held, ms)).toBeUndefined(),
  );

  it('nothing was ever reported', () => expect(placeAt(withHoles([], STEP), 0)).toBeUndefined());
});

describe('what the hub knows to be silence', () => {
  const silence = { fromMs: 20, toMs: 90 };

  it('is a hole, though the host has reported too seldom to tell by its distances', () => {
    expect(withHoles([0, 20, 90], 10, [silence]).places).toEqual([0, 1, undefined, 2]);
    expect(withHoles([0, 20, 90], 10).places).toEqual([0, 1, 2]);
  });

  it('is none where it lies within a bucket', () => {
    expect(withHoles([0, 100, 200], 100, [silence]).places).toEqual([0, 1, 2]);
  });
});
