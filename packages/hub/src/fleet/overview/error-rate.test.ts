import { expect, test } from 'vitest';
import { errorRate } from './error-rate.ts';
import { errorRateFindings } from './reasons/errors.ts';

const MINUTE_MS = 60_000;
const NOW_MS = 100 * 60 * MINUTE_MS + 59 * MINUTE_MS + 30_000;
const FROM_MS = 100 * 60 * MINUTE_MS;

/** An hour of minutes: so many lines each, and errors by minute. */
function said(lines: number, errorsAt: (minute: number) => number): string | undefined {
  const counts = {
    lines: Array.from({ length: 60 }, () => lines),
    errors: Array.from({ length: 60 }, (_, minute) => errorsAt(minute)),
  };
  const [finding] = errorRateFindings(errorRate(counts, FROM_MS, MINUTE_MS, NOW_MS), NOW_MS);
  return finding === undefined ? undefined : `${finding.severity}: ${finding.text}`;
}

test.each([
  ['a rise', 1000, (m: number) => (m >= 46 ? 42 : 1), 'warn: Error rate 4.2% for 14 min, was 0.1% before'],
  [
    'a rise with pauses',
    1000,
    (m: number) => (m >= 46 && m % 3 === 0 ? 60 : 1),
    'warn: Error rate 2.1% for 12 min, was 0.1% before',
  ],
  [
    'a rise in the last minutes',
    1000,
    (m: number) => (m >= 57 ? 100 : 0),
    'warn: Error rate 10% for 2 min 30 s, was 0% before',
  ],
  ['every third line', 300, (m: number) => (m >= 50 ? 100 : 0), 'error: Error rate 33% for 9 min 30 s, was 0% before'],
  ['a share that was always there', 1000, () => 40, undefined],
  ['a large share that was always there', 100, () => 20, 'warn: Error rate 20% for 60 min'],
  ['a few errors', 50, (m: number) => (m === 58 ? 9 : 0), undefined],
  ['many errors among more lines', 100_000, (m: number) => (m >= 50 ? 90 : 0), undefined],
  ['errors that are over', 1000, (m: number) => (m >= 20 && m < 40 ? 500 : 0), undefined],
  ['no lines', 0, () => 0, undefined],
] as const)('%s', (_, lines, errorsAt, text) => {
  expect(said(lines, errorsAt)).toBe(text);
});
