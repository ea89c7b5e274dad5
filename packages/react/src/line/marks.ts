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
  const needles = new Set<string>();
  collect(node, needles);
  if (needles.size === 0) return undefined;
  const sources = [...needles]
    .sort((a, b) => b.length - a.length)
    .map((needle) => needle.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  const pattern = new RegExp(sources.join('|'), 'gi');
  return (text) => {
    const marks: [number, number][] = [];
    for (const match of text.matchAll(pattern)) {
      marks.push([match.index, match.index + match[0].length]);
      if (marks.length === MAX_MARKS) break;
    }
    return marks;
  };
}

/** Texts that must or may be there; what is negated is not in the lines that are shown. */
function collect(node: FilterNode, needles: Set<string>): void {
  if (needles.size >= MAX_NEEDLES) return;
  if (node.type === 'and' || node.type === 'or') for (const term of node.terms) collect(term, needles);
  else if (node.type === 'text') addText(node.pattern, needles);
  else if (node.type === 'field' && (node.pattern.type === 'word' || node.pattern.type === 'phrase')) {
    addText(node.pattern, needles);
  }
}

function addText(pattern: TextPattern, needles: Set<string>): void {
  if (pattern.type !== 'regex') needles.add(pattern.text);
}

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
