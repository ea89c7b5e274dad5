/**
 * What a log prints, as pieces of plain text with class names. Nothing from a log is ever markup: colours become classes,
 * every other escape sequence goes, control characters are shown as pictures and bidi controls by their names, so that
 * no line can look like something that it is not.
 */

/** Escape sequences of ECMA-48. The first group is a colour's parameters; each alternative is linear. */
const ESCAPE =
  /\x1b\[([0-9;:]*)m|\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?|\x1b[PX^_][^\x1b]*(?:\x1b\\)?|\x1b[ -/]*[0-~]/g;

/** Controls that are shown, not done: C0 but tab and line feed, DEL, C1, and everything that turns the direction of text. */
const CONTROL = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/g;

const COLOURS = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'];

/** Pieces `{ text, style }` of a text with ANSI colours. */
export function ansiPieces(text) {
  if (!text.includes('\x1b')) return controlPieces(text, '');
  const pieces = [];
  const state = { fg: '', bg: '', bold: false, dim: false, italic: false, underline: false };
  let from = 0;
  for (const match of text.matchAll(ESCAPE)) {
    pieces.push(...controlPieces(text.slice(from, match.index), styleOf(state)));
    if (match[1] !== undefined) applySgr(match[1], state);
    from = match.index + match[0].length;
  }
  pieces.push(...controlPieces(text.slice(from), styleOf(state)));
  return pieces;
}

/** The same text without escape sequences. */
export function withoutAnsi(text) {
  return text.includes('\x1b') ? text.replace(ESCAPE, '') : text;
}

/** Splits at control characters, which become pieces of their own. */
export function controlPieces(text, style) {
  if (text === '') return [];
  // Not `test`: it would leave its place in the shared expression, and `matchAll` would begin there.
  if (text.search(CONTROL) === -1) return [{ text, style }];
  const pieces = [];
  let from = 0;
  for (const match of text.matchAll(CONTROL)) {
    if (match.index > from) pieces.push({ text: text.slice(from, match.index), style });
    pieces.push({ text: nameOf(match[0].charCodeAt(0)), style: 'ctl' });
    from = match.index + 1;
  }
  if (from < text.length) pieces.push({ text: text.slice(from), style });
  return pieces;
}

/** `␀` for C0, `U+202E` for what has no picture. */
function nameOf(code) {
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  if (code === 0x7f) return '␡';
  return `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
}

function styleOf({ fg, bg, bold, dim, italic, underline }) {
  let style = fg === '' ? '' : `a-${fg}`;
  if (bg !== '') style += ` ab-${bg}`;
  if (bold) style += ' a-bold';
  if (dim) style += ' a-dim';
  if (italic) style += ' a-italic';
  if (underline) style += ' a-underline';
  return style.trimStart();
}

/** Blink, conceal and inverse are ignored: they hide text or shout. */
function applySgr(parameters, state) {
  const codes = parameters.split(/[;:]/).map(Number);
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i];
    if (code === 0) Object.assign(state, { fg: '', bg: '', bold: false, dim: false, italic: false, underline: false });
    else if (code === 1) state.bold = true;
    else if (code === 2) state.dim = true;
    else if (code === 3) state.italic = true;
    else if (code === 4) state.underline = true;
    else if (code === 22) state.bold = state.dim = false;
    else if (code === 23) state.italic = false;
    else if (code === 24) state.underline = false;
    else if (code >= 30 && code <= 37) state.fg = COLOURS[code - 30];
    else if (code >= 90 && code <= 97) state.fg = COLOURS[code - 90];
    else if (code >= 40 && code <= 47) state.bg = COLOURS[code - 40];
    else if (code >= 100 && code <= 107) state.bg = COLOURS[code - 100];
    else if (code === 39) state.fg = '';
    else if (code === 49) state.bg = '';
    else if (code === 38 || code === 48) {
      const [colour, used] = extendedColour(codes.slice(i + 1, i + 5));
      if (code === 38) state.fg = colour;
      else state.bg = colour;
      i += used;
    }
  }
}

/** 256 and true colours become the nearest of the eight, whose contrast is known. */
function extendedColour([kind, ...rest]) {
  if (kind === 5) return [colourOf256(rest[0] ?? 0), 2];
  if (kind === 2) return [nearest(rest[0] ?? 0, rest[1] ?? 0, rest[2] ?? 0), 4];
  return ['', 1];
}

function colourOf256(n) {
  if (n < 16) return COLOURS[n % 8];
  if (n >= 232) return n < 244 ? 'black' : 'white';
  const step = (value) => (value === 0 ? 0 : 55 + value * 40);
  const cube = n - 16;
  return nearest(step(Math.floor(cube / 36)), step(Math.floor(cube / 6) % 6), step(cube % 6));
}

function nearest(red, green, blue) {
  const max = Math.max(red, green, blue);
  if (max - Math.min(red, green, blue) < 40) return max < 110 ? 'black' : 'white';
  const bit = (value) => (value > max * 0.66 ? 1 : 0);
  return COLOURS[bit(red) + 2 * bit(green) + 4 * bit(blue)];
}

/** Characters of a folded line: more than the widest window shows. */
const FOLDED_CHARS = 1000;

/**
 * A line as its row shows it: `pieces` of its first line, how many lines and characters are folded away. A structured
 * line (JSON, or logfmt with `msg=`) shows its message and then `key=value`; its own text is there when it is unfolded.
 */
export function foldedLine(event) {
  const { message, fields } = event;
  const words = structuredMessage(message, fields);
  if (words !== undefined) return foldStructured(words, fields);
  const end = message.search(/\r?\n/);
  const first = end === -1 ? message : message.slice(0, end);
  const cut = cutAt(first, FOLDED_CHARS);
  return {
    pieces: cut.includes('\x1b') ? ansiPieces(cut) : keyPieces(cut),
    moreLines: end === -1 ? 0 : countLines(message, end),
    moreChars: first.length - cut.length,
  };
}

/** `14` where a folded stack has fourteen more lines; line feeds at the very end count for nothing. */
function countLines(message, from) {
  const last = message.trimEnd().length;
  let lines = 0;
  for (let at = message.indexOf('\n', from); at !== -1 && at < last; at = message.indexOf('\n', at + 1)) lines++;
  return lines;
}

/** Not between the halves of a surrogate pair. */
function cutAt(text, chars) {
  if (text.length <= chars) return text;
  const half = text.charCodeAt(chars - 1);
  return text.slice(0, half >= 0xd800 && half <= 0xdbff ? chars - 1 : chars);
}

function structuredMessage(message, fields) {
  if (fields === undefined) return undefined;
  const words = Object.hasOwn(fields, 'msg')
    ? fields.msg
    : Object.hasOwn(fields, 'message')
      ? fields.message
      : undefined;
  if (typeof words !== 'string') return undefined;
  return /^\s*\{/.test(message) || /^(?:time|ts|level|lvl)=/.test(message) ? words : undefined;
}

/** Said elsewhere in the row, or of no use to a reader who scans: the unfolded line has them. */
const UNSAID = new Set(
  'level lvl severity time ts timestamp @timestamp msg message pid hostname v logger name demo source'.split(' '),
);

/** The hub's own notes begin with `_`. */
const isUnsaid = (name) => UNSAID.has(name) || name.startsWith('_');

/** Fields shown behind a message, and how deep into them. */
const MAX_FIELDS = 24;
const MAX_DEPTH = 3;

function foldStructured(words, fields) {
  const lines = words.split(/\r?\n/);
  const pieces = ansiPieces(cutAt(lines[0], FOLDED_CHARS));
  for (const [key, value] of flatFields(fields, MAX_FIELDS, isUnsaid)) {
    // A logger's own wrapper says nothing: what is in it does.
    const name = key.replace(/^(?:context|meta)\./, '');
    pieces.push(...pairPieces(` ${name}=`, typeof value === 'string' ? value : JSON.stringify(value)));
  }
  return { pieces, moreLines: words.trimEnd().split('\n').length - 1, moreChars: 0 };
}

/** Nested fields as `[['req.method', 'GET'], …]`, at most so many; `isUnsaid` names are left out at the top. */
export function flatFields(fields, limit, isUnsaid = () => false) {
  const pairs = [];
  const walk = (object, prefix, depth) => {
    for (const [key, value] of Object.entries(object)) {
      if (pairs.length >= limit) return;
      if (depth === 0 && isUnsaid(key)) continue;
      if (depth < MAX_DEPTH && isNested(value)) walk(value, `${prefix}${key}.`, depth + 1);
      else pairs.push([prefix + key, value]);
    }
  };
  walk(fields, '', 0);
  return pairs;
}

function isNested(value) {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  for (const _ in value) return true;
  return false;
}

/** `key=value` in a line of words: the key steps back. */
const PAIR = /(^|\s)([A-Za-z_][\w.-]{0,40}=)("[^"]*"|[^\s"]\S*)/g;

function keyPieces(text) {
  if (!text.includes('=')) return controlPieces(text, '');
  const pieces = [];
  let from = 0;
  for (const match of text.matchAll(PAIR)) {
    const start = match.index + match[1].length;
    if (start > from) pieces.push(...controlPieces(text.slice(from, start), ''));
    pieces.push(...pairPieces(match[2], match[3]));
    from = match.index + match[0].length;
    if (pieces.length > 2 * MAX_FIELDS) break;
  }
  if (from < text.length) pieces.push(...controlPieces(text.slice(from), ''));
  return pieces;
}

function pairPieces(key, value) {
  const cut = cutAt(String(value), 200);
  return [...controlPieces(key, 'key'), ...controlPieces(cut, valueStyle(key, cut))];
}

/** HTTP statuses are worth a look from 400 on. */
function valueStyle(key, value) {
  if (!/status(?:code)?=$/i.test(key) || !/^[45]\d\d$/.test(value)) return 'value';
  return value[0] === '5' ? 'value s5' : 'value s4';
}
