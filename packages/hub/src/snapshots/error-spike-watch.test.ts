import { expect, test } from 'vitest';
import { ErrorSpikeWatch } from './error-spike-watch.ts';

const SECOND_MS = 1000;
const MINUTE_MS = 60_000;

function watchFor(threshold: number): ErrorSpikeWatch {
  return new ErrorSpikeWatch({ threshold, windowMs: MINUTE_MS, calmMs: MINUTE_MS });
}

/** Errors every `everyMs` from `fromMs` to before `toMs`; the times of those that made an incident. */
function errors(watch: ErrorSpikeWatch, fromMs: number, toMs: number, everyMs: number): number[] {
  const fired: number[] = [];
  for (let atMs = fromMs; atMs < toMs; atMs += everyMs) if (watch.errorCame(atMs)) fired.push(atMs);
  return fired;
}

/** So many at once. */
function burst(watch: ErrorSpikeWatch, atMs: number, count: number): boolean[] {
  return Array.from({ length: count }, () => watch.errorCame(atMs));
}

test('ten errors are none too many, the eleventh is', () => {
  expect(burst(watchFor(10), 0, 12).indexOf(true)).toBe(10);
});

test('a threshold of 0 takes the first error for a spike', () => {
  expect(burst(watchFor(0), 0, 2)).toEqual([true, false]);
});

test.each([
  [59_999, true],
  [60_000, false],
])('the first and the eleventh error %i ms apart: a spike is %s', (apartMs, spike) => {
  const watch = watchFor(10);
  burst(watch, 5, 10);
  expect(watch.errorCame(5 + apartMs)).toBe(spike);
});

test('the window slides: ten each in two minutes of the clock are a spike when they lie close', () => {
  const watch = watchFor(10);
  expect(burst(watch, 59_000, 10)).not.toContain(true);
  expect(burst(watch, 61_000, 10).indexOf(true)).toBe(0);
});

test('a steady ten a minute never is a spike, a steady eleven is after a minute', () => {
  expect(errors(watchFor(10), 0, 600 * MINUTE_MS, 6 * SECOND_MS)).toEqual([]);
  expect(errors(watchFor(10), 0, 600 * MINUTE_MS, MINUTE_MS / 11)).toHaveLength(1);
});

test('it is known how close together the errors came', () => {
  const watch = watchFor(10);
  errors(watch, 500, 1500, 100);
  expect(watch.errorCame(1700)).toBe(true);
  expect(watch.spanMs).toBe(1200);
});

test('an incident of ten hours is one', () => {
  expect(errors(watchFor(10), 0, 600 * MINUTE_MS, SECOND_MS)).toHaveLength(1);
});

test('a rate that flaps around the threshold is one incident', () => {
  const watch = watchFor(10);
  const fired: number[] = [];
  for (let minute = 0; minute < 600; minute += 2) {
    fired.push(...errors(watch, minute * MINUTE_MS, (minute + 1) * MINUTE_MS, 4 * SECOND_MS));
    fired.push(...errors(watch, (minute + 1) * MINUTE_MS, (minute + 2) * MINUTE_MS, 8 * SECOND_MS));
  }
  expect(fired).toHaveLength(1);
});

test('half the threshold does not keep an incident alive, one more does', () => {
  const half = watchFor(10);
  burst(half, 0, 11);
  errors(half, MINUTE_MS, 5 * MINUTE_MS, 12 * SECOND_MS);
  expect(burst(half, 5 * MINUTE_MS, 11)).toContain(true);
  const more = watchFor(10);
  burst(more, 0, 11);
  errors(more, 30 * SECOND_MS, 5 * MINUTE_MS, 10 * SECOND_MS);
  expect(burst(more, 5 * MINUTE_MS, 11)).not.toContain(true);
});

test.each([
  [119_999, 'the same incident'],
  [120_000, 'a second one'],
])('a burst %i ms after a burst is %s', (afterMs, meaning) => {
  const watch = watchFor(10);
  burst(watch, 0, 11);
  expect(burst(watch, afterMs, 11).includes(true)).toBe(meaning === 'a second one');
});

test('a burst within the calm makes the calm begin anew', () => {
  const watch = watchFor(10);
  burst(watch, 0, 11);
  burst(watch, 110_000, 11);
  expect(burst(watch, 229_999, 11)).not.toContain(true);
  expect(burst(watch, 349_999, 11)).toContain(true);
});

test('a second incident after calm needs more errors than the threshold, all of them new', () => {
  const watch = watchFor(10);
  burst(watch, 0, 1000);
  expect(burst(watch, 600_000, 12).indexOf(true)).toBe(10);
});
