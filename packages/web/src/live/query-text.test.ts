import { compileFilter, LEVELS, type Level, parseFilter } from '@flywatch/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  excludingTerm,
  type FilterValue,
  fieldOfPath,
  hasConditions,
  levelFloor,
  namedValues,
  onlyTerm,
  termState,
  termText,
  toggleLevel,
  withLevelFloor,
  withoutField,
  withoutTerm,
  withTerm,
} from './query-text.ts';

describe('asking for a value', () => {
  it.each<[string, string, FilterValue, string]>([
    ['', 'app', 'web', 'app:web'],
    ['timeout', 'app', 'web', 'timeout app:web'],
    ['app:web timeout', 'app', 'db', '(app:web or app:db) timeout'],
    ['(app:web or app:db) timeout', 'app', 'api', '(app:web or app:db or app:api) timeout'],
    ['app:web or app:db', 'app', 'api', '(app:web or app:db or app:api)'],
    ['timeout or refused', 'app', 'web', '(timeout or refused) app:web'],
    ['(timeout or refused)', 'app', 'web', '(timeout or refused) app:web'],
    ['(a or b) or (c)', 'app', 'web', '((a or b) or (c)) app:web'],
    ['-app:web x', 'app', 'web', 'x app:web'],
    ['app:web', 'app', 'web', 'app:web'],
    ['app:w*', 'app', 'web', 'app:w*'],
    ['a', 'path', '/healthz', 'a path:"/healthz"'],
    ['', 'user', 'Ann "x" \\', 'user:"Ann \\"x\\" \\\\"'],
    ['', 'name', 'a*', 'name:"a*"'],
    ['', 'sum', '>5', 'sum:">5"'],
    ['', 'name', '(x)', 'name:"(x)"'],
    ['', 'name', '', 'name:/^$/'],
    ['', 'user', null, '-user:*'],
    ['', 'status', 500, 'status:500'],
    ['', 'ok', false, 'ok:false'],
  ])('in `%s`, %s = %j: `%s`', (text, field, value, edited) => {
    expect(withTerm(text, field, value)).toBe(edited);
  });

  it.each([['a b'], ['ü'], ['1st'], ['a(b'], ['x"y'], ['<img>']])(
    'of a field that the language cannot name, %j, changes nothing',
    (field) => {
      expect(termText(field, 'x')).toBeUndefined();
      expect(withTerm('a', field, 'x')).toBe('a');
      expect(excludingTerm('a', field, 'x')).toBe('a');
      expect(onlyTerm('a', field, 'x')).toBe('a');
    },
  );

  it('keeps a text that cannot be understood as it was typed', () => {
    expect(withTerm('(a or', 'app', 'web')).toBe('(a or app:web');
  });
});

describe('taking a value back', () => {
  it.each([
    ['app:web', ''],
    ['timeout app:web', 'timeout'],
    ['timeout and app:web', 'timeout'],
    ['app:web AND timeout', 'timeout'],
    ['a and app:web and b', 'a and b'],
    ['a (app:web) b', 'a b'],
    ['((app:web)) and b', 'b'],
    ['(app:web and a) b', '(a) b'],
    ['(app:web or app:db) x', 'app:db x'],
    ['(app:web or app:db or app:c) x', '(app:db or app:c) x'],
    ['-app:web x', 'x'],
    ['-(app:web or app:db) x', '-app:db x'],
    ['app:w* x', 'x'],
    ['APP:web x', 'APP:web x'],
    ['app:web-2 x', 'app:web-2 x'],
    ['"app:web" x', '"app:web" x'],
    ['(app:web or timeout) x', '(app:web or timeout) x'],
  ])('`%s` without web: `%s`', (text, edited) => expect(withoutTerm(text, 'app', 'web')).toBe(edited));
});

describe('excluding and choosing alone', () => {
  it('leaves a value out, once', () => {
    const text = excludingTerm('timeout', 'app', 'web');
    expect(text).toBe('timeout -app:web');
    expect(excludingTerm(text, 'app', 'web')).toBe(text);
    expect(excludingTerm('app:web x', 'app', 'web')).toBe('x -app:web');
    expect(excludingTerm('a or b', 'app', 'web')).toBe('(a or b) -app:web');
    expect(excludingTerm('', 'user', null)).toBe('user:*');
    expect(excludingTerm('-user:* x', 'user', null)).toBe('x user:*');
    expect(excludingTerm('app:Web x', 'app', 'web')).toBe('x -app:web');
    expect(excludingTerm('(app:w* or app:web)', 'app', 'web')).toBe('app:w* -app:web');
  });

  it('takes every other condition on the field away, and no other', () => {
    expect(onlyTerm('(app:a or app:b) -app:c x level:error', 'app', 'web')).toBe('x level:error app:web');
  });

  it('tells the state of a value by what matches it, wildcards included', () => {
    expect(termState('-app:fly-builder-* x', 'app', 'fly-builder-autumn')).toBe('excluded');
    expect(termState('(app:a or app:b)', 'app', 'b')).toBe('chosen');
    expect(termState('(app:a or x)', 'app', 'a')).toBe('none');
    expect(termState('user.id:42', 'user.id', 42)).toBe('chosen');
    expect(termState('-user:*', 'user', null)).toBe('chosen');
    expect(termState('name:/^$/', 'name', '')).toBe('chosen');
    expect(termState('app:/(a+)+$/', 'app', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!')).toBe('none');
  });
});

describe('what is said of a field as a whole', () => {
  it('can be taken out, and names values', () => {
    const text = '(app:a or app:"b c") x -app:d (app:e or y) app:f*';
    expect(withoutField(text, 'app')).toBe('x (app:e or y)');
    expect(namedValues(text, 'app')).toEqual(['a', 'b c', 'd']);
    expect(hasConditions(text, 'app')).toBe(true);
    expect(hasConditions('(app:e or y)', 'app')).toBe(false);
    expect(namedValues('(app:', 'app')).toEqual([]);
  });
});

it('a field that a name of the record hides is reached by its whole path', () => {
  expect(['app', 'level.x', 'user.id', 'fields'].map(fieldOfPath)).toEqual([
    'fields.app',
    'fields.level.x',
    'user.id',
    'fields.fields',
  ]);
});

describe('levels', () => {
  it.each<[string, Level, string]>([
    ['', 'debug', '-level:debug'],
    ['-level:debug x', 'trace', 'level:>=info x'],
    ['level:>=info x', 'info', 'level:>=warn x'],
    ['level:>=warn', 'error', '(level:warn or level:fatal)'],
    ['level:>=warn', 'info', 'level:>=info'],
    ['level:fatal x', 'fatal', 'x'],
    ['level:>=info -level:warn', 'warn', 'level:>=info'],
  ])('`%s` with %s toggled: `%s`', (text, level, edited) => expect(toggleLevel(text, level)).toBe(edited));

  it('are chosen, left out and taken back as other values are, in the shortest words', () => {
    expect(withTerm('x', 'level', 'error')).toBe('x level:error');
    expect(withTerm('x level:error', 'level', 'fatal')).toBe('x level:>=error');
    expect(withTerm('-level:debug', 'level', 'debug')).toBe('level:debug');
    expect(withoutTerm('level:>=error', 'level', 'fatal')).toBe('level:error');
    expect(withoutTerm('-level:debug', 'level', 'debug')).toBe('');
    expect(excludingTerm('level:>=warn', 'level', 'warn')).toBe('level:>=error');
    expect(onlyTerm('level:>=warn -level:fatal a', 'level', 'info')).toBe('level:info a');
  });

  it('have a floor where all above one pass', () => {
    expect(levelFloor('level:>=warn')).toBe('warn');
    expect(levelFloor('level:>info level:!' as string)).toBeUndefined();
    expect(levelFloor('level:fatal')).toBe('fatal');
    expect(levelFloor('-level:warn')).toBeUndefined();
    expect(levelFloor('')).toBeUndefined();
    expect(withLevelFloor('a level:debug', 'error')).toBe('a level:>=error');
    expect(withLevelFloor('a level:>=error', undefined)).toBe('a');
  });
});

const VALUES = ['a', 'b', 'web', 'a b', '/x', '*', '(', '"', '-', 'or'] as const;
const value = fc.constantFrom<string>(...VALUES);
const term = fc.oneof(
  value.map((one) => termText('app', one)!),
  fc.constantFrom('app:a*', 'app:*', 'x', '"a b"', '/a|b/', 'status:>5', '*'),
  fc.constantFrom(...LEVELS).map((level) => `level:>=${level}`),
);
const filter = fc.letrec<{ filter: string; operand: string }>((tie) => ({
  operand: fc.oneof(
    { maxDepth: 3 },
    { weight: 6, arbitrary: term },
    { weight: 2, arbitrary: tie('filter').map((text) => `(${text})`) },
    { weight: 1, arbitrary: tie('filter').map((text) => `-(${text})`) },
    { weight: 2, arbitrary: term.map((text) => `-${text}`) },
  ),
  filter: fc
    .array(fc.tuple(tie('operand'), fc.constantFrom(' ', '  ', ' and ', ' or ', '\tAND ')), {
      minLength: 1,
      maxLength: 4,
    })
    .map((parts) => parts.map(([operand, gap], i) => (i === 0 ? operand : gap + operand)).join('')),
})).filter;

const line = { fields: {}, message: 'x', plainText: 'x', searchText: 'x', level: 'error' as Level };
const matches = (text: string, app: string) =>
  compileFilter(text, { regex: (source) => new RegExp(source) }).matches({ ...EVENT, ...line, app });

const EVENT = {
  id: '',
  time: '2026-11-20T10:00:00Z',
  timeMs: 0,
  timeNanos: 0,
  receivedAtMs: 0,
  instance: undefined,
  region: undefined,
  host: undefined,
  provider: undefined,
  source: undefined,
};

describe('whatever the filter was, an edited one', () => {
  const edits = { withTerm, withoutTerm, excludingTerm, onlyTerm };

  it('can be understood, and says of the value what was asked', () => {
    fc.assert(
      fc.property(filter, value, (text, app) => {
        for (const edit of Object.values(edits)) parseFilter(edit(text, 'app', app));
        expect(termState(withTerm(text, 'app', app), 'app', app)).toBe('chosen');
        expect(termState(withoutTerm(text, 'app', app), 'app', app)).toBe('none');
        expect(termState(excludingTerm(text, 'app', app), 'app', app)).toBe('excluded');
        expect(matches(excludingTerm(text, 'app', app), app)).toBe(false);
        for (const other of ['a', 'b', 'web'].filter(
          (one) => one !== app && !app.includes(one) && !one.includes(app),
        )) {
          expect(matches(onlyTerm(text, 'app', app), other)).toBe(false);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('says the same as before of lines with other values, where only one was left out', () => {
    fc.assert(
      fc.property(filter, (text) => {
        const edited = excludingTerm(text, 'app', 'nobody');
        for (const app of ['a', 'b', 'web']) expect(matches(edited, app)).toBe(matches(text, app));
      }),
      { numRuns: 300 },
    );
  });
});
