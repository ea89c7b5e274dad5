import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FilterSyntaxError } from './filter-syntax-error.ts';
import { anyFilterText } from './filter-text.fixture.ts';
import { formatFilter } from './format.ts';
import { MAX_FILTER_DEPTH, MAX_FILTER_LENGTH, MAX_FILTER_TERMS } from './limits.ts';
import { parseFilter } from './parse.ts';

function syntaxErrorOf(text: string): FilterSyntaxError {
  try {
    parseFilter(text);
  } catch (error) {
    if (error instanceof FilterSyntaxError) return error;
    throw error;
  }
  throw new Error(`${text} was accepted`);
}

/** The tree without places, as equal filters may be typed differently. */
function shapeOf(text: string): unknown {
  return JSON.parse(JSON.stringify(parseFilter(text)), (key, value) => (/[pP]osition$/.test(key) ? undefined : value));
}

describe('canonical text', () => {
  // biome-ignore format: a table
  const cases: readonly [string, string][] = [
    ['', '*'],
    [' \t\n', '*'],
    ['*', '*'],
    ['**', '*'],
    ['a', 'a'],
    ['  a   b ', 'a b'],
    ['a\u00a0b', 'a b'],
    ['a AND b', 'a b'],
    ['a Or b', 'a or b'],
    ['a b or c d', 'a b or c d'],
    ['(a b) or (c and d)', 'a b or c d'],
    ['a (b or c)', 'a (b or c)'],
    ['((a))', 'a'],
    ['(a or (b or c))', 'a or b or c'],
    ['a (b (c d))', 'a b c d'],
    ['-a', '-a'],
    ['-(a)', '-a'],
    ['-(a b)', '-(a b)'],
    ['-(-a)', '-(-a)'],
    ['a -b', 'a -b'],
    ['a(b)', 'a b'],
    ['and* or:x "or" *or', 'and* or:x "or" *or'],
    ['not a', 'not a'],
    ['wor** **ord', 'wor* *ord'],
    ['"say \\"hi\\""', '"say \\"hi\\""'],
    ['"C:\\temp"', '"C:\\\\temp"'],
    ['/a\\/b c(d)/i', '/a\\/b c(d)/i'],
    ['/[\\\\\\/]/', '/[\\\\\\/]/'],
    ['status:>=500 ms:<5', 'status:>=500 ms:<5'],
    ['ms:>"5"', 'ms:>5'],
    ['ms:>"a b"', 'ms:>"a b"'],
    ['ms:>"=5"', 'ms:>"=5"'],
    ['temp:-5', 'temp:-5'],
    ['-temp:-5', '-temp:-5'],
    ['app:** x:*y*', 'app:* x:*y*'],
    ['k8s.io/name:a', 'k8s.io/name:a'],
    ['@timestamp:a', '@timestamp:a'],
    ['10.0.0.5:5432', '10.0.0.5:5432'],
    ['tokio::net https://fly.io/x', 'tokio::net https://fly.io/x'],
    ['time:>2026-11-20T10:00:00Z', 'time:>2026-11-20T10:00:00Z'],
  ];
  test.each(cases)('%j is %j', (text, canonical) => {
    expect(formatFilter(parseFilter(text))).toBe(canonical);
    expect(shapeOf(canonical)).toEqual(shapeOf(text));
  });

  test('parses to the same tree again, whatever was typed', () => {
    fc.assert(
      fc.property(anyFilterText, (text) => {
        const canonical = formatFilter(parseFilter(text));
        expect(shapeOf(canonical)).toEqual(shapeOf(text));
        expect(formatFilter(parseFilter(canonical))).toBe(canonical);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('syntax errors', () => {
  // biome-ignore format: a table
  const cases: readonly [text: string, start: number, end: number, message: RegExp][] = [
    ['/open', 0, 5, /`\/open` has no closing `\/`.*"\/usr\/bin"/],
    ['a /', 2, 3, /no closing/],
    ['/usr/bin', 0, 8, /unknown flag `bin`.*quote a path/],
    ['/x/g', 0, 4, /unknown flag `g`/],
    ['/x/ii', 0, 5, /unknown flag/],
    ['//', 0, 2, /empty regular expression/],
    [')', 0, 1, /`\)` has no `\(` before it/],
    ['a) b', 1, 2, /`\)` has no/],
    ['(a', 0, 1, /`\(` is never closed/],
    ['(', 0, 1, /never closed/],
    ['a (b (c)', 2, 3, /never closed/],
    ['or b', 0, 2, /`or` has nothing on its left/],
    ['AND b', 0, 3, /`AND` has nothing on its left/],
    ['a and', 2, 5, /`and` has nothing on its right/],
    ['a or', 2, 4, /`or` has nothing on its right/],
    ['a or or b', 2, 4, /`or` has nothing on its right/],
    ['(a or) b', 3, 5, /`or` has nothing on its right/],
    ['(or a)', 1, 3, /`or` has nothing on its left/],
    ['and', 0, 3, /`and` has nothing on its left/],
    ['()', 0, 2, /`\(\)` is an empty group/],
    ['main( )', 4, 7, /empty group.*quote/],
    ['-', 0, 1, /`-` stands alone/],
    ['a - b', 2, 3, /`-` stands alone/],
    ['(-)', 1, 2, /`-` stands alone/],
    ['--help', 0, 2, /`--` stands alone.*quote/],
    ['a -or b', 2, 5, /`-or` negates an operator/],
    ['status:>', 0, 8, /`status:>` has no value.*status:>500/],
    ['a status:>= 5', 2, 11, /`status:>=` has no value/],
    ['field:', 0, 6, /`field:` has no value/],
    ['field: x', 0, 6, /without a blank/],
    ['(field:)', 1, 7, /`field:` has no value/],
    ['app:(a or b)', 0, 4, /`app:` takes no group.*\(app:a or app:b\)/],
    ['ms:>5*', 0, 6, /compares with a `\*`/],
    ['"open', 0, 5, /`"open` has no closing quote/],
    ['"open\\"', 0, 7, /no closing quote/],
    ['app:"', 4, 5, /no closing quote/],
    ['""', 0, 2, /`""` is empty/],
    ['"say "hi" now"', 0, 7, /goes on after its closing quote.*\\"/],
    ['say"hi"', 0, 4, /`say"` has a quote inside/],
    ['a*b', 0, 3, /`a\*b` has a `\*` inside.*\/a\.\*b\//],
    ['x:a*b*', 2, 6, /has a `\*` inside/],
    ['level:loud', 6, 10, /`loud` is no level; write one of trace, debug, info, warn, error or fatal/],
    ['level:>=50', 6, 10, /is no level/],
    ['time:>15m', 5, 9, /`15m` is no time/],
    ['receivedAt:"now"', 11, 16, /is no time/],
    [`${'a.'.repeat(16)}a:1`, 0, 34, /at most 16 parts/],
  ];
  test.each(cases)('%j is refused at %i to %i', (text, start, end, message) => {
    const error = syntaxErrorOf(text);
    expect(error.message).toMatch(message);
    expect(error.position).toEqual({ start, end });
    expect(error.message.endsWith(error.remedy)).toBe(true);
  });

  test('any text is read or refused at a place inside it', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 40 }),
      fc.string({ unit: fc.constantFrom(...'ab:()-*"/\\ <>=.orand'), maxLength: 30 }),
    );
    fc.assert(
      fc.property(text, (given) => {
        try {
          parseFilter(given);
        } catch (error) {
          expect(error).toBeInstanceOf(FilterSyntaxError);
          const { start, end } = (error as FilterSyntaxError).position;
          expect(start).toBeLessThan(end);
          expect(start).toBeGreaterThanOrEqual(0);
          expect(end).toBeLessThanOrEqual(given.length);
        }
      }),
      { numRuns: 5000 },
    );
  });
});

describe('bounds', () => {
  test('a text of the longest length is read, a longer one refused', () => {
    expect(parseFilter('a'.repeat(MAX_FILTER_LENGTH)).type).toBe('text');
    const error = syntaxErrorOf('a'.repeat(MAX_FILTER_LENGTH + 1));
    expect(error.message).toContain(`at most ${MAX_FILTER_LENGTH}`);
    expect(error.position).toEqual({ start: MAX_FILTER_LENGTH, end: MAX_FILTER_LENGTH + 1 });
  });

  test('a term too many is refused where it stands', () => {
    expect(parseFilter('a '.repeat(MAX_FILTER_TERMS)).type).toBe('and');
    const error = syntaxErrorOf('a '.repeat(MAX_FILTER_TERMS + 1));
    expect(error.message).toContain(`at most ${MAX_FILTER_TERMS}`);
    expect(error.position.start).toBe(MAX_FILTER_TERMS * 2);
  });

  test('a group too deep is refused where it opens', () => {
    const nested = (depth: number) => `${'-('.repeat(depth)}a${')'.repeat(depth)}`;
    expect(formatFilter(parseFilter(nested(MAX_FILTER_DEPTH)))).toContain('-(-(');
    const error = syntaxErrorOf(nested(MAX_FILTER_DEPTH + 1));
    expect(error.message).toContain(`at most ${MAX_FILTER_DEPTH}`);
    expect(error.position.start).toBe(MAX_FILTER_DEPTH * 2 + 1);
  });
});

test('every node knows its place in the text', () => {
  const text = ' (app:web or "a b") -x*';
  const places: string[] = [];
  JSON.parse(JSON.stringify(parseFilter(text)), (key, value) => {
    if (/[pP]osition$/.test(key)) places.push(text.slice(value.start, value.end));
    return value;
  });
  const expected = ['app', 'web', 'app:web', '"a b"', '"a b"', 'app:web or "a b"', 'x*', 'x*', '-x*', text.trim()];
  expect(places).toEqual(expected);
});
