import { expect, it } from 'vitest';
import { relativeTime } from './relative-time.ts';

it.each([
  [-3921, '-3.921 s'],
  [0, '+0.000 s'],
  [1044, '+1.044 s'],
  [-725_000, '-12:05 min'],
  [7_500_000, '+2 h 5 min'],
  [-200_000_000, '-2 d 7 h'],
])('%i ms away is %s', (ms, text) => expect(relativeTime(ms)).toBe(text));
