/**
 * Log text in a prompt is data: it stands between two marks that no line can contain, and the prompt says so. The mark is made for each
 * prompt anew, so that nobody can know it who writes a log; and where a line has it all the same, it is broken.
 */

import { randomBytes } from 'node:crypto';

export interface Fence {
  readonly begin: string;
  readonly end: string;
  /** The text between the marks. Control characters are shown as pictures, and nothing in it reads as a mark. */
  enclose(label: string, text: string): string;
}

export function createFence(): Fence {
  const mark = randomBytes(6).toString('hex');
  const begin = `<data-${mark}`;
  const end = `</data-${mark}>`;
  return {
    begin,
    end,
    enclose: (label, text) => `${begin} of="${label}">\n${clean(text).replaceAll(mark, '[mark]')}\n${end}`,
  };
}

/** Characters that a terminal or a reader would not show as they are, bidirectional ones among them; line ends and tabs stay. */
const HIDDEN =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\u{e0000}-\u{e007f}]/gu;

function clean(text: string): string {
  return text.replace(HIDDEN, (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`);
}
