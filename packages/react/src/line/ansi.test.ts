import { expect, test } from 'vitest';
import { ansiPieces } from './ansi.ts';
import { contrast, luminance, readableColours, rgbOf256 } from './ansi-colour.ts';

const text = (line: string) =>
  ansiPieces(line)
    .map((piece) => piece.text)
    .join('');

test.each([
  ['a title', '\x1b]0;pwned\x07done', 'done'],
  ['a hyperlink', '\x1b]8;;http://evil.example\x07click\x1b]8;;\x07', 'click'],
  ['a cursor movement', 'a\x1b[2J\x1b[10;5Hb', 'ab'],
  ['a sequence that never ends', 'a\x1b]0;rest of the line', 'a'],
  ['a device string', 'a\x1bPq#0\x1b\\b', 'ab'],
  ['a carriage return and a bell', 'a\rb\x07', 'a␍b␇'],
  ['a C1 control', 'a\x9b31mb', 'aU+009B31mb'],
  ['an override of direction', 'user \u202egnp.exe', 'user U+202Egnp.exe'],
  ['characters without width', 'pass\u200bword\ufeff', 'passU+200BwordU+FEFF'],
])('%s leaves no trace but text', (_name, line, expected) => {
  expect(text(line)).toBe(expected);
});

test('the sixteen colours and weights are classes', () => {
  expect(ansiPieces('\x1b[1;32mgreen\x1b[0m plain \x1b[41;93mon red\x1b[49;39m end')).toEqual([
    { text: 'green', className: 'fw-ansi-green fw-bold' },
    { text: ' plain ', className: '' },
    { text: 'on red', className: 'fw-ansi-yellow fw-ansi-on-red' },
    { text: ' end', className: '' },
  ]);
});

test('blink, conceal and inverse do nothing', () => {
  expect(ansiPieces('\x1b[5;8;7msecret\x1b[0m')).toEqual([{ text: 'secret', className: '' }]);
});

test('256 and true colours keep 4.5 of contrast in both themes', () => {
  const [deepBlue] = ansiPieces('\x1b[38;5;17mdeep blue');
  expect(deepBlue).toMatchObject({ className: 'fw-rgb' });
  const colours: (readonly [number, number, number])[] = [
    [0, 0, 0],
    [0, 0, 139],
    [255, 255, 255],
    [255, 255, 0],
    [128, 128, 128],
    ...Array.from({ length: 240 }, (_, i) => rgbOf256(16 + i)),
  ];
  for (const rgb of colours) {
    const { dark, light } = readableColours(rgb);
    expect(contrast(luminance(parse(dark)), luminance(parse('#0d1014')))).toBeGreaterThanOrEqual(4.5);
    expect(contrast(luminance(parse(light)), luminance(parse('#fdfdfe')))).toBeGreaterThanOrEqual(4.5);
  }
});

test('a background is the colour at a fifth of its strength', () => {
  expect(ansiPieces('\x1b[48;2;10;20;30mx')).toEqual([
    { text: 'x', className: 'fw-on-rgb', colours: { background: 'rgb(10 20 30 / 20%)' } },
  ]);
});

test('colour parameters that make no sense change nothing but themselves', () => {
  expect(text(`\x1b[38;5mA\x1b[38;2;1mB\x1b[${'1;'.repeat(10_000)}mC\x1b[999mD`)).toBe('ABCD');
});

const parse = (hex: string) =>
  [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)) as [number, number, number];
