/** Patterns against lines whose statements are known: as good as Drain or better, on each set, with no settings for any of them. */

import { expect, test } from 'vitest';
import { drain } from './drain.ts';
import { minedGroups } from './mined-groups.ts';
import { groupingAccuracy, readSets } from './sets.ts';

const { sets, from } = readSets();

test.each(sets)(`$name, lines from ${from}`, ({ name, lines, publishedDrain }) => {
  const texts = lines.map(({ text }) => text);
  const accuracy = groupingAccuracy(lines, minedGroups(texts));
  const rival = groupingAccuracy(lines, drain(name, texts));
  // What is published has three digits.
  expect(Math.round(accuracy * 1000) / 1000).toBeGreaterThanOrEqual(publishedDrain ?? rival);
  if (publishedDrain !== undefined) expect(Math.abs(rival - publishedDrain)).toBeLessThan(0.001);
});

test('made-up statements are told apart without a mistake', () => {
  const { sets: made } = readSets('');
  for (const { lines } of made) expect(groupingAccuracy(lines, minedGroups(lines.map(({ text }) => text)))).toBe(1);
});

test('grouping accuracy counts lines whose group is exactly their statement', () => {
  const lines = ['a', 'a', 'b', 'b', 'c'].map((statement) => ({ text: '', statement }));
  expect(groupingAccuracy(lines, [1, 1, 2, 2, 3])).toBe(1);
  expect(groupingAccuracy(lines, [1, 1, 2, 3, 4])).toBe(0.6);
  expect(groupingAccuracy(lines, [1, 1, 2, 2, 2])).toBe(0.4);
});
