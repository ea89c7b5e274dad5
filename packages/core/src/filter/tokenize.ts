/**
 * A filter cut into pieces for an editor, which has to colour and to complete it while it is being typed: what the parser
 * refuses has pieces too. A text that the parser takes is cut where the parser cuts it.
 */

import type { FilterPosition } from './ast.ts';
import { FilterSyntaxError } from './filter-syntax-error.ts';
import { fieldNameEnd, isBlankAt, isTermEnd, scanTerm } from './scan-term.ts';

export interface FilterToken extends FilterPosition {
  /**
   * `name` has the `:` at its end, and `value` is what follows it, empty where nothing is typed yet; `text` is a word, a phrase
   * or an expression on its own; `operator` is `and` or `or`.
   */
  readonly type: 'text' | 'name' | 'value' | 'operator' | 'negation' | 'parenthesis';
  /** Whether a `-` stands directly before the term that this is a part of, or before the group that it opens. */
  readonly negated: boolean;
}

/** The pieces of any text, in order; only blanks lie between them. Never throws. */
export function tokenizeFilter(text: string): readonly FilterToken[] {
  const tokens: FilterToken[] = [];
  let at = 0;
  let negated = false;
  const add = (type: FilterToken['type'], end: number) => {
    tokens.push({ type, start: at, end, negated });
    at = end;
  };
  while (at < text.length) {
    if (isBlankAt(text, at)) {
      at++;
      negated = false;
    } else if (text[at] === '(' || text[at] === ')') {
      add('parenthesis', at + 1);
      negated = false;
    } else if (text[at] === '-' && !negated) {
      negated = true;
      add('negation', at + 1);
    } else {
      const end = termEnd(text, at);
      const nameEnd = fieldNameEnd(text, at);
      if (nameEnd !== undefined) {
        add('name', nameEnd + 1);
        add('value', end);
      } else add(!negated && /^(?:and|or)$/i.test(text.slice(at, end)) ? 'operator' : 'text', end);
      negated = false;
    }
  }
  return tokens;
}

/** Where the term at `start` ends: where the parser says, and where it refuses the term, at the next blank or parenthesis. */
function termEnd(text: string, start: number): number {
  try {
    return scanTerm(text, start).position.end;
  } catch (error) {
    if (!(error instanceof FilterSyntaxError)) throw error;
    // A quote or an expression that is not closed yet runs to the end of the text: so it will be read once it is closed.
    if (error.position.end === text.length) return text.length;
    let end = start;
    while (!isTermEnd(text, end)) end++;
    return end;
  }
}
