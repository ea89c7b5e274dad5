/**
 * The canonical text of a filter: single blanks, no `and`, lower-case `or`, parentheses only where they matter. Readers
 * whose filters have the same canonical text share one evaluation.
 */

import type { FieldPattern, FilterNode } from './ast.ts';

/** Text that parses to an equal tree, the same for filters that differ only in blanks, case of operators and needless parentheses. */
export function formatFilter(node: FilterNode): string {
  switch (node.type) {
    case 'all':
      return '*';
    case 'and':
      return node.terms.map((term) => (term.type === 'or' ? group(term) : formatFilter(term))).join(' ');
    case 'or':
      return node.terms.map(formatFilter).join(' or ');
    case 'not':
      return `-${isTerm(node.term) ? formatFilter(node.term) : group(node.term)}`;
    case 'text':
      return formatPattern(node.pattern);
    case 'field':
      return `${node.name}:${formatPattern(node.pattern)}`;
  }
}

function isTerm(node: FilterNode): boolean {
  return node.type === 'all' || node.type === 'text' || node.type === 'field';
}

function group(node: FilterNode): string {
  return `(${formatFilter(node)})`;
}

function formatPattern(pattern: FieldPattern): string {
  switch (pattern.type) {
    case 'present':
      return '*';
    case 'word':
      return `${pattern.leadingWildcard ? '*' : ''}${pattern.text}${pattern.trailingWildcard ? '*' : ''}`;
    case 'phrase':
      return formatPhrase(pattern.text);
    case 'regex':
      return `/${escapeSlashes(pattern.source)}/${pattern.ignoreCase ? 'i' : ''}`;
    case 'comparison':
      return `${pattern.operator}${formatOperand(pattern.operand)}`;
  }
}

/** Quotes are left out where they change nothing, so that `ms:>"5"` and `ms:>5` are equal. */
function formatOperand(operand: string): string {
  return /^[^\s()"*=][^\s()"*]*$/.test(operand) ? operand : formatPhrase(operand);
}

function formatPhrase(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}

/** Escaped pairs pass as they are; a slash on its own gets its backslash back. */
function escapeSlashes(source: string): string {
  return source.replace(/\\.|\//gs, (found) => (found === '/' ? '\\/' : found));
}
