/**
 * Hashes of the words of a line, for the index that finds lines by them. What `neededWords` asks for has to be among them for
 * every line that matches: the words of the text that words are looked for in, and of the names and values of its fields, as
 * they are once escapes are resolved.
 */

import { type LogEvent, stripAnsi } from '@flywatch/core';
import { hashToken } from '../format/lexer.ts';

/** Stands for words that were not worked out: such a line is always looked at. */
const UNKNOWN_WORDS: readonly number[] = [0];

/** Different words of a line that are indexed; a line with more is a dump, and always looked at. */
const MAX_WORDS = 4000;

export function lineWords(event: LogEvent): readonly number[] {
  const words = new Set<number>();
  addWords(words, event.searchText);
  const { fields } = event;
  for (const name in fields) {
    if (!Object.hasOwn(fields, name)) continue;
    addWords(words, name.toLowerCase());
    if (!addValue(words, fields[name], 0)) return UNKNOWN_WORDS;
  }
  return words.size > MAX_WORDS ? UNKNOWN_WORDS : [...words];
}

/** Nesting that is looked into: beyond it a line is always looked at. */
const MAX_DEPTH = 100;

/** False where there is too much of it. */
function addValue(words: Set<number>, value: unknown, depth: number): boolean {
  if (typeof value === 'string') addWords(words, stripAnsi(value).toLowerCase());
  else if (typeof value !== 'object' || value === null) addWords(words, String(value));
  else {
    if (depth > MAX_DEPTH || words.size > MAX_WORDS) return false;
    for (const [name, inner] of Object.entries(value)) {
      if (!Array.isArray(value)) addWords(words, name.toLowerCase());
      if (!addValue(words, inner, depth + 1)) return false;
    }
  }
  return true;
}

const WORD = /[a-z0-9_]+/g;

function addWords(words: Set<number>, text: string): void {
  for (const [word] of text.matchAll(WORD)) words.add(hashToken(word));
}
