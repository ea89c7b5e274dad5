import { expect, test } from 'vitest';
import { readOptions } from './options.ts';

const known = ['fanout', 'burst'];

test('without arguments every scenario runs', () => {
  expect(readOptions([], known)).toMatchObject({ names: known, seconds: 10, quick: false, rounds: 1 });
});

test('names and options are taken as given', () => {
  expect(readOptions(['burst', '--quick', '--rounds', '3'], known)).toMatchObject({
    names: ['burst'],
    seconds: 3,
    quick: true,
    rounds: 3,
  });
});

test('all mistakes are said at once', () => {
  expect(() => readOptions(['fan', '--seconds', '0', '--rounds', 'x'], known)).toThrow(
    'there is no scenario "fan"; there are fanout, burst\n--seconds takes a whole number from 1 to 3600\n--rounds takes a whole number from 1 to 99',
  );
});
