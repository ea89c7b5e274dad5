/** The structure of a line: the JSON object that it holds, within bounds. */

import type { Fields } from './event.ts';

/** Nesting that is still walked and printed; deeper is an attack or a dump, and stays text. */
const MAX_DEPTH = 256;

/** Values of one line; more is a dump, and stays text: `{},` is three characters and, parsed, some 60 bytes. */
const MAX_VALUES = 20_000;

/** Shorter texts can have neither so many values nor such a depth that printing them again would exhaust the stack. */
const STRUCTURE_CHECKED_CHARS = 4096;

/** The object that a text holds, if it holds one: only an object at the top counts as structure (DESIGN, section 9). */
export function parseStructure(text: string): Fields | undefined {
  if (text.length > STRUCTURE_CHECKED_CHARS && isTooMuch(text)) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
  } catch {
    // A line that starts like JSON and is none, such as one cut by the platform, is text.
    return undefined;
  }
}

/** A structure as JSON. The parser bounds how deep it nests; what code put together may be deeper than the stack, and is no JSON then. */
export function printStructure(structure: Readonly<Fields>): string {
  try {
    return JSON.stringify(structure);
  } catch {
    return '{"_unprintable":true}';
  }
}

/** Whether a text, if it is JSON, nests too deeply or has too many values. */
function isTooMuch(text: string): boolean {
  let depth = 0;
  let values = 0;
  let inString = false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (inString) {
      if (code === BACKSLASH) i++;
      else if (code === QUOTE) inString = false;
    } else if (code === QUOTE) inString = true;
    else if (code === OPEN_BRACE || code === OPEN_BRACKET) {
      if (++depth > MAX_DEPTH || ++values > MAX_VALUES) return true;
    } else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) depth--;
    else if (code === COMMA && ++values > MAX_VALUES) return true;
  }
  return false;
}

const COMMA = 0x2c;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
