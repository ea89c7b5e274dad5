import { expect, test } from 'vitest';
import { ParameterError, parseMoment } from './parameters.ts';

const NOW = Date.parse('2026-11-20T10:15:00Z');

test.each([
  ['15m', NOW - 900_000],
  ['2026-11-20T10:15:00Z', NOW],
  ['2026-11-20T12:15:00+02:00', NOW],
  ['2026-11-20T12:15:00 02:00', NOW],
  ['2026-11-20 10:15:00', NOW],
  ['1795169704', 1_795_169_704_000],
])('%s is a moment', (text, expected) => {
  expect(parseMoment('since', text, NOW)).toEqual({ ms: expected, nanos: 0 });
});

test('a moment keeps what is below the millisecond', () => {
  expect(parseMoment('from', '2026-11-20T10:15:00.123456789Z', NOW)).toEqual({ ms: NOW + 123, nanos: 456_789 });
});

test('a long row of the same letter is refused in time linear in its length', () => {
  // A backtracking expression took half a second for 15,000 of them; 500,000 would take ten minutes.
  expect(() => parseMoment('since', 'T'.repeat(500_000), NOW)).toThrow(ParameterError);
  expect(() => parseMoment('since', 'T 0'.repeat(200_000), NOW)).toThrow(ParameterError);
});
