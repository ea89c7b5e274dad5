import { expect, test } from 'vitest';
import { type Floors, sectionsFrom, shownAs, sourceOf, TIERS, widestWithin } from './tiers.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const [MINUTES, QUARTERS, HOURS] = [0, 1, 2];

/** Now is day 1000; rows are kept for 90 days. */
const NOW_MS = 1000 * DAY_MS;
const FLOORS: Floors = { rowsMs: NOW_MS - 90 * DAY_MS, tiersMs: TIERS.map(({ keptMs }) => NOW_MS - keptMs) };
const ago = (days: number) => NOW_MS - days * DAY_MS;

test.each([
  ['half an hour', 1 / 48, 300, 10_000, 'rows'],
  ['an hour', 1 / 24, 300, MINUTE_MS, MINUTES],
  ['four hours', 1 / 6, 300, MINUTE_MS, MINUTES],
  ['a day', 1, 300, 15 * MINUTE_MS, QUARTERS],
  ['a day on a wide screen', 1, 2000, MINUTE_MS, MINUTES],
  ['90 days', 90, 300, HOUR_MS, HOURS],
] as const)('%s is shown in the finest buckets that are wide enough', (_range, days, points, stepMs, source) => {
  expect(shownAs(ago(days), (days * DAY_MS) / points, FLOORS)).toEqual({ stepMs, source });
});

test('what is gone is shown from what is left of it: minutes from rows, rows from wider buckets', () => {
  expect(shownAs(ago(20), 50_000, FLOORS)).toEqual({ stepMs: MINUTE_MS, source: 'rows' });
  expect(shownAs(ago(100), 5_000, FLOORS)).toEqual({ stepMs: HOUR_MS, source: HOURS });
  expect(shownAs(ago(5000), 5_000, FLOORS)).toEqual({ stepMs: HOUR_MS, source: HOURS });
});

test.each([
  ['minutes from rows', MINUTES, 5, 'rows'],
  ['quarters from minutes', QUARTERS, 5, MINUTES],
  ['quarters from rows once the minutes are gone', QUARTERS, 20, 'rows'],
  ['hours from quarters', HOURS, 80, QUARTERS],
  ['nothing where neither is left', HOURS, 100, undefined],
] as const)('a bucket stands on the next finer ones: %s', (_what, tier, days, source) => {
  expect(sourceOf(tier, ago(days), FLOORS)).toBe(source);
});

test('buckets of any width are put together from the widest that fit into them', () => {
  expect(widestWithin(ago(1), 2 * HOUR_MS, FLOORS)).toBe(HOURS);
  expect(widestWithin(ago(1), 30 * MINUTE_MS, FLOORS)).toBe(QUARTERS);
  expect(widestWithin(ago(1) + MINUTE_MS, 2 * HOUR_MS, FLOORS)).toBe(MINUTES);
  expect(widestWithin(ago(1) + 1, 2 * HOUR_MS, FLOORS)).toBe('rows');
  expect(widestWithin(ago(20), 5 * MINUTE_MS, FLOORS)).toBe('rows');
});

test('from a time on without a rest: rows, minutes, quarters, hours', () => {
  const at = (hour: number, minute: number, second = 0) => NOW_MS + hour * HOUR_MS + minute * MINUTE_MS + second * 1000;
  expect(sectionsFrom(at(1, 52, 30))).toEqual([
    { source: 'rows', fromMs: at(1, 52, 30), toMs: at(1, 53) },
    { source: MINUTES, fromMs: at(1, 53), toMs: at(2, 0) },
    { source: HOURS, fromMs: at(2, 0), toMs: Number.MAX_SAFE_INTEGER },
  ]);
  expect(sectionsFrom(at(1, 10)).map(({ source, fromMs }) => [source, fromMs])).toEqual([
    [MINUTES, at(1, 10)],
    [QUARTERS, at(1, 15)],
    [HOURS, at(2, 0)],
  ]);
});
