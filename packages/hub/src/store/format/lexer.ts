/**
 * Cuts texts into what stays and what varies. A token (a run of letters, digits and `_`) that has a digit in it is a
 * variable; all else is the text's template. Lines of one statement in somebody's code then have one template, and a
 * few hundred templates make a chunk of many thousand lines.
 *
 *   Received block blk_-1608 of size 67108864 from /10.250.19.102
 *   Received block blk_-░    of size ░        from /░.░.░.░        1608 · 67108864 · 10 · 250 · 19 · 102
 *
 * All on bytes of UTF-8, without a string being made: this is the inner loop of writing. What is beyond ASCII belongs to
 * the template, and so do the colours of terminals, digits included. Tokens are hashed in lower case on the way, for the word filter and as the dictionaries' keys.
 */

/** Class of a byte: 0 no token character, 1 a letter or `_`, 2 a digit. */
const CLASS = new Uint8Array(256);
/** ASCII letters in lower case, all else as it is. */
const LOWER = new Uint8Array(256);
for (let code = 0; code < 256; code++) {
  const isDigit = code >= 48 && code <= 57;
  const isUpper = code >= 65 && code <= 90;
  const isLetter = isUpper || (code >= 97 && code <= 122) || code === 0x5f;
  CLASS[code] = isDigit ? 2 : isLetter ? 1 : 0;
  LOWER[code] = isUpper ? code + 32 : code;
}

/** FNV-1a, 32 bits. */
const FNV_START = 0x811c9dc5 | 0;
const FNV_PRIME = 0x01000193;

/** Texts longer than this, or with more variables, are not cut: they are dumps, and each would be a template of its own. */
export const MAX_LEXED_BYTES = 4096;
const MAX_VARIABLES = 100;

/** Hash of a token, given in any case; only ASCII tokens have one. */
export function hashToken(token: string): number {
  let hash = FNV_START;
  for (let i = 0; i < token.length; i++) hash = Math.imul(hash ^ LOWER[token.charCodeAt(i)]!, FNV_PRIME);
  return hash;
}

/** What a text has besides plain ASCII, as bits. */
export const Oddity = {
  beyondAscii: 1,
  /** A sequence of colours and the like, whole. */
  ansi: 2,
  /** Any other escape character. */
  escape: 4,
  /** A backslash: parsed values may differ from what stands there. */
  backslash: 8,
} as const;

/** What {@link lex} found: variables of one text. Reused from text to text. */
export class Lexed {
  /** Hash of the template, letters' case ignored. */
  hash = 0;
  /** What is there besides plain ASCII: see {@link Oddity}. */
  oddities = 0;
  count = 0;
  readonly starts = new Int32Array(MAX_VARIABLES);
  readonly ends = new Int32Array(MAX_VARIABLES);
  readonly hashes = new Int32Array(MAX_VARIABLES);
}

/** Cuts `bytes[start, end)`; false where it has too many variables. */
export function lex(bytes: Uint8Array, start: number, end: number, into: Lexed): boolean {
  let hash = FNV_START;
  let count = 0;
  let oddities = 0;
  let at = start;
  const { starts, ends, hashes } = into;
  while (at < end) {
    const byte = bytes[at]!;
    let kind = CLASS[byte]!;
    if (kind === 0) {
      hash = Math.imul(hash ^ byte, FNV_PRIME);
      at++;
      if (byte >= 0x80) oddities |= Oddity.beyondAscii;
      else if (byte === 0x5c) oddities |= Oddity.backslash;
      else if (byte === 0x1b) {
        const next = ansiEnd(bytes, at, end);
        oddities |= next === at ? Oddity.escape : Oddity.ansi;
        for (; at < next; at++) hash = Math.imul(hash ^ bytes[at]!, FNV_PRIME);
      }
      continue;
    }
    const from = at;
    let token = Math.imul(FNV_START ^ LOWER[byte]!, FNV_PRIME);
    let next = 0;
    for (at++; at < end; at++) {
      const code = bytes[at]!;
      next = CLASS[code]!;
      if (next === 0) break;
      kind |= next;
      token = Math.imul(token ^ LOWER[code]!, FNV_PRIME);
    }
    if (kind >= 2) {
      if (count === MAX_VARIABLES) return false;
      starts[count] = from;
      ends[count] = at;
      hashes[count++] = token;
      hash = Math.imul(hash ^ 0x100, FNV_PRIME);
    } else hash = Math.imul(hash ^ token, FNV_PRIME);
  }
  into.hash = hash;
  into.oddities = oddities;
  into.count = count;
  return true;
}

/** End of the sequence `[…m` that stands at `at`, after an escape character; `at` where none does. */
function ansiEnd(bytes: Uint8Array, at: number, end: number): number {
  if (bytes[at] !== 0x5b) return at;
  let to = at + 1;
  while (to < end && ((bytes[to]! >= 0x30 && bytes[to]! <= 0x39) || bytes[to] === 0x3b)) to++;
  return to < end && bytes[to] === 0x6d ? to + 1 : at;
}

/** Hands on the hash of each ASCII token in `bytes[start, end)`. */
export function eachToken(bytes: Uint8Array, start: number, end: number, visit: (hash: number) => void): void {
  let at = start;
  while (at < end) {
    if (CLASS[bytes[at]!] === 0) {
      at++;
      continue;
    }
    let token = FNV_START;
    for (; at < end && CLASS[bytes[at]!] !== 0; at++) token = Math.imul(token ^ LOWER[bytes[at]!]!, FNV_PRIME);
    visit(token);
  }
}

/** Whether a text has a digit, that is, could stand in a variable. */
export function hasDigit(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code >= 48 && code <= 57) return true;
  }
  return false;
}

/** Longest run of letters and `_` in a token: a word without digits that is longer cannot be part of it. */
export function longestWord(bytes: Uint8Array, start: number, end: number): number {
  let longest = 0;
  let run = 0;
  for (let i = start; i < end; i++) {
    run = CLASS[bytes[i]!] === 1 ? run + 1 : 0;
    if (run > longest) longest = run;
  }
  return longest;
}
