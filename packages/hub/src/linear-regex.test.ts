import { expect, test } from 'vitest';
import { cpuMsOf } from '../../../test/support/cpu-time.ts';
import { linearRegexes } from './linear-regex.ts';

const flags = { ignoreCase: false };

/** Letters without a pattern: automata that remember where an `a` was have as many states as there are orders of them. */
function coinFlips(length: number): string {
  let state = 12_345;
  let text = '';
  for (let i = 0; i < length; i++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    text += state < 2 ** 31 ? 'a' : 'b';
  }
  return text;
}

const line = coinFlips(262_144);

test.each([
  '(a+)+$',
  '(a|aa)+$',
  '(.*a){30}',
  'a.{300}[cd]',
  'a.{900}[cd]',
  '[aé].{0,450}[cd]',
  '(.{0,20}[aé]){20}[cd]',
])('/%s/ comes back from the longest line before anybody notices', (source) => {
  const regex = linearRegexes()(source, flags);
  regex.test(line);
  // 4 s before the steps were counted; some 130 ms now.
  expect(cpuMsOf(() => regex.test(line))).toBeLessThan(1000);
});

test('an ordinary expression reads the longest line to its end', () => {
  expect(linearRegexes()('timeout after \\d+ms$', flags).test(`${line} timeout after 30ms`)).toBe(true);
});

test('the expressions of a filter are limited together', () => {
  const regex = linearRegexes();
  for (let i = 0; i < 3; i++) regex('a.{300}[cd]', flags);
  expect(() => regex('a.{300}[cd]', flags)).toThrow(/too large/);
  expect(() => linearRegexes()('a.{300}[cd]', flags)).not.toThrow();
});
