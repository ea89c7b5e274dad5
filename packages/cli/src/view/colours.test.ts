import { expect, test } from 'vitest';
import { colourOfName, createPaint, wantsColours } from './colours.ts';

// biome-ignore format: a table
test.each([
  [true, {}, false, true],
  [false, {}, false, false],
  [true, { NO_COLOR: '1' }, false, false],
  [true, { NO_COLOR: '' }, false, true],
  [false, { FORCE_COLOR: '1' }, false, true],
  [true, { FORCE_COLOR: '0' }, false, false],
  [true, { FORCE_COLOR: '1', NO_COLOR: '1' }, false, true],
  [true, { FORCE_COLOR: '1' }, true, false],
  [true, { TERM: 'dumb' }, false, false],
])('on a terminal %j with %j, --no-color %j: colours %j', (isTerminal, env, refused, wanted) => {
  expect(wantsColours({ isTerminal, env, refused })).toBe(wanted);
});

test('without colours paint leaves text alone', () => {
  expect(createPaint(false)('red', 'x')).toBe('x');
  expect(createPaint(true)('red', 'x')).toBe('\x1b[31mx\x1b[0m');
  expect(createPaint(true)('red', '')).toBe('');
});

test('a name keeps its colour, and many names use all of them', () => {
  expect(colourOfName('shop[1]')).toBe(colourOfName('shop[1]'));
  expect(new Set(Array.from({ length: 100 }, (_, i) => colourOfName(`m${i}`))).size).toBe(8);
});
