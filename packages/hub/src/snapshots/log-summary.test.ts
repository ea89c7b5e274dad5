import { expect, test } from 'vitest';
import { boundSummary, cutText } from './log-summary.ts';
import { makeSummary, makeTopError } from './snapshot.fixture.ts';

test('a summary keeps its counts, and no more errors than there is room for', () => {
  const errors = Array.from({ length: 12 }, (_, index) => makeTopError(`error ${index}`));
  const bounded = boundSummary(makeSummary(errors), 10, 100);
  expect(bounded).toEqual({ ...makeSummary(errors), top_errors: errors.slice(0, 10) });
});

test('a long text is cut and says so', () => {
  const [error] = boundSummary(makeSummary([makeTopError('x'.repeat(262_144))]), 10, 1000).top_errors;
  expect(error!.message).toBe(`${'x'.repeat(999)}…`);
});

test.each([
  ['12345', '12345'],
  ['123456', '1234…'],
  ['123🚀56', '123…'],
  ['12🚀56', '12🚀…'],
])('%s in five characters is %s', (text, cut) => {
  expect(cutText(text, 5)).toBe(cut);
});
