import { parseFilter } from '@flywatch/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { filterErrorOf, findMistake } from './mistake.ts';

describe('a filter that cannot be understood', () => {
  it('has a place, what is wrong there and what to do', () => {
    expect(findMistake('app:acme-api (timeout or status:>)')).toMatchObject({
      start: 25,
      end: 33,
      problem: '`status:>` has no value',
      remedy: 'Write the value directly after the sign, as in status:>500.',
    });
    expect(findMistake('app:acme-api')).toBeUndefined();
  });

  it.each<[string, string[]]>([
    ['a status:> 500 b', ['a status:>500 b']],
    ['(a or status:> )', ['(a or status:>500 )', '(a or status:* )']],
    ['app: web', ['app:web', 'app:* web']],
    ['x app:(a or b)', ['x (app:a or app:b)']],
    ['level:loud', ['level:error', 'level:>=warn']],
    ['level:>=wa x', ['level:>=warn x', 'level:error x']],
    ['(a or b', ['(a or b)']],
    ['a "b c', ['a "b c"']],
    ['status:', ['status:*']],
    ['a*b', ['/a.*b/i', '"a*b"']],
    ['/usr/bin x', ['"/usr/bin" x']],
    ['path:/usr/bin x', ['path:"/usr/bin" x']],
    ['a and', ['a "and"', 'a']],
    ['or b', ['"or" b', 'b']],
    ['a)', ['a']],
    ['a - b', ['a "-" b', 'a b']],
    ['()', ['"()"']],
  ])('`%s` is repaired to %j', (text, expected) => {
    const repaired = findMistake(text)!.repairs.map((repair) => repair.text);
    expect(repaired.slice(0, expected.length)).toEqual(expected);
  });

  it('offers a moment for a duration', () => {
    expect(findMistake('time:>15m')!.repairs[0]!.text).toMatch(/^time:>\d{4}-\d\d-\d\dT[\d:.]+Z$/);
  });

  it('is offered repairs that are filters, whatever was typed', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'ab:-()"/\\*>= ', 'or ', 'level:', 'time:') }), (text) => {
        for (const repair of findMistake(text)?.repairs ?? []) parseFilter(repair.text);
      }),
    );
  });
});

describe('a filter that the hub refused', () => {
  const refused = (message: string, code = 'bad_filter') => ({ message, code });

  it('is marked where the part is that the hub names', () => {
    const message = 'q: `(?=a)` is no regular expression that can be used (invalid); correct it, or quote the text';
    expect(filterErrorOf(refused(message), 'x /(?=a)/')).toEqual({
      problem: '`(?=a)` is no regular expression that can be used (invalid)',
      remedy: 'Correct it, or quote the text.',
      start: 3,
      end: 8,
    });
  });

  it('is told apart from other refusals', () => {
    expect(filterErrorOf(refused('from: no time', 'bad_parameter'), 'x')).toBeUndefined();
    expect(filterErrorOf(undefined, 'x')).toBeUndefined();
  });
});
