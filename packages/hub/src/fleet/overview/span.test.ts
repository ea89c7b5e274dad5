import { expect, test } from 'vitest';
import { spanOf } from './span.ts';

const NOW_MS = Date.UTC(2026, 10, 21, 16, 37, 12);

test.each([
  [1, 1, 60],
  [2, 2, 60],
  [6, 10, 36],
  [24, 30, 48],
  [48, 60, 48],
  [168, 180, 56],
])('%i h are cut every %i min into %i buckets, of which the last is under way', (hours, minutes, buckets) => {
  const span = spanOf(hours, NOW_MS);
  expect(span).toMatchObject({ stepMs: minutes * 60_000, buckets });
  expect(span.fromMs % span.stepMs).toBe(0);
  const endMs = span.fromMs + span.buckets * span.stepMs;
  expect([endMs > NOW_MS, endMs - span.stepMs <= NOW_MS]).toEqual([true, true]);
});

test('every number of hours that may be asked for fits', () => {
  for (let hours = 1; hours <= 168; hours++) expect(spanOf(hours, NOW_MS).buckets).toBeLessThanOrEqual(60);
});
