import { tryParse } from './term-text.ts';
import { withParentheses } from './text-surgery.ts';

/**
 * The filter that asks for `term` as well. An `or` on the outside gets parentheses, since what follows would join its last
 * part alone. A text that cannot be understood stays as it was typed, mistake and all.
 */
export function appendTerm(text: string, term: string): string {
  const typed = text.trim();
  if (typed === '') return term;
  const root = tryParse(typed);
  if (root?.type !== 'or') return `${typed} ${term}`;
  const { start, end } = withParentheses(typed, root.position);
  return start < root.position.start && end === typed.length ? `${typed} ${term}` : `(${typed}) ${term}`;
}
