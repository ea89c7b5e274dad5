/**
 * The six levels, their order, and every spelling of them that we have met: syslog, pino and bunyan numbers,
 * logcore, winston, Serilog, Nest, glog.
 */

export const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const;

export type Level = (typeof LEVELS)[number];

const RANKS: Readonly<Record<Level, number>> = { trace: 0, debug: 1, info: 2, warn: 3, error: 4, fatal: 5 };

/** Position of a level in {@link LEVELS}: 0 for trace to 5 for fatal. */
export function levelRank(level: Level): number {
  return RANKS[level];
}

/** Lower-case spellings to levels. `notice` is info (DESIGN, section 9); syslog's three above `err` are fatal. */
const ALIASES: ReadonlyMap<string, Level> = new Map<string, Level>([
  ['trace', 'trace'],
  ['trc', 'trace'],
  ['silly', 'trace'],
  ['finest', 'trace'],
  ['finer', 'trace'],
  ['debug', 'debug'],
  ['dbg', 'debug'],
  ['dbug', 'debug'],
  ['verbose', 'debug'],
  ['fine', 'debug'],
  ['info', 'info'],
  ['inf', 'info'],
  ['information', 'info'],
  ['informational', 'info'],
  ['notice', 'info'],
  ['log', 'info'],
  ['http', 'info'],
  ['warn', 'warn'],
  ['wrn', 'warn'],
  ['warning', 'warn'],
  ['error', 'error'],
  ['err', 'error'],
  ['eror', 'error'],
  ['severe', 'error'],
  ['fatal', 'fatal'],
  ['ftl', 'fatal'],
  ['critical', 'fatal'],
  ['crit', 'fatal'],
  ['alert', 'fatal'],
  ['emerg', 'fatal'],
  ['emergency', 'fatal'],
  ['panic', 'fatal'],
]);

/** Longest alias; a longer word cannot be a level, whatever it says. */
const MAX_ALIAS_LENGTH = 13;

/**
 * Which first letters the aliases of each length have, as bits from `a` on: nearly every other word is told by that, without
 * being looked up. Each line has some words that could be a level, and a lookup costs as much as all of this.
 */
const FIRST_LETTERS = new Int32Array(MAX_ALIAS_LENGTH + 1);
for (const alias of ALIASES.keys()) FIRST_LETTERS[alias.length]! |= 1 << (alias.charCodeAt(0) - 97);

/** Whether a word of this length with this first letter, in any case, may be a level. */
export function mayBeLevel(length: number, firstCode: number): boolean {
  const letter = (firstCode | 0x20) - 97;
  return length <= MAX_ALIAS_LENGTH && letter >= 0 && letter < 26 && (FIRST_LETTERS[length]! & (1 << letter)) !== 0;
}

/** A level from one of its spellings in any case, surrounding blanks ignored; undefined for anything else. */
export function parseLevel(text: string): Level | undefined {
  const exact = ALIASES.get(text);
  if (exact !== undefined) return exact;
  const trimmed = text.trim();
  if (trimmed.length === 0 || trimmed.length > MAX_ALIAS_LENGTH) return undefined;
  return ALIASES.get(trimmed.toLowerCase());
}

/**
 * A level from a number as pino and bunyan write it: 10 trace, 20 debug, 30 info, 40 warn, 50 error, 60 fatal; custom
 * numbers between fall to the lower one. Numbers outside 10 to 69 say nothing.
 */
export function levelFromNumber(value: number): Level | undefined {
  if (!(value >= 10 && value < 70)) return undefined;
  return LEVELS[Math.floor(value / 10) - 1];
}

/** A level as any logger may give it: a word, a number, or a number in a string (`"50"`). */
export function parseLevelValue(value: unknown): Level | undefined {
  if (typeof value === 'string') {
    const level = parseLevel(value);
    if (level !== undefined) return level;
    return /^\d{2}$/.test(value) ? levelFromNumber(Number(value)) : undefined;
  }
  return typeof value === 'number' ? levelFromNumber(value) : undefined;
}
