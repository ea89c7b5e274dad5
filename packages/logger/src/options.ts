/** What `getLogger` takes: checked as a whole, copied, and filled from one table of defaults. */

import { type Fields, LEVELS, type Level, nearestName, parseLevel } from '@flywatch/core';
import type { Destination, ProblemListener } from './destinations/destination.ts';
import type { StdoutFormat } from './destinations/standard-output.ts';
import type { RedactOptions } from './encoding/redaction.ts';
import type { HubOptions } from './hub/hub-sender.ts';
import { FILE_COUNT, FILE_MAX_BYTES, HUB_WAITING_MIN_CHARS } from './limits.ts';

export interface LoggerOptions {
  /** Lowest level that is written. @defaultValue 'info' */
  readonly level?: Level | undefined;
  /** A file for the lines; folders are made. */
  readonly logFile?: string | undefined;
  /** Bytes of the file at which it is renamed to `.1` and a new one begun. @defaultValue 52428800 */
  readonly maxFileBytes?: number | undefined;
  /** Old files that are kept. @defaultValue 5 */
  readonly maxFiles?: number | undefined;
  /**
   * Standard output: `json`, `pretty`, `auto` (pretty on a terminal, else JSON), or not at all.
   * @defaultValue 'auto', or false where there is another destination
   */
  readonly stdout?: StdoutFormat | boolean | undefined;
  /** A hub for the lines. */
  readonly hub?: HubOptions | undefined;
  /** Destinations of your own. */
  readonly destinations?: readonly Destination[] | undefined;
  /** What is secret beyond what always is; `false`: nothing is left out. */
  readonly redact?: RedactOptions | false | undefined;
  /** Fields of each line. */
  readonly context?: Fields | undefined;
  /** Asked for more fields with each line: `openTelemetry(trace)`, say. */
  readonly mixin?: (() => Fields | undefined) | undefined;
  /**
   * Lines up to this level say where in the app they were logged; it costs some microseconds a line. @defaultValue
   * 'debug'
   */
  readonly callSite?: Level | false | undefined;
  /** Told of what cannot be written. @defaultValue a line on standard error */
  readonly onProblem?: ProblemListener | undefined;
  /** @defaultValue Date.now */
  readonly now?: (() => number) | undefined;
}

export interface LoggerSettings extends LoggerOptions {
  readonly level: Level;
  readonly maxFileBytes: number;
  readonly maxFiles: number;
  readonly stdout: StdoutFormat | false;
  readonly destinations: readonly Destination[];
  readonly context: Fields;
  readonly callSite: Level | false;
  readonly now: () => number;
}

type Check = (value: unknown) => string | undefined;

const isFunction: Check = (value) => (typeof value === 'function' ? undefined : 'a function');
const isObject: Check = (value) =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? undefined : 'an object';
const isLevel: Check = (value) => (LEVELS.some((level) => level === value) ? undefined : `one of ${LEVELS.join(', ')}`);
const isCount =
  (least: number): Check =>
  (value) =>
    Number.isSafeInteger(value) && (value as number) >= least ? undefined : `a whole number of at least ${least}`;

/** What is expected of each option where it does not fit. An option without a row does not compile. */
const CHECKS: Readonly<Record<keyof LoggerOptions, Check>> = {
  level: isLevel,
  logFile: (value) => (typeof value === 'string' && value !== '' ? undefined : 'a path'),
  maxFileBytes: isCount(1),
  maxFiles: isCount(0),
  stdout: (value) =>
    [true, false, 'auto', 'json', 'pretty'].includes(value as string)
      ? undefined
      : "true, false, 'auto', 'json' or 'pretty'",
  hub: (value) => (isObject(value) === undefined ? hubMistake(value as HubOptions) : 'an object with a url'),
  destinations: (value) =>
    Array.isArray(value) && value.every((one: Partial<Destination>) => typeof one?.write === 'function')
      ? undefined
      : 'a list of objects with a method `write`',
  redact: (value) => (value === false ? undefined : redactMistake(value)),
  context: isObject,
  mixin: isFunction,
  callSite: (value) => (value === false ? undefined : isLevel(value)),
  onProblem: isFunction,
  now: isFunction,
};

/** Thrown at once, with all mistakes, where a logger is asked for that cannot be. */
export class LoggerOptionsError extends TypeError {
  readonly mistakes: readonly string[];

  constructor(mistakes: readonly string[]) {
    super(`this logger cannot be made: ${mistakes.join('; ')}`);
    this.name = 'LoggerOptionsError';
    this.mistakes = mistakes;
  }
}

/** @throws {LoggerOptionsError} */
export function normalizeOptions(name: string, options: LoggerOptions): LoggerSettings {
  const mistakes: string[] = [];
  if (typeof name !== 'string' || name === '') mistakes.push('the first argument is its name, a text');
  for (const [key, value] of Object.entries(options)) {
    if (!Object.hasOwn(CHECKS, key)) {
      const near = nearestName(key, Object.keys(CHECKS));
      mistakes.push(`there is no option ${JSON.stringify(key)}${near === undefined ? '' : `; did you mean ${near}?`}`);
      continue;
    }
    const expected = value === undefined ? undefined : CHECKS[key as keyof LoggerOptions](value);
    if (expected !== undefined) mistakes.push(`${key} is ${shown(value)}; expected ${expected}`);
  }
  if (mistakes.length > 0) throw new LoggerOptionsError(mistakes);
  const {
    logFile,
    hub,
    destinations = [],
    stdout = logFile === undefined && hub === undefined && destinations.length === 0,
  } = options;
  return {
    ...options,
    level: options.level ?? 'info',
    maxFileBytes: options.maxFileBytes ?? FILE_MAX_BYTES,
    maxFiles: options.maxFiles ?? FILE_COUNT,
    stdout: stdout === true ? 'auto' : stdout,
    destinations: [...destinations],
    context: { ...options.context },
    callSite: options.callSite ?? 'debug',
    now: options.now ?? Date.now,
  };
}

const HUB_KEYS = ['url', 'token', 'app', 'instance', 'region', 'host', 'maxWaitingChars'];

/** Never with a value: one of them is the token. */
function hubMistake(hub: HubOptions): string | undefined {
  const unknown = Object.keys(hub).find((key) => !HUB_KEYS.includes(key));
  if (unknown !== undefined) return `only ${HUB_KEYS.join(', ')} in it, and not ${JSON.stringify(unknown)}`;
  let isUrl = false;
  try {
    isUrl = /^https?:$/.test(new URL(hub.url).protocol);
  } catch {
    // Said below.
  }
  if (!isUrl) return 'a url in it such as https://logs.example.org';
  if (hub.token !== undefined && !/^[\x21-\x7e]+$/.test(hub.token)) return 'a token in it of visible ASCII characters';
  if (hub.maxWaitingChars !== undefined) {
    const expected = isCount(HUB_WAITING_MIN_CHARS)(hub.maxWaitingChars);
    return expected && `maxWaitingChars in it to be ${expected}`;
  }
  return undefined;
}

function redactMistake(value: unknown): string | undefined {
  if (isObject(value) !== undefined) return 'an object, or false';
  const { paths = [], keys = [], texts = true } = value as RedactOptions;
  const areTexts = [paths, keys].every((list) => Array.isArray(list) && list.every((item) => typeof item === 'string'));
  return areTexts && typeof texts === 'boolean'
    ? undefined
    : 'paths and keys as lists of texts, and texts true or false';
}

function shown(value: unknown): string {
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'a list' : 'an object';
  return typeof value === 'string' ? JSON.stringify(value.slice(0, 80)) : String(value);
}

/** A level from what an app reads from its environment: any spelling that we know. @throws {LoggerOptionsError} */
export function levelNamed(text: string): Level {
  const level = parseLevel(text);
  if (level === undefined) {
    throw new LoggerOptionsError([`the level is ${shown(text)}; expected one of ${LEVELS.join(', ')}`]);
  }
  return level;
}
