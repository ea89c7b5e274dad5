import { expect, test } from 'vitest';
import { shownPath } from './shown-path.ts';

test.each([
  ['/a/b', 'names', '/a/b'],
  ['/a?', 'names', '/a'],
  ['/a?id=1&token=abc', 'names', '/a?id=[redacted]&token=[redacted]'],
  ['/a?s3cr3t', 'names', '/a?[redacted]'],
  ['/a?x=a=b&=c', 'names', '/a?x=[redacted]&=[redacted]'],
  ['/a?id=1', 'none', '/a'],
  ['/a?id=1', 'full', '/a?id=1'],
] as const)('%s as %s is %s', (url, mode, shown) => {
  expect(shownPath(url, mode)).toBe(shown);
});

test('a path without end is cut', () => {
  expect(shownPath(`/${'a'.repeat(10_000)}`, 'names')).toHaveLength(2_048 + '… [7953 characters cut]'.length);
});
