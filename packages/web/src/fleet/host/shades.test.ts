import { expect, test } from 'vitest';
import { shadesOf } from './shades.ts';

const MINUTE = 60_000;
const SPAN = { fromMs: 0, toMs: 100 * MINUTE };

const outage = (fromMinute: number, toMinute: number | null) => ({
  from: new Date(fromMinute * MINUTE).toISOString(),
  to: toMinute === null ? null : new Date(toMinute * MINUTE).toISOString(),
});

/** A minute is ten pixels. */
const shadesOn = (...outages: readonly (readonly [from: number, to: number | null])[]) =>
  shadesOf(
    outages.map(([from, to]) => outage(from, to)),
    SPAN,
    1000,
  ).map(({ fromMs, toMs, outages, silentMs, isOpen }) => [
    fromMs / MINUTE,
    toMs / MINUTE,
    outages,
    silentMs / MINUTE,
    isOpen,
  ]);

test('outages that can be told apart are shades of their own', () => {
  expect(shadesOn([10, 11], [13, 14], [14.5, 30], [30.5, 31])).toEqual([
    [10, 11, 1, 1, false],
    [13, 14, 1, 1, false],
    [14.5, 30, 1, 15.5, false],
    [30.5, 31, 1, 0.5, false],
  ]);
});

test('short outages that cannot be told apart are one shade, which knows how many and how long they were', () => {
  expect(shadesOn([10, 11], [12, 12.5], [13, 13.5], [50, 51])).toEqual([
    [10, 13.5, 3, 2, false],
    [50, 51, 1, 1, false],
  ]);
});

test('one that lasts ends with the axis; one beside the axis is none', () => {
  expect(shadesOn([-20, -10], [95, null])).toEqual([[95, 100, 1, 5, true]]);
});

test('thousands of outages are few shades', () => {
  const many = Array.from({ length: 2000 }, (_, i) => [i / 20, i / 20 + 0.04] as const);
  expect(shadesOn(...many)).toHaveLength(1);
});
