import { describe, expect, it } from 'vitest';
import {
  counted,
  formatAge,
  formatBytes,
  formatCount,
  formatDay,
  formatMoment,
  formatPercent,
  formatSpan,
  formatTime,
} from './format.ts';

const NIGHT = Date.UTC(2026, 9, 21, 2, 40, 52, 113);

describe('figures', () => {
  it.each([
    [0, '0'],
    [999, '999'],
    [76195, '76\u202f195'],
    [1234567, '1\u202f234\u202f567'],
  ])('%d is %s', (n, text) => expect(formatCount(n)).toBe(text));

  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [6_140_000, '6.14 MB'],
    [512e6, '512 MB'],
    [999_600, '1 MB'],
    [3.2e9, '3.2 GB'],
    [48_256, '48.3 KB'],
    [99.96e6, '100 MB'],
  ])('%d bytes are %s', (bytes, text) => expect(formatBytes(bytes)).toBe(text));

  it('a count is of something, one or many', () => {
    expect([counted(1, 'line'), counted(0, 'line'), counted(2, 'entry', 'entries')]).toEqual([
      '1 line',
      '0 lines',
      '2 entries',
    ]);
  });

  it('small shares have a decimal', () => {
    expect([0, 0.42, 9.04, 96.4].map(formatPercent)).toEqual(['0%', '0.4%', '9%', '96%']);
  });
});

describe('times', () => {
  it.each([
    [40, '40 ms'],
    [8000, '8 s'],
    [190_000, '3 min 10 s'],
    [180_000, '3 min'],
    [16_380_000, '4 h 33 min'],
    [41 * 86_400_000, '41 days'],
  ])('%d ms are %s', (ms, text) => expect(formatSpan(ms)).toBe(text));

  it('an age ahead of the clock is now', () => {
    expect(formatAge(-5)).toBe('now');
    expect(formatAge(8000)).toBe('8 s ago');
  });

  it('a line has milliseconds, in UTC or as an age', () => {
    expect(formatTime(NIGHT, 'utc', NIGHT)).toBe('02:40:52.113');
    expect(formatTime(NIGHT, 'local', NIGHT)).toMatch(/^\d\d:\d\d:52\.113$/);
    expect(formatTime(NIGHT, 'ago', NIGHT + 8000)).toBe('8 s ago');
    expect(formatTime(Number.NaN, 'utc', NIGHT)).toBe('–');
  });

  it('a day has its year where that is not this one', () => {
    expect(formatDay(NIGHT, 'utc', NIGHT)).toBe('21 Oct');
    expect(formatDay(NIGHT, 'utc', Date.UTC(2027, 1))).toBe('21 Oct 2026');
    expect(formatMoment(NIGHT, 'utc', NIGHT)).toBe('21 Oct, 02:40:52');
  });
});
