/** Compiled filters against a reading of the rules that is as plain as it can be, and slow. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { stripAnsi } from '../ansi.ts';
import type { LogEvent } from '../event.ts';
import { LEVELS, parseLevel } from '../levels.ts';
import { parseTime } from '../time.ts';
import type { ComparisonPattern, FieldNode, FilterNode, TextPattern, WordPattern } from './ast.ts';
import { compileFilter } from './compile.ts';
import { createEvent, nativeRegex } from './event.fixture.ts';
import { anyFilterText } from './filter-text.fixture.ts';
import { includesWord } from './tokens.ts';

function evaluate(node: FilterNode, event: LogEvent): boolean {
  switch (node.type) {
    case 'all':
      return true;
    case 'and':
      return node.terms.every((term) => evaluate(term, event));
    case 'or':
      return node.terms.some((term) => evaluate(term, event));
    case 'not':
      return !evaluate(node.term, event);
    case 'text':
      return textHas(stripAnsi(event.message), node.pattern);
    case 'field':
      return evaluateField(node, event);
  }
}

function evaluateField({ name, pattern }: FieldNode, event: LogEvent): boolean {
  const record = ['app', 'host', 'level', 'time', 'message'].includes(name);
  const value = record ? event[name as 'app'] : pathValue(event.fields, name.replace(/^fields\./, '').split('.'));
  if (value === undefined || value === null) return false;
  if (pattern.type === 'present') return true;
  if (name === 'level' && (pattern.type === 'comparison' || !hasWildcard(pattern))) {
    const given = parseLevel(pattern.type === 'comparison' ? pattern.operand : (pattern as WordPattern).text)!;
    if (pattern.type !== 'comparison') return value === given;
    return signFits(LEVELS.indexOf(event.level) - LEVELS.indexOf(given), pattern);
  }
  if (name === 'time' && pattern.type === 'comparison') {
    return signFits(event.timeMs - parseTime(pattern.operand)!.ms, pattern);
  }
  const values = Array.isArray(value) ? value : [value];
  const whole = record && name !== 'message';
  return values.some(
    (one) =>
      one !== null &&
      typeof one !== 'object' &&
      scalarFits(typeof one === 'string' ? stripAnsi(one) : one, pattern, whole),
  );
}

function scalarFits(value: unknown, pattern: TextPattern | ComparisonPattern, whole: boolean): boolean {
  const text = String(value).toLowerCase();
  if (pattern.type === 'comparison') {
    const operand = pattern.operand.toLowerCase();
    if (isNumeric(text) && isNumeric(operand)) return signFits(Number(text) - Number(operand), pattern);
    return signFits(text < operand ? -1 : text > operand ? 1 : 0, pattern);
  }
  if (pattern.type !== 'word') return textHas(String(value), pattern);
  const word = pattern.text.toLowerCase();
  if (whole || typeof value !== 'string') {
    if (hasWildcard(pattern)) {
      const { leadingWildcard: before, trailingWildcard: after } = pattern;
      return before && after ? text.includes(word) : before ? text.endsWith(word) : text.startsWith(word);
    }
    return !whole && isNumeric(text) && isNumeric(word) ? Number(text) === Number(word) : text === word;
  }
  if (!hasWildcard(pattern) && isNumeric(text) && isNumeric(word)) return Number(text) === Number(word);
  return textHas(value, pattern);
}

function textHas(text: string, pattern: TextPattern): boolean {
  if (pattern.type === 'regex') return nativeRegex(pattern.source, pattern).test(text);
  if (pattern.type === 'phrase') return text.toLowerCase().includes(pattern.text.toLowerCase());
  return wordStands(
    text.toLowerCase(),
    pattern.text.toLowerCase(),
    !pattern.leadingWildcard,
    !pattern.trailingWildcard,
  );
}

const isTokenChar = (char: string | undefined) => char !== undefined && /^[\p{L}\p{N}\p{M}_]/u.test(char);

/** Tries every place; a token is cut where characters of one token stand on both sides of an edge. */
function wordStands(text: string, word: string, wholeStart: boolean, wholeEnd: boolean): boolean {
  // The last character by itself: V8 of Node 26 does not find `[\p{L}]$` in a text that ends with an astral letter.
  const cuts = (at: number) => isTokenChar([...text.slice(0, at)].at(-1)) && isTokenChar(text.slice(at));
  for (let at = 0; at + word.length <= text.length; at++) {
    if (!text.startsWith(word, at)) continue;
    if (!(wholeStart && cuts(at)) && !(wholeEnd && cuts(at + word.length))) return true;
  }
  return false;
}

function pathValue(value: unknown, parts: string[]): unknown {
  if (parts.length === 0) return value;
  if (typeof value !== 'object' || value === null) return undefined;
  for (let taken = parts.length; taken > 0; taken--) {
    const entry = Object.entries(value).find(([key]) => key === parts.slice(0, taken).join('.'));
    const found = pathValue(entry?.[1], parts.slice(taken)) ?? undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

function signFits(sign: number, { operator }: ComparisonPattern): boolean {
  return (operator.includes('=') && sign === 0) || (operator.includes('>') ? sign > 0 : sign < 0);
}

function hasWildcard(pattern: TextPattern): boolean {
  return pattern.type === 'regex' || (pattern.type === 'word' && (pattern.leadingWildcard || pattern.trailingWildcard));
}

function isNumeric(text: string): boolean {
  return /^[-+]?\d+(\.\d+)?$/.test(text);
}

const piece = fc.constantFrom(
  'a',
  'ab',
  'B',
  'b',
  '-',
  ' ',
  '5',
  '500',
  '1.50',
  'É',
  'é',
  'x',
  '_',
  '1',
  '/',
  '[',
  '\\',
  'true',
);
const line = fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(''));
const scalar = fc.oneof(line, fc.constantFrom(5, 500, 1.5, -1, true, false, null, 'true', '500.0'));
const value = fc.oneof(scalar, fc.array(scalar, { maxLength: 3 }), fc.record({ b: scalar }), fc.constant({}));
const event = fc
  .record(
    {
      message: fc.oneof(
        line,
        line.map((text) => `\x1b[31m${text}\x1b[0m`),
      ),
      level: fc.constantFrom(...LEVELS),
      app: fc.constantFrom('a', 'AB', 'web-2', '500', 'É', ''),
      host: line,
      fields: fc.record({ status: value, a: value, 'a.b': value, app: value }, { requiredKeys: [] }),
    },
    { requiredKeys: ['message'] },
  )
  .map(createEvent);

test('a compiled filter agrees with the plain reading', () => {
  fc.assert(
    fc.property(anyFilterText, fc.array(event, { minLength: 1, maxLength: 8 }), (text, events) => {
      const filter = compileFilter(text, { regex: nativeRegex });
      for (const one of events) expect(filter.matches(one)).toBe(evaluate(filter.node, one));
    }),
    { numRuns: 4000 },
  );
});

test('a word is found exactly where it cuts no token', () => {
  const unit = fc.constantFrom('a', 'a', '-', 'é', '\u{1D49C}', ' ');
  const text = fc.array(unit, { maxLength: 24 }).map((units) => units.join(''));
  const word = fc.array(unit, { minLength: 1, maxLength: 6 }).map((units) => units.join(''));
  fc.assert(
    fc.property(text, word, fc.boolean(), fc.boolean(), (given, sought, start, end) => {
      // Only an edge that is a token character can cut a token; `compileFilter` sees to that.
      const wholeStart = start && isTokenChar(sought);
      const wholeEnd = end && isTokenChar([...sought].at(-1));
      const found = includesWord(given, sought, wholeStart, wholeEnd);
      expect(found).toBe(wordStands(given, sought, wholeStart, wholeEnd));
    }),
    { numRuns: 5000 },
  );
});
