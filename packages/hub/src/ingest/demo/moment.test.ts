import { expect, test } from 'vitest';
import { Moment } from './moment.ts';

const START_MS = Date.parse('2026-11-20T23:59:59.250Z');

test.each([
  [0, '2026-11-20T23:59:59.25Z'],
  [2_022_967, '2026-11-20T23:59:59.252022967Z'],
  [2_022_900, '2026-11-20T23:59:59.2520229Z'],
  [749_999_999, '2026-11-20T23:59:59.999999999Z'],
  [750_000_000, '2026-11-21T00:00:00Z'],
  [750_000_001, '2026-11-21T00:00:00.000000001Z'],
])('%i ns after the start are %s as Go prints it', (offsetNs, text) => {
  const moment = new Moment();
  moment.set(START_MS, offsetNs);
  expect(moment.rfc3339).toBe(text);
});

test('one moment reads the same in all its spellings', () => {
  const moment = new Moment();
  moment.set(START_MS, 2_022_967);
  expect(moment.epochMs).toBe(START_MS + 2);
  expect(moment.micros).toBe('2026-11-20T23:59:59.252022Z');
  expect(moment.millis).toBe('2026-11-20T23:59:59.252Z');
  expect(moment.postgres).toBe('2026-11-20 23:59:59.252 UTC');
  expect(moment.nginx).toBe('20/Nov/2026:23:59:59 +0000');
  expect(moment.clock).toBe('23:59:59');
});
