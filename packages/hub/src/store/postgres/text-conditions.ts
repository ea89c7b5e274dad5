/**
 * Phrases and parts of words as conditions in SQL. No index finds these, but the server can look at a million lines in the time
 * in which some ten thousand are sent. As with all conditions, too many rows may pass and never too few: rows whose columns
 * are not what the filter looks at (escape sequences, escapes of JSON, texts that were cut) pass always.
 */

import type { FilterNode, PhrasePattern, WordPattern } from '@flywatch/core';

export interface TextCondition {
  /** Each `?` stands for the next of the values. */
  readonly sql: string;
  readonly values: readonly string[];
}

/** What the text of a row must be like for the filter to match; undefined where nothing can be said. */
export function textCondition(node: FilterNode): TextCondition | undefined {
  switch (node.type) {
    case 'all':
    case 'not':
      return undefined;
    case 'and':
      return joined(
        node.terms.map(textCondition).filter((part) => part !== undefined),
        'AND',
      );
    case 'or': {
      const parts = node.terms.map(textCondition);
      return parts.includes(undefined) ? undefined : joined(parts as TextCondition[], 'OR');
    }
    case 'text':
      return isPart(node.pattern) ? messageCondition(node.pattern.text) : undefined;
    case 'field': {
      const { name, pattern } = node;
      if (RECORD_FIELDS.has(name) || !isPart(pattern)) return undefined;
      return name === 'message' ? messageCondition(pattern.text) : fieldCondition(pattern.text);
    }
  }
}

function joined(parts: readonly TextCondition[], operator: 'AND' | 'OR'): TextCondition | undefined {
  if (parts.length === 0) return undefined;
  return {
    sql: `(${parts.map(({ sql }) => sql).join(` ${operator} `)})`,
    values: parts.flatMap(({ values }) => values),
  };
}

/** Fields of the record itself: they are not text of the line. */
const RECORD_FIELDS: ReadonlySet<string> = new Set([
  ...['app', 'host', 'id', 'instance', 'level', 'provider', 'receivedAt', 'region', 'source', 'time'],
]);

/** Whether a pattern may be found within a word: whole ones are found by the index of words. */
function isPart(pattern: { readonly type: string }): pattern is WordPattern | PhrasePattern {
  if (pattern.type === 'phrase') return true;
  const { leadingWildcard, trailingWildcard } = pattern as WordPattern;
  return pattern.type === 'word' && (leadingWildcard || trailingWildcard);
}

/** Beyond ASCII the server's idea of upper and lower case is another one. */
const ASCII = /^[\x20-\x7e]+$/;

function messageCondition(text: string): TextCondition | undefined {
  if (!ASCII.test(text)) return undefined;
  const found = within('message', text);
  return { sql: `(${found.sql} OR ${CHANGED_MESSAGE})`, values: found.values };
}

/** As JSON writes it, a value with one of these looks different. */
const ESCAPED_IN_JSON = /["\\/]/;

/** Without a letter, a pattern could be part of a number, which may stand there in another way: `1e3` is 1000. */
const NOT_IN_NUMBERS = /[a-df-z]/i;

/** A value of a field, wherever the field comes from. */
function fieldCondition(text: string): TextCondition | undefined {
  if (!ASCII.test(text) || ESCAPED_IN_JSON.test(text) || !NOT_IN_NUMBERS.test(text)) return undefined;
  const columns = ['message', 'structure', 'extras'];
  const found = columns.map((column) => within(column, text));
  const escaped = columns.map((column) => `position('\\' IN ${column}) > 0`);
  return {
    sql: `(${found.map(({ sql }) => sql).join(' OR ')} OR ${escaped.join(' OR ')} OR adopted OR ${CHANGED_MESSAGE})`,
    values: found.flatMap(({ values }) => values),
  };
}

const CHANGED_MESSAGE = 'position(chr(27) IN message) > 0 OR exact IS NOT NULL';

/** Letters beyond ASCII that are ASCII in lower case: the Kelvin sign, and a capital I with a dot. */
const FOLDED_TO_ASCII: readonly (readonly [letter: string, code: number])[] = [
  ['k', 0x212a],
  ['i', 0x130],
];

function within(column: string, text: string): TextCondition {
  const others = FOLDED_TO_ASCII.filter(([letter]) => text.toLowerCase().includes(letter)).map(
    ([, code]) => ` OR position(chr(${code}) IN ${column}) > 0`,
  );
  // The collation makes upper and lower case ASCII's, whatever the database has: a Turkish one has other ideas of I.
  return {
    sql: `${column} ILIKE ? COLLATE "C"${others.join('')}`,
    values: [`%${text.replace(/[\\%_]/g, '\\$&')}%`],
  };
}
