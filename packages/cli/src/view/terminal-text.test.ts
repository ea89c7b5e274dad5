import { describe, expect, test } from 'vitest';
import { safeJson, safeLabel, safeText } from './terminal-text.ts';

// biome-ignore format: a table
const hostile: readonly (readonly [what: string, text: string, shown: string])[] = [
  ['a title', 'a\x1b]0;owned\x07b', 'ab'],
  ['a title that does not end', 'a\x1b]0;owned', 'a'],
  ['the clipboard', 'a\x1b]52;c;cm0gLXJm\x1b\\b', 'ab'],
  ['a link', '\x1b]8;;http://evil\x07bank\x1b]8;;\x07', 'bank'],
  ['the cursor', 'a\x1b[2J\x1b[Hb\x1b[1Ac', 'abc'],
  ['a question that the terminal answers', 'a\x1b[6nb\x1b[cc\x1bP$q"p\x1b\\d', 'abcd'],
  ['another screen, the mouse', '\x1b[?1049h\x1b[?1000hx', 'x'],
  ['a sequence in the eight-bit form', 'a\x9b31mb\x9d0;t\x9c', 'a\\x9b31mb\\x9d0;t\\x9c'],
  ['a return that hides what stands before it', 'rm -rf /\rls', 'rm -rf /␍ls'],
  ['backspaces', 'abc\b\b\bxyz', 'abc␈␈␈xyz'],
  ['a bell, a NUL, a DEL', '\x07\x00\x7f', '␇␀␡'],
  ['a lone escape', 'a\x1b', 'a␛'],
  ['direction of writing', 'user\u202etxt.exe\u2066', 'user\\u202etxt.exe\\u2066'],
  ['separators of lines', 'a\u2028b\u2029c', 'a\\u2028b\\u2029c'],
  ['no width', 'pa\u200byment', 'pa\\u200byment'],
  ['tags', 'a\u{e0041}b', 'a\\ue0041b'],
  ['a colour in a title', 'a\x1b]0;x\x1b[31my\x07b', 'ay␇b'],
];

describe('without colours nothing but text is left', () => {
  test.each(hostile)('%s', (_, text, shown) => expect(safeText(text, false)).toBe(shown));
});

test.each(hostile)('with colours, too, nothing else reaches the terminal: %s', (_, text) => {
  const left = safeText(text, true).replaceAll(/\x1b\[[\d;]*m/g, '');
  expect(left).not.toMatch(/[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]/);
});

// biome-ignore format: a table
test.each([
  ['\x1b[31mred\x1b[39m', '\x1b[31mred\x1b[39m\x1b[0m'],
  ['\x1b[mx', '\x1b[0mx\x1b[0m'],
  ['\x1b[1;38;5;208mx', '\x1b[1;38;5;208mx\x1b[0m'],
  ['\x1b[38;2;1;2;3mx', '\x1b[38;2;1;2;3mx\x1b[0m'],
  ['\x1b[38;2;1;2mx', 'x'],
  ['\x1b[48;5;999mx', 'x'],
  ['\x1b[8mhidden', 'hidden'],
  ['\x1b[5;6mblinking', 'blinking'],
  ['\x1b[31;8mx', '\x1b[31mx\x1b[0m'],
  ['\x1b[200mx', 'x'],
  [`\x1b[${'1;'.repeat(100)}mx`, 'x'],
])('of styles those stay that are known and harmless, and they end with the line: %j', (text, shown) => {
  expect(safeText(text, true)).toBe(shown);
});

test('ordinary text is the same string, line feeds and tabs included', () => {
  for (const text of ['plain', 'two\nlines\tand a tab', 'Zürich 東京 👍', '']) expect(safeText(text, true)).toBe(text);
});

test('line ends of Windows are those of Unix', () => expect(safeText('a\r\nb\r', false)).toBe('a\nb'));

test('a label is on one line', () => expect(safeLabel('a\nb\tc\x1b[31m')).toBe('a␊b c'));

test('JSON says the same with nothing in it that a terminal would obey', () => {
  const value = { a: '\x9b2Jx\u202ey\x1b\u2028' };
  expect(safeJson(value)).toMatch(/^[\x20-\x7e]+$/);
  expect(JSON.parse(safeJson(value))).toEqual(value);
});
