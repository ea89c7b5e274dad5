import { describe, expect, test } from 'vitest';
import { checkMoment, filtersOf } from './filter-options.ts';

// biome-ignore format: a table
test.each([
  [{}, undefined],
  [{ query: ' ' }, undefined],
  [{ query: 'a or b' }, 'a or b'],
  [{ grep: 'GET /api' }, '/GET \\/api/'],
  [{ grep: 'a\\/b\\d' }, '/a\\/b\\d/'],
  [{ query: 'a or b', grep: 'x' }, '(a or b) /x/'],
])('%j is the filter %j', (flags, q) => expect(filtersOf(flags).filters.q).toBe(q));

test('lists and the level are as a hub takes them, and as they are judged here', () => {
  const { filters, selection } = filtersOf({ level: 'warning', app: ['b', 'a'], source: ['x'] });
  expect(filters).toMatchObject({ level: 'warning', app: ['b', 'a'], source: ['x'] });
  expect(selection).toEqual({ level: 'warn', lists: { app: ['a', 'b'], source: ['x'] } });
});

describe('mistakes are of usage', () => {
  test('a filter is shown with the place', () => {
    expect(() => filtersOf({ query: 'ok status:>' })).toThrow(/^--query: .*\n {2}ok status:>\n {5}\^{8}$/s);
  });

  test('a level that there is not', () => {
    expect(() => filtersOf({ level: 'loud' })).toThrow('--level: "loud" cannot be used; expected one of trace');
  });

  test('a time that cannot be read', () => {
    expect(checkMoment('--since', '15m')).toBe('15m');
    expect(() => checkMoment('--since', 'yesterday')).toThrow('--since: "yesterday" cannot be used');
  });
});
