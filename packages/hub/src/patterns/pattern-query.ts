/** The filter text that finds the lines of a pattern. */

import { WILDCARD } from '@flywatch/core';

/** Shorter pieces are in every other line, and make a query longer for nothing. */
const MIN_LETTERS = 3;

/** Enough to tell a pattern from the others; each is one more test for each line. */
const MAX_PHRASES = 4;

/** Phrases of what does not vary, the longest ones; undefined where there is too little of it. */
export function patternQuery(pattern: string): string | undefined {
  const pieces = pattern
    .split(WILDCARD)
    // In a line of JSON quotes and backslashes are written differently from the message that the pattern is of.
    .flatMap((piece) => piece.split(/["\\]/))
    .map((piece) => piece.trim())
    .filter((piece) => (piece.match(/\p{L}/gu)?.length ?? 0) >= MIN_LETTERS);
  if (pieces.length === 0) return undefined;
  const longest = [...new Set(pieces)].sort((a, b) => b.length - a.length).slice(0, MAX_PHRASES);
  return pieces
    .filter((piece, i) => longest.includes(piece) && pieces.indexOf(piece) === i)
    .map((piece) => `"${piece}"`)
    .join(' ');
}
