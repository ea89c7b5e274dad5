import { expect, test } from 'vitest';
import { patternQuery } from './pattern-query.ts';
import { changeOf } from './patterns.ts';

test.each([
  ['request completed', '"request completed"'],
  ['order <*> refused in <*> ms', '"order" "refused in"'],
  ['<*> "GET <*> HTTP/<*>" status: <*>', '"GET" "HTTP/" "status:"'],
  ['say "never" to C:\\temp files', '"say" "never" "to C:" "temp files"'],
  ['one <*> two <*> three <*> fourth <*> fifth', '"one" "three" "fourth" "fifth"'],
  ['rhost=<*> in <*>', '"rhost="'],
  ['<*> to <*>', undefined],
])('the lines of %j are found by %j', (pattern, q) => {
  expect(patternQuery(pattern)).toBe(q);
});

test.each([
  [{ count: 3, baselineCount: 0 }, 'new'],
  [{ count: 0, baselineCount: 3 }, 'gone'],
  [{ count: 31, baselineCount: 100 }, 'grown'],
  [{ count: 4, baselineCount: 2 }, 'steady'],
  [{ count: 10, baselineCount: 100 }, 'steady'],
  [{ count: 3, baselineCount: 100 }, 'fallen'],
] as const)('of 100 lines beside 1000 in the baseline, %j is %s', (counts, change) => {
  const looked = (events: number) => ({ events, backToMs: undefined });
  expect(changeOf(counts, looked(100), looked(1000))).toBe(change);
  // With nothing to compare with, nothing has changed.
  expect(changeOf(counts, looked(100), looked(0))).toBe('steady');
});
