/** Cuts in the text of a filter that leave it a filter: what stands around a term may have to go with it. */

import type { FilterPosition } from '@flywatch/core';

/** `text` with other text in the place of a term; with the term gone where that is empty. */
export function replaceSpan(text: string, span: FilterPosition, replacement: string): string {
  const { start, end } = replacement === '' ? withOperator(text, withParentheses(text, span)) : span;
  const left = text.slice(0, start);
  const right = text.slice(end);
  if (replacement !== '') return left + replacement + right;
  const before = left.trimEnd();
  const after = right.trimStart();
  const isEdge = before === '' || after === '' || before.endsWith('(') || after.startsWith(')');
  return `${before}${isEdge ? '' : ' '}${after}`;
}

/** The span with the parentheses that hold nothing else. */
export function withParentheses(text: string, { start, end }: FilterPosition): FilterPosition {
  let from = start;
  let to = end;
  for (;;) {
    const before = text.slice(0, from).trimEnd();
    const after = text.slice(to);
    const blanks = after.length - after.trimStart().length;
    if (!before.endsWith('(') || after[blanks] !== ')') return { start: from, end: to };
    from = before.length - 1;
    to += blanks + 1;
  }
}

/** The span with the `and` that would have nothing on one of its sides. */
function withOperator(text: string, { start, end }: FilterPosition): FilterPosition {
  const before = /(?:^|[\s()])and\s*$/i.exec(text.slice(0, start));
  if (before !== null) return { start: before.index + (/^and/i.test(before[0]) ? 0 : 1), end };
  const isFirst = /(?:^|\()\s*$/.test(text.slice(0, start));
  const after = isFirst ? /^\s*and(?=[\s(])/i.exec(text.slice(end)) : null;
  return { start, end: end + (after?.[0].length ?? 0) };
}
