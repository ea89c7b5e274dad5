/** The text of the search box in coloured stretches. Together they are the text, character by character. */

import { tokenizeFilter } from '@flywatch/core';

export interface Segment {
  readonly text: string;
  readonly className: string;
}

/** The stretches of `text`; what lies between `wrong.start` and `wrong.end` is marked as the mistake. */
export function segmentsOf(text: string, wrong?: { readonly start: number; readonly end: number }): readonly Segment[] {
  const pieces: { start: number; end: number; className: string }[] = [];
  let at = 0;
  for (const token of tokenizeFilter(text)) {
    if (token.start > at) pieces.push({ start: at, end: token.start, className: '' });
    const beforeGroup = token.type === 'negation' && /[\s()]/.test(text[token.end] ?? ' ');
    const isTinted = token.type === 'name' || token.type === 'value' || (token.type === 'negation' && !beforeGroup);
    const className = [
      `search-${token.type}`,
      isTinted || token.negated ? 'is-tinted' : '',
      token.negated ? 'is-negated' : '',
    ];
    if (token.end > token.start) {
      pieces.push({ start: token.start, end: token.end, className: className.filter(Boolean).join(' ') });
    }
    at = token.end;
  }
  if (at < text.length) pieces.push({ start: at, end: text.length, className: '' });
  return pieces.flatMap(({ start, end, className }) => {
    if (wrong === undefined) return [{ text: text.slice(start, end), className }];
    const cuts = [start, Math.max(start, Math.min(end, wrong.start)), Math.min(end, Math.max(start, wrong.end)), end];
    return cuts.slice(1).flatMap((to, i) => {
      const from = cuts[i]!;
      if (to <= from) return [];
      return [{ text: text.slice(from, to), className: i === 1 ? `${className} is-wrong`.trim() : className }];
    });
  });
}
