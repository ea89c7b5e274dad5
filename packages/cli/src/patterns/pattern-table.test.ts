import { describe, expect, test } from 'vitest';
import { createPaint } from '../view/colours.ts';
import { displayWidth } from '../view/display-width.ts';
import { renderPatterns } from './pattern-table.ts';
import type { ShownPattern } from './shown-pattern.ts';

const NOW = Date.parse('2026-11-20T12:00:00Z');

const row = (pattern: string, patch: Partial<ShownPattern> = {}): ShownPattern => ({
  pattern,
  count: 40,
  levels: { info: 38, error: 2 },
  first_seen: '2026-11-20T10:00:00Z',
  last_seen: '2026-11-20T11:59:30Z',
  example: { message: `${pattern} 7` },
  ...patch,
});

const render = (rows: readonly ShownPattern[], columns?: number, { examples = false, colours = false } = {}) =>
  renderPatterns(rows, { events: 80, examples, columns, paint: createPaint(colours), nowMs: NOW });

const PAID = row('order <*> paid in <*> ms');
const RARE = row('never <*>', { count: 1, levels: { fatal: 1 }, first_seen: null, last_seen: null });

test('a pipe gets every column, and patterns as long as they are', () => {
  const long = `${'word '.repeat(80)}end`;
  expect(render([PAID, RARE, row(long)])).toBe(
    [
      'COUNT  SHARE              LEVEL            FIRST  LAST  PATTERN',
      '   40    50%  ██████████  error 2 info 38    2 h  30 s  order <*> paid in <*> ms',
      '    1     1%  ▎           fatal                –     –  never <*>',
      `   40    50%  ██████████  error 2 info 38    2 h  30 s  ${long}`,
      '',
    ].join('\n'),
  );
});

test('a narrow window gets fewer columns, and patterns in up to three lines below each other', () => {
  expect(
    render([row('the <*> was not found in any of the <*> places that were looked at by <*> before it gave up')], 40),
  ).toBe(
    `COUNT  SHARE  LEVEL  PATTERN
   40    50%  error  the <*> was not
                     found in any of the
                     <*> places that wer…
`,
  );
});

describe('in a window of any width no line is wider', () => {
  const changed = row(`${'x'.repeat(70)} 日本語のログ ${'y '.repeat(70)}`, { change: 'grown', baseline_count: 12 });
  test.each([50, 60, 80, 100, 120, 160, 240])('%i columns', (columns) => {
    for (const rows of [[PAID, RARE], [changed, PAID], [changed]]) {
      const text = render(rows, columns, { examples: true, colours: true });
      for (const line of text.split('\n')) expect(displayWidth(line), line).toBeLessThanOrEqual(columns);
    }
  });
});

test('a comparison says first what has changed, and how many there were', () => {
  const rows = [
    row('a', { change: 'new', baseline_count: 0 }),
    row('b', { change: 'gone', baseline_count: 9, count: 0, levels: {} }),
  ];
  const lines = render(rows, 80).split('\n');
  expect(lines.slice(0, 3)).toEqual([
    'CHANGE  BEFORE  COUNT  SHARE  LEVEL  LAST  PATTERN',
    'new          0     40    50%  error  30 s  a',
    'gone         9      0      –  –      30 s  b',
  ]);
  expect(render(rows, 60).split('\n')[0]).toBe('CHANGE  COUNT  LEVEL  PATTERN');
});

test('what stands in a pattern or a line cannot command the terminal', () => {
  const text = render([row('a\x1b]0;owned\x07\x1b[2J <*>\u202e\nb')], 100, { examples: true, colours: true });
  expect(text.replace(/\x1b\[[\d;]*m/g, '')).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]/);
  expect(text).toContain('\x1b[36m<*>\x1b[0m');
});
