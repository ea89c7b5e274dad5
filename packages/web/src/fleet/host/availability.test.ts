import { expect, it } from 'vitest';
import { availabilityOf, CELLS } from './availability.ts';

const check = (results: readonly (readonly [ms: number, state: 'up' | 'degraded' | 'down'])[]) => {
  const of = (wanted: string) => results.map(([, state]) => Number(state === wanted));
  return {
    url: 'http://a/',
    name: null,
    app_name: 'shop',
    times: results.map(([ms]) => ms),
    mean_ms: results.map(() => 1),
    max_ms: results.map(() => 1),
    up: of('up'),
    degraded: of('degraded'),
    down: of('down'),
  };
};

it('a cell shows the worst of all checks in it, whatever comes last', () => {
  const one = check([
    [0, 'down'],
    [1, 'up'],
    [10, 'up'],
  ]);
  const other = check([
    [0, 'up'],
    [10, 'degraded'],
  ]);
  const { cells, share, failed } = availabilityOf([one, other], 0, 10 * CELLS);
  expect(cells.slice(0, 3)).toEqual(['down', 'degraded', undefined]);
  expect([share, failed]).toEqual([0.8, 1]);
});

it('a cell with many results of a check is down where half of them failed, and degraded where fewer did', () => {
  const results = (failed: number) =>
    check(Array.from({ length: 10 }, (_, at) => [at, at < failed ? 'down' : 'up'] as const));
  const firstOf = (failed: number) => availabilityOf([results(failed)], 0, 10 * CELLS).cells[0];
  expect([firstOf(0), firstOf(1), firstOf(4), firstOf(5), firstOf(10)]).toEqual([
    'up',
    'degraded',
    'degraded',
    'down',
    'down',
  ]);
});

it('without a result there is no share', () => {
  expect(availabilityOf([], 0, 1000).share).toBeUndefined();
});
