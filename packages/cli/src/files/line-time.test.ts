import { expect, test } from 'vitest';
import { leadingTimeMs, withoutLeadingTime } from './line-time.ts';

const NOW = new Date(2026, 0, 10, 12).getTime();
const local = (...parts: [number, number, number, number, number, number]) => new Date(...parts).getTime();

// biome-ignore format: a table
test.each([
  ['2026-11-20T10:15:00.123Z x', Date.UTC(2026, 10, 20, 10, 15, 0, 123)],
  ['[2026-11-20 10:15:00 +0100] x', Date.UTC(2026, 10, 20, 9, 15)],
  ['2026-11-20 10:15:00,123 INFO x', local(2026, 10, 20, 10, 15, 0) + 123],
  ['2026/11/20 10:15:00 x', local(2026, 10, 20, 10, 15, 0)],
  ['2026-11-20 10:15:00 UTC x', Date.UTC(2026, 10, 20, 10, 15)],
  ['Jan  9 10:15:00 web sshd[1]: x', local(2026, 0, 9, 10, 15, 0)],
  ['Dec 31 23:59:59 web sshd[1]: x', local(2025, 11, 31, 23, 59, 59)],
  ['<34>Jan  9 10:15:00 web su: x', local(2026, 0, 9, 10, 15, 0)],
  ['[Sun Dec 04 04:47:44.123456 2005] [notice] x', local(2005, 11, 4, 4, 47, 44)],
  ['[Sun Foo 04 04:47:44 2005] [notice] x', undefined],
  ['2026-13-20T10:15:00Z', undefined],
  ['Foo  9 10:15:00 x', undefined],
  ['no time', undefined],
  ['', undefined],
])('%j', (line, ms) => expect(leadingTimeMs(line, NOW)).toBe(ms));

// biome-ignore format: a table
test.each([
  ['2015-07-29 17:41:44,747 - INFO  ready', 'INFO  ready'],
  ['[2026-11-20 10:15:00 +0100] x', 'x'],
  ['[Sun Dec 04 04:47:44 2005] [notice] x', '[notice] x'],
  ['no time', 'no time'],
])('%j without its time is %j', (line, rest) => expect(withoutLeadingTime(line)).toBe(rest));
