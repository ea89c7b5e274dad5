import { describe, expect, it } from 'vitest';
import { lengthText, momentText, parseTypedMoment, parseTypedRange, rangeText, zoomedOut } from './range-text.ts';

const NOW = Date.UTC(2026, 9, 21, 2, 41);
const MINUTE = 60_000;

describe('a range', () => {
  it.each([
    [5 * MINUTE, '5 min'],
    [90 * MINUTE, '1 h 30 min'],
    [24 * 60 * MINUTE, '24 h'],
    [30 * 1440 * MINUTE, '30 d'],
  ])('of %i ms is %s long', (ms, text) => expect(lengthText(ms)).toBe(text));

  it('is said in as few words as tell it', () => {
    const between = (fromMs: number, toMs: number) => rangeText({ kind: 'between', fromMs, toMs }, 'utc', NOW);
    expect(rangeText({ kind: 'last', ms: 15 * MINUTE }, 'utc', NOW)).toBe('Last 15 min');
    expect(between(NOW - 190_000, NOW - 80_000)).toBe('02:37:50 – 02:39:40');
    expect(between(NOW - 60 * MINUTE, NOW)).toBe('01:41 – 02:41');
    expect(between(NOW - 1440 * MINUTE, NOW - 1400 * MINUTE)).toBe('20 Oct, 02:41 – 03:21');
    expect(between(NOW - 1440 * MINUTE, NOW)).toBe('20 Oct, 02:41 – 21 Oct, 02:41');
  });

  it('grows to twice its length around its middle, and never beyond now', () => {
    expect(zoomedOut({ kind: 'last', ms: 60_000 }, NOW)).toEqual({ kind: 'last', ms: 120_000 });
    const old = { kind: 'between', fromMs: NOW - 400, toMs: NOW - 200 } as const;
    expect(zoomedOut(old, NOW)).toEqual({ kind: 'between', fromMs: NOW - 500, toMs: NOW - 100 });
    expect(zoomedOut({ ...old, toMs: NOW }, NOW)).toEqual({ kind: 'between', fromMs: NOW - 800, toMs: NOW });
  });
});

describe('a moment that is typed', () => {
  it.each([
    ['now', NOW],
    ['15m', NOW - 15 * MINUTE],
    ['1h30m ago', NOW - 90 * MINUTE],
    ['-2h', NOW - 120 * MINUTE],
    ['02:40', NOW - MINUTE],
    ['2:40:30', NOW - 30_000],
    ['2026-10-21 02:40', NOW - MINUTE],
    ['2026-10-21T04:40:00+02:00', NOW - MINUTE],
    [String(NOW), NOW],
    ['2026-10-21', Date.UTC(2026, 9, 21)],
  ])('as %s is understood', (text, ms) => expect(parseTypedMoment(text, 'utc', NOW)).toBe(ms));

  it.each(['', 'soon', '25:00', '2026-13-01', '15'])('as `%s` is not', (text) => {
    expect(parseTypedMoment(text, 'utc', NOW)).toBeUndefined();
  });

  it('is read in the zone in which it is written', () => {
    for (const zone of ['local', 'utc', 'ago'] as const) {
      expect(parseTypedMoment(momentText(NOW, zone), zone, NOW)).toBe(NOW);
    }
  });

  it('makes a range with another one, or a sentence that says what to do', () => {
    expect(parseTypedRange('15m', '', 'utc', NOW)).toEqual({ kind: 'between', fromMs: NOW - 15 * MINUTE, toMs: NOW });
    expect(parseTypedRange('', '', 'utc', NOW)).toMatch(/^Type a time into “From”/);
    expect(parseTypedRange('1h', 'soon', 'utc', NOW)).toMatch(/^“To” is no time/);
    expect(parseTypedRange('now', '1h', 'utc', NOW)).toBe('“To” has to be later than “From”.');
  });
});
