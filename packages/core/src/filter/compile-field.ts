/**
 * Tests of `field:pattern`. Three kinds of field: those whose values have an order or a fixed set (`level`, the times),
 * those that name something and are compared as a whole, and free text, where a word is looked for as in the message.
 */

import { LEVELS, levelRank } from '../levels.ts';
import { formatTimeMs, type SourceTime } from '../time.ts';
import type { ComparisonOperator, FieldNode, FieldPattern, PhrasePattern, WordPattern } from './ast.ts';
import { createFieldLookup } from './field-path.ts';
import type { FilterTarget } from './filter-target.ts';
import {
  type IdentityField,
  isIdentityField,
  isTimeField,
  isValuePattern,
  levelOfPattern,
  type TimeField,
  timeOfPattern,
  type ValuePattern,
} from './record-fields.ts';
import type { RegexCompiler } from './regex-engine.ts';
import { includesWord, isTokenCharAt, isTokenCharBefore } from './tokens.ts';
import { compareWithOperand, createOperand, equalsFolded, equalsOperand, scalarText } from './values.ts';

export type EventTest = (event: FilterTarget) => boolean;
export type TextTest = (text: string) => boolean;

export function compileField(node: FieldNode, compileRegex: RegexCompiler): EventTest {
  const { name, pattern } = node;
  if (name === 'level') return compileLevel(pattern, compileRegex);
  if (isTimeField(name)) return compileTime(name, pattern, compileRegex);
  if (isIdentityField(name)) return compileIdentity(name, pattern, compileRegex);
  if (name === 'message') return compileMessage(pattern, compileRegex);
  return compileParsedField(name, pattern, compileRegex);
}

function compileLevel(pattern: FieldPattern, compileRegex: RegexCompiler): EventTest {
  if (!isValuePattern(pattern)) {
    const test = wholeTextTest(pattern, compileRegex);
    return (event) => test(event.level);
  }
  const level = levelOfPattern(pattern);
  if (pattern.type !== 'comparison') return (event) => event.level === level;
  const accepts = signTest(pattern.operator);
  const accepted = LEVELS.filter((other) => accepts(levelRank(other) - levelRank(level)));
  return (event) => accepted.includes(event.level);
}

function compileTime(name: TimeField, pattern: FieldPattern, compileRegex: RegexCompiler): EventTest {
  if (!isValuePattern(pattern)) {
    const test = wholeTextTest(pattern, compileRegex);
    return name === 'time' ? (event) => test(event.time) : (event) => test(formatTimeMs(event.receivedAtMs));
  }
  const given = timeOfPattern(pattern);
  const accepts = pattern.type === 'comparison' ? signTest(pattern.operator) : isZero;
  return name === 'time'
    ? (event) => accepts(compareTimes(event.timeMs, event.timeNanos, given))
    : (event) => accepts(compareTimes(event.receivedAtMs, 0, given));
}

function compareTimes(ms: number, nanos: number, given: SourceTime): number {
  return ms === given.ms ? nanos - given.nanos : ms - given.ms;
}

/** One closure a field, so that each reads its property at a place of its own, which the engine can then inline. */
const IDENTITY_TESTS: Readonly<Record<IdentityField, (test: TextTest) => EventTest>> = {
  id: (test) => (event) => test(event.id),
  app: (test) => (event) => event.app !== undefined && test(event.app),
  instance: (test) => (event) => event.instance !== undefined && test(event.instance),
  region: (test) => (event) => event.region !== undefined && test(event.region),
  host: (test) => (event) => event.host !== undefined && test(event.host),
  provider: (test) => (event) => event.provider !== undefined && test(event.provider),
  source: (test) => (event) => event.source !== undefined && test(event.source),
};

function compileIdentity(name: IdentityField, pattern: FieldPattern, compileRegex: RegexCompiler): EventTest {
  return IDENTITY_TESTS[name](wholeTextTest(pattern, compileRegex));
}

function compileMessage(pattern: FieldPattern, compileRegex: RegexCompiler): EventTest {
  switch (pattern.type) {
    case 'present':
      return () => true;
    case 'comparison': {
      const test = comparisonTest(pattern);
      return (event) => test(event.plainText);
    }
    case 'regex': {
      const regex = compileRegex(pattern);
      return (event) => regex.test(event.plainText);
    }
    default: {
      const test = foldedTextTest(pattern);
      return (event) => test(event.searchText);
    }
  }
}

function compileParsedField(name: string, pattern: FieldPattern, compileRegex: RegexCompiler): EventTest {
  // `fields.level` is the line's own level, which the record's hides.
  const lookUp = createFieldLookup(/^fields\../.test(name) ? name.slice('fields.'.length) : name);
  const test = scalarTest(pattern, compileRegex);
  return (event) => {
    const value = lookUp(event.fields);
    if (value === undefined || value === null) return false;
    if (test === undefined) return true;
    return Array.isArray(value) ? anyElement(value, test) : test(value);
  };
}

/** Elements that are arrays themselves are left alone: nesting is unbounded, and nobody asks for it. */
function anyElement(elements: readonly unknown[], test: (value: unknown) => boolean): boolean {
  for (let i = 0; i < elements.length; i++) {
    if (test(elements[i])) return true;
  }
  return false;
}

/** A test of one scalar of parsed fields; undefined where its presence is all that is asked. */
function scalarTest(pattern: FieldPattern, compileRegex: RegexCompiler): ((value: unknown) => boolean) | undefined {
  switch (pattern.type) {
    case 'present':
      return undefined;
    case 'comparison':
      return comparisonTest(pattern);
    case 'word':
      return isValuePattern(pattern) ? wholeWordTest(pattern) : partOfScalarTest(pattern);
    case 'phrase': {
      const test = foldedTextTest(pattern);
      return (value) => {
        const text = scalarText(value);
        return text !== undefined && test(text.toLowerCase());
      };
    }
    case 'regex': {
      const regex = compileRegex(pattern);
      return (value) => {
        const text = scalarText(value);
        return text !== undefined && regex.test(text);
      };
    }
  }
}

/** The value as a whole; in a text that is no number also a whole token of it. */
function wholeWordTest(pattern: WordPattern): (value: unknown) => boolean {
  const operand = createOperand(pattern.text);
  const includes = foldedTextTest(pattern);
  return (value) => {
    const equal = equalsOperand(value, operand);
    if (equal !== undefined) return equal;
    const text = scalarText(value);
    if (text === undefined) return false;
    return equalsFolded(text, operand.folded) || (typeof value === 'string' && includes(text.toLowerCase()));
  };
}

/** `5*` means a number that begins with 5, not one with a 5 after its decimal point, though a token begins there. */
function partOfScalarTest(pattern: WordPattern): (value: unknown) => boolean {
  const includes = foldedTextTest(pattern);
  const partOf = partOfWholeTest(pattern);
  return (value) => {
    const text = scalarText(value);
    if (text === undefined) return false;
    return typeof value === 'string' ? includes(text.toLowerCase()) : partOf(text);
  };
}

/** A word or phrase in a text that is in lower case already. */
export function foldedTextTest(pattern: WordPattern | PhrasePattern): TextTest {
  const text = pattern.text.toLowerCase();
  if (pattern.type === 'phrase') return (folded) => folded.includes(text);
  // At an edge that is no token character, such as the `[` of `[worker`, no token can be cut.
  const wholeStart = !pattern.leadingWildcard && isTokenCharAt(text, 0);
  const wholeEnd = !pattern.trailingWildcard && isTokenCharBefore(text, text.length);
  if (!wholeStart && !wholeEnd) return (folded) => folded.includes(text);
  return (folded) => includesWord(folded, text, wholeStart, wholeEnd);
}

/** A pattern for a text that names something: a word is the whole of it, `a*` its beginning. */
function wholeTextTest(pattern: FieldPattern, compileRegex: RegexCompiler): TextTest {
  switch (pattern.type) {
    case 'present':
      return () => true;
    case 'comparison':
      return comparisonTest(pattern);
    case 'regex': {
      const regex = compileRegex(pattern);
      return (text) => regex.test(text);
    }
    case 'phrase': {
      const phrase = pattern.text.toLowerCase();
      return (text) => text.toLowerCase().includes(phrase);
    }
    case 'word':
      return partOfWholeTest(pattern);
  }
}

function partOfWholeTest({ text, leadingWildcard, trailingWildcard }: WordPattern): TextTest {
  const word = text.toLowerCase();
  if (leadingWildcard && trailingWildcard) return (value) => value.toLowerCase().includes(word);
  if (leadingWildcard) return (value) => value.toLowerCase().endsWith(word);
  if (trailingWildcard) return (value) => value.toLowerCase().startsWith(word);
  return (value) => equalsFolded(value, word);
}

function comparisonTest(pattern: Extract<ValuePattern, { type: 'comparison' }>): (value: unknown) => boolean {
  const operand = createOperand(pattern.operand);
  const accepts = signTest(pattern.operator);
  return (value) => {
    const sign = compareWithOperand(value, operand);
    return sign !== undefined && accepts(sign);
  };
}

const SIGN_TESTS: Readonly<Record<ComparisonOperator, (sign: number) => boolean>> = {
  '>': (sign) => sign > 0,
  '>=': (sign) => sign >= 0,
  '<': (sign) => sign < 0,
  '<=': (sign) => sign <= 0,
};

function signTest(operator: ComparisonOperator): (sign: number) => boolean {
  return SIGN_TESTS[operator];
}

function isZero(sign: number): boolean {
  return sign === 0;
}
