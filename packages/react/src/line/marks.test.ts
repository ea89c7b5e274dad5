import { expect, test } from 'vitest';
import { createMarker } from './marks.ts';

const marked = (filter: string, text: string) =>
  (createMarker(filter)?.(text) ?? []).map(([start, end]) => text.slice(start, end));

test.each([
  ['timeout', 'Timeout after timeouts', ['Timeout']],
  ['time*', 'Timeout, downtime', ['Time']],
  ['*time', 'downtime, times', ['time']],
  ['"connection ref"', 'a connection refused', ['connection ref']],
  ['timeout or "time"', 'timeout, times', ['timeout', 'time']],
  ['10.0.0.5:5432', 'dial 10.0.0.5:5432, 110.0.0.5:5432', ['10.0.0.5:5432']],
  ['größe', 'Größe, größer', ['Größe']],
  ['a/b', 'see a/b', ['a/b']],
])('%s marks what it finds', (filter, text, expected) => {
  expect(marked(filter, text)).toEqual(expected);
});

test('what is asked of fields, negated, or written as a regular expression is not marked', () => {
  expect(marked('level:error -retry /err.*/', 'error, will retry')).toEqual([]);
});

test('a filter that cannot be read marks nothing', () => {
  expect(createMarker('(')).toBeUndefined();
});
