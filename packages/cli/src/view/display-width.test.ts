import { expect, test } from 'vitest';
import { displayWidth, fitText, foldText, wrapText } from './display-width.ts';

// biome-ignore format: a table
test.each([
  ['', 0], ['abc', 3], ['Zürich', 6], ['東京', 4], ['👍', 2], ['e\u0301', 1], ['👩\u200d💻', 4],
  ['\x1b[31mred\x1b[0m', 3],
])('%j takes %i columns', (text, width) => expect(displayWidth(text)).toBe(width));

// biome-ignore format: a table
test.each([
  ['one two three', 20, 20, ['one two three']],
  ['one two three', 8, 20, ['one two', 'three']],
  ['one two three', 3, 5, ['one', 'two', 'three']],
  ['  indented text', 11, 11, ['  indented', 'text']],
  ['see https://example.org/a/long/path now', 10, 10, ['see', 'https://example.org/a/long/path', 'now']],
  ['averylongfirstword b', 5, 5, ['averylongfirstword', 'b']],
  ['東京 東京 東京', 10, 10, ['東京 東京', '東京']],
  ['\x1b[31mred and\x1b[0m more', 8, 8, ['\x1b[31mred and\x1b[0m', 'more']],
  ['', 10, 10, ['']],
])('%j in %i and then %i columns', (text, first, columns, lines) => {
  expect(wrapText(text, first, columns)).toEqual(lines);
});

// biome-ignore format: a table
test.each([['abc', 3, 'abc'], ['abcd', 3, 'ab…'], ['東京都', 4, '東…'], ['a', 0, ''], ['ab', 1, '…']])(
  '%j fitted into %i columns is %j',
  (text, columns, fitted) => expect(fitText(text, columns)).toBe(fitted),
);

// biome-ignore format: a table
test.each([
  ['one two three', 20, 3, ['one two three']],
  ['one two three', 8, 3, ['one two', 'three']],
  ['one two three', 5, 2, ['one', 'two…']],
  ['see aaaaabbbbbcc now', 5, 9, ['see', 'aaaaa', 'bbbbb', 'cc', 'now']],
  ['東京都庁', 5, 9, ['東京', '都庁']],
  ['aaaaabbbbb', 5, 1, ['aaaa…']],
  ['', 5, 3, ['']],
])('%j in %i columns and %i lines', (text, columns, maxLines, lines) => {
  expect(foldText(text, columns, maxLines)).toEqual(lines);
});
