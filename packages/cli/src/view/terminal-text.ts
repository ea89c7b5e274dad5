/**
 * Text of strangers, made harmless for a terminal. What an app logs may come from its users, and a terminal obeys what it is
 * sent: titles, links, the clipboard, the cursor, answers typed into the shell. So nothing of a line reaches the terminal as
 * it came but visible characters; colours are read, judged and written again.
 *
 * What is taken away is not hidden where that could deceive: a control character is shown as its picture (`␛`), a mark that
 * turns the direction of writing, or has no width, as its number (`\u202e`).
 */

import { stripAnsi } from '@flywatch/core';

/** Controls but tab and line feed; marks of direction; line separators; interlinear and tag characters. */
const SUSPECT =
  /[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/u;
const SUSPECTS = new RegExp(SUSPECT.source, 'gu');

/** What nearly all text is; told in a fifth of the time that the other expression takes. */
const PLAIN = /^[\x20-\x7e]*$/;

/** A sequence of colours and styles. The parameters are bounded: a longer one is none, and is taken apart like any other. */
const STYLE = /\x1b\[([\d;]{0,64})m/;

/**
 * The text with nothing in it that a terminal would obey but line feeds and, if `colours`, styles that were judged. Line ends
 * of Windows become those of Unix. The very same string where there is nothing to change, which is the usual case.
 */
export function safeText(text: string, colours: boolean): string {
  if (PLAIN.test(text) || !SUSPECT.test(text)) return text;
  const unix = text.replaceAll('\r\n', '\n').replace(/\r$/, '');
  if (!colours || !unix.includes('\x1b')) return withoutControls(unix);
  let safe = '';
  let styled = false;
  // Pieces of text and, between them, the parameters of styles.
  unix.split(STYLE).forEach((piece, i) => {
    if (i % 2 === 0) safe += withoutControls(piece);
    else {
      const style = judgedStyle(piece);
      styled ||= style !== '';
      safe += style;
    }
  });
  return styled ? `${safe}\x1b[0m` : safe;
}

/** As {@link safeText}, on one line: for labels, values and names. */
export function safeLabel(text: string): string {
  if (PLAIN.test(text)) return text;
  return safeText(text, false).replace(/\n/g, '␊').replace(/\t/g, ' ');
}

/** A value as JSON, which escapes what a terminal would obey, but for the upper controls and the marks of direction: so are those. */
export function safeJson(value: object): string {
  return JSON.stringify(value).replace(
    /[\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function withoutControls(text: string): string {
  return stripAnsi(text).replace(SUSPECTS, picture);
}

function picture(char: string): string {
  const code = char.codePointAt(0)!;
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  if (code === 0x7f) return '␡';
  return code < 0x100 ? `\\x${code.toString(16)}` : `\\u${code.toString(16)}`;
}

/** Bold, dim, italic, underlined, reverse, and their ends; the 16 colours. Not blinking (5, 6), and not hidden (8). */
function isHarmless(code: number): boolean {
  if (code <= 4 || code === 7 || code === 9) return true;
  return (code >= 21 && code <= 49 && code !== 38 && code !== 48 && code !== 26) || (code >= 90 && code <= 107);
}

/** The sequence with those of its parameters that are known and harmless; empty where none is left. */
function judgedStyle(parameters: string): string {
  const given = parameters.split(';').map(Number);
  const kept: number[] = [];
  for (let i = 0; i < given.length; i++) {
    const code = given[i]!;
    if (code === 38 || code === 48) {
      const length = given[i + 1] === 5 ? 3 : given[i + 1] === 2 ? 5 : 0;
      const colour = given.slice(i, i + length);
      // A colour that is not whole: what follows could be read as something else.
      if (length === 0 || colour.length < length || colour.some((value) => value > 255)) break;
      kept.push(...colour);
      i += length - 1;
    } else if (isHarmless(code)) kept.push(code);
  }
  return kept.length === 0 ? '' : `\x1b[${kept.join(';')}m`;
}
