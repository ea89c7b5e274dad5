import { lineForm } from '@flywatch/core';
import { expect, test } from 'vitest';
import { LineMask } from './line-mask.ts';

const mask = new LineMask();
const maskOf = (line: string) => mask.of(Buffer.from(line)).toString();

// biome-ignore format: a table
test.each([
  ['took 35ms for blk_-1608', 'took 0 for blk_-0'],
  ['E0102 15:04:05 no', 'E0 0:0:0 no'],
  ['7e2 up', '0 up'],
  ['größe4 und 4größe', 'größ0 und 0ö\u00dfe'.replace('ö\u00df', 'öß')],
  ['first 1\nsecond 2', 'first 0'],
  ['', ''],
  ['x'.repeat(3000), 'x'.repeat(2000)],
  ['9'.repeat(3000), '0'],
])('%j', (line, masked) => expect(maskOf(line)).toBe(masked));

test('a mask has the form of its line', () => {
  for (const line of ['10.0.0.7:50010 is added', 'freed 4.1 KB', 'at Sat Jun 18 02:08:10 2005', 'a-1-b_2 größe4'])
    expect(lineForm(maskOf(line))).toEqual(lineForm(line));
});
