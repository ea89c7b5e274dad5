/** How a filter compares single values: case, numbers, and what a value looks like as text. */

import { stripAnsi } from '../ansi.ts';

/**
 * Whether `value` in lower case is `folded`, which is in lower case. Does not make a lower-case copy of ASCII text:
 * this runs per event and filter.
 */
export function equalsFolded(value: string, folded: string): boolean {
  for (let i = 0; i < value.length; i++) {
    let code = value.charCodeAt(i);
    if (code >= 128) return value.toLowerCase() === folded;
    if (code >= 65 && code <= 90) code += 32;
    if (code !== folded.charCodeAt(i)) return false;
  }
  return value.length === folded.length;
}

/** A field's scalar as the text that patterns are matched against; undefined for null, objects and arrays. */
export function scalarText(value: unknown): string | undefined {
  switch (typeof value) {
    case 'string':
      return stripAnsi(value);
    case 'number':
    case 'bigint':
      return String(value);
    case 'boolean':
      return value ? 'true' : 'false';
    default:
      return undefined;
  }
}

// Each part consumes what the next cannot, so that a long run of digits is read once.
const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;

/** The number that a text is from end to end; undefined for anything else, blanks and hexadecimal included. */
function parseNumber(text: string): number | undefined {
  return NUMBER.test(text) ? Number(text) : undefined;
}

/** What a filter gives to compare with, prepared once. */
export interface Operand {
  readonly folded: string;
  readonly number: number | undefined;
}

export function createOperand(text: string): Operand {
  return { folded: text.toLowerCase(), number: parseNumber(text) };
}

/**
 * Whether a scalar equals the operand, as numbers where both are. Digits beyond 2^53 are compared as text: two trace ids
 * of twenty digits may be the same double. Undefined where a text is no number, so that it may contain the operand.
 */
export function equalsOperand(value: unknown, operand: Operand): boolean | undefined {
  if (typeof value === 'number') return value === operand.number;
  if (typeof value !== 'string' || operand.number === undefined) return undefined;
  const number = parseNumber(value);
  if (number === undefined) return undefined;
  return isExact(number) && isExact(operand.number) ? number === operand.number : equalsFolded(value, operand.folded);
}

function isExact(number: number): boolean {
  return Math.abs(number) <= Number.MAX_SAFE_INTEGER;
}

/** Negative, zero or positive as a scalar lies before, at or after the operand; undefined where it is no scalar. */
export function compareWithOperand(value: unknown, operand: Operand): number | undefined {
  if (operand.number !== undefined) {
    const number = typeof value === 'string' ? parseNumber(value) : value;
    if (typeof number === 'number') return number - operand.number;
  }
  const text = scalarText(value)?.toLowerCase();
  if (text === undefined) return undefined;
  return text < operand.folded ? -1 : text > operand.folded ? 1 : 0;
}
