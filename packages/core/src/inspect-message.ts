/**
 * What a line says about itself: its level, its structure, the name of its logger.
 *
 * On Fly all output of an app arrives as `info`, a stack trace like an access log; the severity is in the text alone.
 * So every line passes through here, and what is done must be cheap: a look at the first character decides between
 * JSON, which is parsed, and text, of which only the beginning is scanned, token by token, without backtracking.
 *
 * Order: a JSON object's level; the leading word, after ANSI, dates, numbers, brackets and dotted names; then a
 * `level=` anywhere in the first part of the line.
 */

import { stripAnsi } from './ansi.ts';
import type { Fields } from './event.ts';
import { type Level, mayBeLevel, parseLevel, parseLevelValue } from './levels.ts';
import { parseStructure } from './structure.ts';

export interface Inspection {
  /** Level that the line itself gives; undefined where it gives none. */
  readonly level: Level | undefined;
  /** The parsed object, where the line is a JSON object. */
  readonly structure: Fields | undefined;
  /** Logger or component name, where the JSON has one. */
  readonly source: string | undefined;
}

/** Levels stand at the beginning; what comes later in a long line is somebody's data. */
const SCANNED_CHARS = 320;

/** Dates, pids, brackets, file names before the level: Nest has six such tokens, OpenStack four. */
const MAX_SKIPPED_TOKENS = 10;

const NOTHING: Inspection = { level: undefined, structure: undefined, source: undefined };

export function inspectMessage(message: string): Inspection {
  const first = firstVisible(message);
  if (first === OPEN_BRACE) {
    const structure = parseStructure(message);
    if (structure !== undefined) {
      return { level: levelOfStructure(structure), structure, source: sourceOfStructure(structure) };
    }
  }
  const level = levelOfText(message);
  return level === undefined ? NOTHING : { level, structure: undefined, source: undefined };
}

/** Keys under which loggers put their level, most common first; `@l` is Serilog's, `log.level` ECS's. */
const LEVEL_KEYS = ['level', 'severity', 'lvl', 'levelname', 'level_name', 'log.level', 'loglevel', 'log_level', '@l'];

/** Level that a parsed line gives itself. Own properties only: the line is untrusted. */
export function levelOfStructure(structure: Fields): Level | undefined {
  for (const key of LEVEL_KEYS) {
    if (!Object.hasOwn(structure, key)) continue;
    const level = parseLevelValue(structure[key]);
    if (level !== undefined) return level;
  }
  const log = Object.hasOwn(structure, 'log') ? structure.log : undefined;
  if (typeof log === 'object' && log !== null && Object.hasOwn(log, 'level')) {
    return parseLevelValue((log as Fields).level);
  }
  return undefined;
}

const SOURCE_KEYS = ['logger', 'source', 'component', 'module', 'logger_name'];

/** Longer than any logger's name: what is longer is data under a common key. */
const MAX_SOURCE_CHARS = 128;

export function sourceOfStructure(structure: Fields): string | undefined {
  for (const key of SOURCE_KEYS) {
    const value = Object.hasOwn(structure, key) ? structure[key] : undefined;
    if (typeof value === 'string' && value.length > 0 && value.length <= MAX_SOURCE_CHARS) return value;
  }
  return undefined;
}

/** Words that are levels to a logger and words to everybody else: they count in capitals or before a colon. */
const EVERYDAY = new Set(['log', 'fine', 'finer', 'finest', 'silly', 'alert', 'http', 'notice', 'emergency']);

const SYSLOG_START = /^[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d /;

const CALENDAR = new Set(
  'mon tue wed thu fri sat sun jan feb mar apr may jun jul aug sep sept oct nov dec am pm utc gmt'.split(' '),
);

/** glog and klog (`E0102 15:04:05`), and Ruby's Logger (`E, [2021-09-23T…`). */
const LETTER_LEVELS: Readonly<Record<string, Level>> = { D: 'debug', I: 'info', W: 'warn', E: 'error', F: 'fatal' };

/** Syslog severities 0 to 7 in a `<priority>`, as kernel, journald and syslog write it. */
const SYSLOG_LEVELS: readonly Level[] = ['fatal', 'fatal', 'fatal', 'error', 'warn', 'info', 'info', 'debug'];

/** Level of a line of plain text; undefined where it does not say. */
export function levelOfText(message: string): Level | undefined {
  const head = message.length > SCANNED_CHARS ? message.slice(0, SCANNED_CHARS) : message;
  const text = stripAnsi(head);
  return levelOfPrefix(text) ?? leadingLevel(text) ?? levelOfPair(text);
}

function levelOfPrefix(text: string): Level | undefined {
  const second = text.charCodeAt(1);
  if (text.charCodeAt(0) === LESS) {
    const match = /^<(\d{1,3})>/.exec(text);
    return match === null ? undefined : SYSLOG_LEVELS[Number(match[1]) % 8];
  }
  if (second === COMMA && text.startsWith(', [', 1)) return LETTER_LEVELS[text[0]!];
  if (isDigit(second) && /^[DIWEF]\d{4} \d\d:/.test(text)) return LETTER_LEVELS[text[0]!];
  return undefined;
}

/**
 * The first word that is no date, number, bracket or dotted name, if it is a level. Prose before it ends the search, so
 * that "connection closed with error" stays what the envelope says.
 */
function leadingLevel(text: string): Level | undefined {
  let at = 0;
  let hostAllowed = false;
  for (let skipped = 0; skipped < MAX_SKIPPED_TOKENS; skipped++) {
    at = skipSeparators(text, at);
    if (at >= text.length) return undefined;
    const code = text.charCodeAt(at);
    if (code === OPEN_BRACKET || code === OPEN_PAREN) {
      const end = text.indexOf(code === OPEN_BRACKET ? ']' : ')', at);
      if (end === -1) return undefined;
      const level = levelWithin(text, at + 1, end);
      if (level !== undefined) return level;
      at = end + 1;
      continue;
    }
    const end = tokenEnd(text, at);
    const word = wordEnd(text, at);
    if (word > at) {
      const level = levelOfWord(text, at, word);
      if (level !== undefined) return level;
    }
    if (isSkippable(text, at, end)) {
      // `Jun 14 15:16:01 combo sshd[19939]: …`: in syslog's format the host stands between the time and the tag.
      hostAllowed ||= skipped === 0 && isLetter(code) && SYSLOG_START.test(text);
    } else if (hostAllowed) {
      hostAllowed = false;
    } else {
      return code === UPPER_O && text.startsWith('Out of memory', at) ? 'fatal' : undefined;
    }
    at = end;
  }
  return undefined;
}

/** The level that stands in `text[from, to)`, blanks around it ignored, with nothing beside it. */
function levelWithin(text: string, from: number, to: number): Level | undefined {
  let start = from;
  let end = to;
  while (start < end && text.charCodeAt(start) <= 32) start++;
  while (end > start && text.charCodeAt(end - 1) <= 32) end--;
  return mayBeLevel(end - start, text.charCodeAt(start)) ? parseLevel(text.slice(start, end)) : undefined;
}

/** Blanks and the dashes, bars and dots that formats put between their parts. */
function skipSeparators(text: string, from: number): number {
  let at = from;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code > 32 && code !== 0x2d && code !== 0x7c && code !== COLON && code !== 0x2a && code !== COMMA) break;
    at++;
  }
  return at;
}

/** End of the run up to the next blank; a `[` or `(` inside belongs to it (`sshd[123]:`). */
function tokenEnd(text: string, from: number): number {
  let end = from;
  while (end < text.length && text.charCodeAt(end) > 32) end++;
  return end;
}

function wordEnd(text: string, from: number): number {
  let end = from;
  while (end < text.length && isLetter(text.charCodeAt(end))) end++;
  return end;
}

function levelOfWord(text: string, start: number, end: number): Level | undefined {
  if (!mayBeLevel(end - start, text.charCodeAt(start))) return undefined;
  // `error.log`, `info-panel`, `debug=1`, `log/x`, `warn_count` and `Error2` are names, not levels.
  const next = text.charCodeAt(end);
  const joined = next === 0x2d || next === DOT || next === SLASH;
  if (next === EQUALS || next === UNDERSCORE || isDigit(next)) return undefined;
  if (joined && isWordChar(text.charCodeAt(end + 1))) return undefined;
  const word = text.slice(start, end);
  const level = parseLevel(word);
  if (level === undefined) return undefined;
  if (EVERYDAY.has(word.toLowerCase()) && next !== COLON && word !== word.toUpperCase()) return undefined;
  return level;
}

/** Dates, times, numbers, pids, file and logger names: what has a digit, dot, colon or slash in it, or is a month. */
function isSkippable(text: string, start: number, end: number): boolean {
  let plain = true;
  for (let i = start; i < end; i++) {
    const code = text.charCodeAt(i);
    if (code === EQUALS || code === 0x22) return false;
    if (isDigit(code) || code === DOT || code === COLON || code === SLASH || code === UNDERSCORE) plain = false;
  }
  if (!plain) return true;
  return end - start <= 5 && CALENDAR.has(text.slice(start, end).toLowerCase().replace(/,$/, ''));
}

const LEVEL_PAIR =
  /(?:^|[\s,;{([])(?:level|lvl|severity|loglevel|log_level)=(?:"([A-Za-z]{1,13}|\d{2})"|([A-Za-z]{1,13}|\d{2}))(?![\w])/;

function levelOfPair(text: string): Level | undefined {
  if (!text.includes('l=') && !text.includes('y=')) return undefined;
  const match = LEVEL_PAIR.exec(text);
  return match === null ? undefined : parseLevelValue(match[1] ?? match[2]);
}

function firstVisible(text: string): number {
  let at = 0;
  while (at < text.length && text.charCodeAt(at) <= 32) at++;
  return text.charCodeAt(at);
}

const COMMA = 0x2c;
const DOT = 0x2e;
const SLASH = 0x2f;
const COLON = 0x3a;
const LESS = 0x3c;
const EQUALS = 0x3d;
const OPEN_PAREN = 0x28;
const UPPER_O = 0x4f;
const OPEN_BRACKET = 0x5b;
const UNDERSCORE = 0x5f;
const OPEN_BRACE = 0x7b;

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

function isLetter(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90);
}

function isWordChar(code: number): boolean {
  return isLetter(code) || isDigit(code) || code === UNDERSCORE;
}
