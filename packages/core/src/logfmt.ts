/**
 * `key=value` pairs in a line of text: logfmt proper (`time="…" level=debug msg="…"`) and the pairs that people strew
 * into prose (`request done status=200 dur=12ms`). A hand-written scanner, since every text line that is filtered by a
 * field goes through it: one pass, no backtracking.
 */

import type { Fields } from './event.ts';

/** More pairs in one line are left in the text alone: nobody writes them by hand, and each costs a property. */
const MAX_PAIRS = 128;

/** The pairs of a line, or undefined where it has none. Plain numbers and booleans get their type, `null` stays text. */
export function parseLogfmt(line: string): Fields | undefined {
  let pairs: Fields | undefined;
  let count = 0;
  let at = line.indexOf('=');
  while (at !== -1 && count < MAX_PAIRS) {
    const start = keyStart(line, at);
    const next = line.charCodeAt(at + 1);
    if (start === at || next === EQUALS) {
      at = line.indexOf('=', next === EQUALS ? at + 2 : at + 1);
      continue;
    }
    const [value, end] = next === QUOTE ? quotedValue(line, at + 2) : bareValue(line, at + 1);
    pairs ??= Object.create(null) as Fields;
    pairs[line.slice(start, at)] = value;
    count++;
    at = line.indexOf('=', end);
  }
  return pairs;
}

const EQUALS = 0x3d;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Where the key that ends before `equals` starts; `equals` itself where what stands there is no key. */
function keyStart(line: string, equals: number): number {
  let start = equals;
  while (start > 0 && isKeyChar(line.charCodeAt(start - 1))) start--;
  if (start === equals) return equals;
  const first = line.charCodeAt(start);
  if (first >= 48 && first <= 57) return equals;
  if (start === 0) return start;
  return isBoundary(line.charCodeAt(start - 1)) ? start : equals;
}

/** Letters, digits, `_ . - @`: what loggers put into keys. A `/` or `?` before the key means a URL, not a pair. */
function isKeyChar(code: number): boolean {
  return (
    (code >= 97 && code <= 122) ||
    (code >= 65 && code <= 90) ||
    (code >= 48 && code <= 57) ||
    code === 0x5f ||
    code === 0x2e ||
    code === 0x2d ||
    code === 0x40
  );
}

/** Blank, tab, or an opening bracket or comma, as in `sink{kind="x" id=http}`. */
function isBoundary(code: number): boolean {
  return code === 32 || code === 9 || code === 0x2c || code === 0x3b || code === 0x7b || code === 0x28 || code === 0x5b;
}

function quotedValue(line: string, from: number): [string, number] {
  let end = from;
  let escaped = false;
  while (end < line.length) {
    const code = line.charCodeAt(end);
    if (code === BACKSLASH) {
      escaped = true;
      end += 2;
    } else if (code === QUOTE) break;
    else end++;
  }
  const text = line.slice(from, Math.min(end, line.length));
  return [escaped ? unescapeValue(text) : text, end + 1];
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '"': '"', '\\': '\\' };

function unescapeValue(text: string): string {
  return text.replace(/\\(.)/g, (whole, char: string) => ESCAPES[char] ?? whole);
}

function bareValue(line: string, from: number): [string | number | boolean, number] {
  let end = from;
  while (end < line.length) {
    const code = line.charCodeAt(end);
    if (code === 32 || code === 9 || code === 0x2c || code === 0x3b || code === 0x7d || code === 0x29) break;
    end++;
  }
  return [typed(line.slice(from, end)), end];
}

/** A number only where it would print the same again, so that ids such as `007` or 20-digit numbers stay as they are. */
function typed(text: string): string | number | boolean {
  if (text === 'true') return true;
  if (text === 'false') return false;
  const first = text.charCodeAt(0);
  if ((first >= 48 && first <= 57) || first === 0x2d) {
    const number = Number(text);
    if (String(number) === text) return number;
  }
  return text;
}
