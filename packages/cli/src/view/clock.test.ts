import { expect, test } from 'vitest';
import { Clock } from './clock.ts';

const at = (time: string) => Date.parse(time);

// biome-ignore format: a table
test.each([
  ['2026-11-20T10:15:00.123456789Z', '10:15:00.123'],
  ['2026-11-20T10:15:00.1Z', '10:15:00.100'],
  ['2026-11-20T10:15:00Z', '10:15:00.000'],
  ['2026-11-19T23:59:59.999Z', '2026-11-19 23:59:59.999'],
  ['nonsense', '--:--:--.000'],
])('%s is shown as %s', (time, shown) => {
  expect(new Clock({ utc: true, now: () => at('2026-11-20T12:00:00Z') }).show(time)).toBe(shown);
});

test('lines of yesterday get their date when midnight passes', () => {
  let now = at('2026-11-20T23:59:59Z');
  const clock = new Clock({ utc: true, now: () => now });
  expect(clock.show('2026-11-20T23:59:59Z')).toBe('23:59:59.000');
  now = at('2026-11-21T00:00:01Z');
  expect(clock.show('2026-11-20T23:59:59Z')).toBe('2026-11-20 23:59:59.000');
  expect(clock.show('2026-11-21T00:00:01Z')).toBe('00:00:01.000');
});

test("otherwise it is the zone's clock", () => {
  const given = new Date(2026, 10, 20, 9, 5, 7, 8);
  expect(new Clock({ utc: false, now: () => given.getTime() }).show(given.toISOString())).toBe('09:05:07.008');
});
