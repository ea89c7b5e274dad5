/** Characters that do something instead of showing something: they are shown. */

import type { Piece, PieceColours } from './piece.ts';

/** C0 but tab and line feed, DEL, C1, what turns the direction of text or has no width, and line separators. */
const CONTROL =
  /[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u200b\u200e\u200f\u2028\u2029\u202a-\u202e\u2060-\u2069\ufeff]/g;

/** Splits at control characters, which become pieces of their own. */
export function controlPieces(text: string, className = '', colours?: PieceColours): Piece[] {
  if (text === '') return [];
  const plain = (part: string): Piece =>
    colours === undefined ? { text: part, className } : { text: part, className, colours };
  // Not `test`: it would leave its place in the shared expression, and `matchAll` would begin there.
  if (text.search(CONTROL) === -1) return [plain(text)];
  const pieces: Piece[] = [];
  let from = 0;
  for (const match of text.matchAll(CONTROL)) {
    if (match.index > from) pieces.push(plain(text.slice(from, match.index)));
    pieces.push({ text: nameOf(match[0].charCodeAt(0)), className: 'fw-control' });
    from = match.index + 1;
  }
  if (from < text.length) pieces.push(plain(text.slice(from)));
  return pieces;
}

/** The same as one text, for titles and other places that take no pieces. */
export function withoutControls(text: string): string {
  return text.replace(CONTROL, (character) => nameOf(character.charCodeAt(0)));
}

/** `␀` for C0, `U+202E` for what has no picture. */
function nameOf(code: number): string {
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  if (code === 0x7f) return '␡';
  return `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
}
