import { expect, test } from 'vitest';
import { isAbsurdTime, parseTime } from './time.ts';

const at = Date.UTC(2026, 10, 20, 10, 37, 0);

test.each([
  ['2026-11-20T10:37:00Z', at, 0, '2026-11-20T10:37:00Z'],
  ['2026-11-20T10:37:00.12Z', at + 120, 0, '2026-11-20T10:37:00.12Z'],
  ['2026-11-20T10:37:00.123456789Z', at + 123, 456_789, '2026-11-20T10:37:00.123456789Z'],
  ['2026-11-20 10:37:00', at, 0, '2026-11-20T10:37:00Z'],
  ['2026-11-20 10:37:00,250', at + 250, 0, '2026-11-20T10:37:00.250Z'],
  ['2026-11-20T12:37:00.5+02:00', at + 500, 0, '2026-11-20T10:37:00.5Z'],
  ['2026-11-20T05:07:00-0530', at, 0, '2026-11-20T10:37:00Z'],
  ['2026-11-20', Date.UTC(2026, 10, 20), 0, '2026-11-20T00:00:00Z'],
  ['1795171020', at, 0, '2026-11-20T10:37:00Z'],
  [1_795_171_020, at, 0, '2026-11-20T10:37:00Z'],
  [1_795_171_020.25, at + 250, 0, '2026-11-20T10:37:00.25Z'],
  [1_795_171_020_123, at + 123, 0, '2026-11-20T10:37:00.123Z'],
  ['1795171020123456', at + 123, 456_000, '2026-11-20T10:37:00.123456Z'],
  ['1795171020123456789', at + 123, 456_789, '2026-11-20T10:37:00.123456789Z'],
])('%s keeps its digits', (given, ms, nanos, text) => {
  expect(parseTime(given)).toEqual({ ms, nanos, text });
});

test.each([
  '',
  'yesterday',
  '2026-13-01T00:00:00Z',
  '2026-02-30T00:00:00Z',
  '2026-11-20T24:00:00Z',
  '2026-11-20T10:37:00.Z',
  '2026-11-20T10:37:00.1234567890123Z',
  '99999999999999999999',
  '"026-11-20T10:15:02.25Z',
  '0026-11-20T10:15:02Z',
  Number.NaN,
  Number.POSITIVE_INFINITY,
  null,
  {},
  true,
])('%s is no time', (given) => {
  expect(parseTime(given)).toBeUndefined();
});

test('before 2000 and more than a day ahead are absurd', () => {
  const absurd = (text: string) => isAbsurdTime(parseTime(text)!, at);
  expect(absurd('1970-01-01T00:00:00Z')).toBe(true);
  expect(absurd('1999-12-31T23:59:59.999Z')).toBe(true);
  expect(absurd('2000-01-01T00:00:00Z')).toBe(false);
  expect(absurd('2026-11-21T10:36:59Z')).toBe(false);
  expect(absurd('2026-11-21T10:37:01Z')).toBe(true);
  expect(absurd('2099-01-01T00:00:00Z')).toBe(true);
});
