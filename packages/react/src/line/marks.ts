/**
 * What a search looks for, marked in the lines it found. Words and phrases are marked; regular expressions are not, since a
 * browser's engine may take forever over one that the hub runs in linear time.
 */

import { type FilterNode, parseFilter, type TextPattern } from '@flywatch/core';
import type { Piece } from './piece.ts';

/** Finds the stretches to be marked in a text: sorted, not overlapping. */
export type Marker = (text: string) => readonly (readonly [start: number, end: number])[];

/** Words of a filter that are marked; more are a list that somebody pasted. */
const MAX_NEEDLES = 32;

/** Marks of one piece. */
const MAX_MARKS = 100;

/** A marker for a filter; undefined where it marks nothing, or cannot be read. */
export function createMarker(filter: string): Marker | undefined {
  let node: FilterNode;
  try {
    node = parseFilter(filter);
  } catch {
    // The search box says what is wrong with it.
    return undefined;
  }
  const sources = new Set<string>();
  collect(node, sources);
  if (sources.size === 0) return undefined;
  // The longest first: where two begin at one place, it is the longer one that is marked.
  const pattern = new RegExp([...sources].sort((a, b) => b.length - a.length).join('|'), 'giu');
  return (text) => {
    const marks: [number, number][] = [];
    for (const match of text.matchAll(pattern)) {
      marks.push([match.index, match.index + match[0].length]);
      if (marks.length === MAX_MARKS) break;
    }
    return marks;
  };
}

/** Texts of the message that must or may be there; what is negated is not in the lines that are shown. */
function collect(node: FilterNode, sources: Set<string>): void {
  if (sources.size >= MAX_NEEDLES) return;
  if (node.type === 'and' || node.type === 'or') for (const term of node.terms) collect(term, sources);
  else if (node.type === 'text') addText(node.pattern, sources);
}

/** A word is found as a whole, as the filter language says; a phrase anywhere. */
function addText(pattern: TextPattern, sources: Set<string>): void {
  if (pattern.type === 'regex') return;
  const text = pattern.text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  if (pattern.type === 'phrase') sources.add(text);
  else
    sources.add(
      (pattern.leadingWildcard ? '' : NO_TOKEN_BEFORE) + text + (pattern.trailingWildcard ? '' : NO_TOKEN_AFTER),
    );
}

/** Letters, digits and `_` belong together, in any script. */
const NO_TOKEN_BEFORE = '(?<![\\p{L}\\p{N}_])';
const NO_TOKEN_AFTER = '(?![\\p{L}\\p{N}_])';

/** The pieces of a line with the marked stretches in pieces of their own. */
export function markPieces(pieces: readonly Piece[], marker: Marker | undefined): readonly Piece[] {
  if (marker === undefined) return pieces;
  return pieces.flatMap((piece) => {
    const marks = marker(piece.text);
    if (marks.length === 0) return piece;
    const parts: Piece[] = [];
    let from = 0;
    for (const [start, end] of marks) {
      if (start > from) parts.push({ ...piece, text: piece.text.slice(from, start) });
      parts.push({ ...piece, text: piece.text.slice(start, end), className: `${piece.className} fw-mark`.trim() });
      from = end;
    }
    if (from < piece.text.length) parts.push({ ...piece, text: piece.text.slice(from) });
    return parts;
  });
}
