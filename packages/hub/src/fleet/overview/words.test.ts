import { expect, test } from 'vitest';
import { bytesInWords, counted, inWords, listed, percentInWords } from './words.ts';

test.each([
  [0, '0 s'],
  [8_400, '8 s'],
  [59_600, '1 min'],
  [190_000, '3 min 10 s'],
  [45.4 * 60_000, '45 min'],
  [59.8 * 60_000, '60 min'],
  [2 * 3_600_000 + 55 * 60_000, '2 h 55 min'],
  [4 * 3_600_000, '4 h'],
  [76 * 3_600_000, '3 d 4 h'],
])('%i ms is %s', (ms, words) => {
  expect(inWords(ms)).toBe(words);
});

test.each([
  [512, '512 B'],
  [999_900, '1.0 MB'],
  [3_200_000_000, '3.2 GB'],
  [331_000_000, '331 MB'],
  [80e9, '80.0 GB'],
])('%i bytes are %s', (bytes, words) => {
  expect(bytesInWords(bytes)).toBe(words);
});

test('shares, counts and lists', () => {
  expect([4.2, 0.14, 9.96, 96.4, 100, 3].map(percentInWords)).toEqual(['4.2%', '0.1%', '10.0%', '96%', '100%', '3%']);
  expect([counted(1, 'machine'), counted(3, 'machine')]).toEqual(['1 machine', '3 machines']);
  expect(listed(['a', 'b', 'c', 'd', 'e'])).toBe('a, b, c and 2 more');
});
