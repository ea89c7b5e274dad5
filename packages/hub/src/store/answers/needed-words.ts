/** What a filter needs of a chunk's words, so that chunks without them need not be opened. */

import type { FieldNode, FilterNode, TextPattern } from '@flywatch/core';
import { hashToken } from '../format/lexer.ts';
import { nameWords } from './row-test.ts';

/** Tokens that have to be there: all, any, or this one. `undefined` in their place: nothing is known. */
export type Needed = { readonly all: readonly Needed[] } | { readonly any: readonly Needed[] } | number;

/** What an event that matches has to have among its tokens, as hashes; undefined where any event might match. */
export function neededWords(node: FilterNode): Needed | undefined {
  switch (node.type) {
    case 'all':
    case 'not':
      return undefined;
    case 'and':
      return allOf(node.terms.map(neededWords));
    case 'or': {
      const parts = node.terms.map(neededWords);
      return parts.includes(undefined) ? undefined : { any: parts as Needed[] };
    }
    case 'text':
      return allOf(wordsOf(node.pattern).map(hashToken));
    case 'field':
      return allOf(fieldWords(node).map(hashToken));
  }
}

/** Whether a chunk may have what is needed, by its filter. */
export function mayHave(needed: Needed, mayHold: (hash: number) => boolean): boolean {
  if (typeof needed === 'number') return mayHold(needed);
  if ('all' in needed) return needed.all.every((part) => mayHave(part, mayHold));
  return needed.any.some((part) => mayHave(part, mayHold));
}

/** Every hash that is asked for. */
export function hashesOf(needed: Needed): number[] {
  if (typeof needed === 'number') return [needed];
  return ('all' in needed ? needed.all : needed.any).flatMap(hashesOf);
}

function allOf(parts: readonly (Needed | undefined)[]): Needed | undefined {
  const known = parts.filter((part) => part !== undefined);
  if (known.length <= 1) return known[0];
  return { all: known };
}

/** Tokens that stand as a whole wherever the pattern is found. */
function wordsOf(pattern: TextPattern): string[] {
  if (pattern.type === 'regex') return [];
  const text = pattern.text.toLowerCase();
  const words = [...text.matchAll(/[a-z0-9_]+/g)];
  // At an edge of a phrase, and beside a wildcard, the token may go on.
  const openStart = pattern.type === 'phrase' || pattern.leadingWildcard;
  const openEnd = pattern.type === 'phrase' || pattern.trailingWildcard;
  return words
    .filter(({ index, 0: word }) => !(openStart && index === 0) && !(openEnd && index + word.length === text.length))
    .map(([word]) => word);
}

const LABELS: ReadonlySet<string> = new Set([
  'app',
  'host',
  'id',
  'instance',
  'level',
  'provider',
  'receivedAt',
  'region',
  'source',
  'time',
]);

function fieldWords({ name, pattern }: FieldNode): string[] {
  if (LABELS.has(name)) return [];
  if (pattern.type === 'present' || pattern.type === 'comparison' || pattern.type === 'regex')
    return name === 'message' ? [] : nameWords(name);
  if (name === 'message') return wordsOf(pattern);
  // A number may be written in other ways than the filter has it.
  const isNumber = pattern.type === 'word' && /^[+-]?[\d.]/.test(pattern.text);
  return isNumber ? nameWords(name) : [...nameWords(name), ...wordsOf(pattern)];
}
