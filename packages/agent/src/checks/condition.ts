/**
 * Conditions of a check, in Gatus' style: `[STATUS] == 200`, `[BODY].user.name == pat(j*)`, `len([BODY].items) > 0`,
 * `[RESPONSE_TIME] < 300ms`, `[CERTIFICATE_DAYS] > 14`. A left side, an operator, a right side; parsed when the configuration
 * is read, so that a typing error is found then and not at night.
 */

import { parseDuration } from '@flywatch/core';
import type { Observation } from './check.ts';
import { MISSING, parseJsonPath, valueAt } from './json-path.ts';

/** What a condition is about. Time and certificate make a check `degraded` where they fail, all else makes it fail. */
export type Subject =
  | 'STATUS'
  | 'BODY'
  | 'RESPONSE_TIME'
  | 'CERTIFICATE_DAYS'
  | 'CERTIFICATE_EXPIRATION'
  | 'CONNECTED'
  | 'IP';

const SUBJECTS: readonly Subject[] = [
  'STATUS',
  'BODY',
  'RESPONSE_TIME',
  'CERTIFICATE_DAYS',
  'CERTIFICATE_EXPIRATION',
  'CONNECTED',
  'IP',
];

export interface Condition {
  /** As written. */
  readonly text: string;
  readonly subject: Subject;
  /** It cannot be judged without the body. */
  readonly needsBody: boolean;
  readonly soft: boolean;
  /** Undefined where it holds, else the condition with the value found: `[STATUS] (500) == 200`. */
  readonly judge: (observation: Observation) => string | undefined;
}

const SOFT: ReadonlySet<Subject> = new Set(['RESPONSE_TIME', 'CERTIFICATE_DAYS', 'CERTIFICATE_EXPIRATION']);

const DAY_MS = 86_400_000;

/** Characters of a value shown in a message. */
const MAX_SHOWN = 60;

type Scalar = string | number | boolean | null | undefined;
type Compare = (found: Scalar) => boolean;

/** @throws {Error} that says what is wrong with it */
export function parseCondition(text: string): Condition {
  const match = /^\s*(.+?)\s*(==|!=|<=|>=|<|>)\s*(.*?)\s*$/s.exec(text);
  if (match === null) {
    const alone = parseLeft(text.trim());
    if (alone.takes !== 'has')
      throw new Error('expected a condition such as [STATUS] == 200 or [RESPONSE_TIME] < 300ms');
    return condition(text.trim(), alone, (found) => found === true);
  }
  const [, leftText = '', operator = '', right = ''] = match;
  const left = parseLeft(leftText);
  if (right === '') throw new Error(`expected a value after ${operator}`);
  return condition(text.trim(), left, parseRight(operator, right, left.subject));
}

interface Left {
  readonly subject: Subject;
  readonly takes: 'value' | 'len' | 'has';
  readonly read: (observation: Observation) => Scalar;
}

function parseLeft(text: string): Left {
  const match = /^(?:(len|has)\(\s*)?\[([A-Z_]+)\]([^()\s]*)(\s*\))?$/.exec(text);
  const subject = SUBJECTS.find((known) => known === match?.[2]);
  if (match === null || (match[1] === undefined) !== (match[4] === undefined)) {
    throw new Error(
      `${JSON.stringify(text)} is no left side: expected one of ${SUBJECTS.map((name) => `[${name}]`).join(', ')}`,
    );
  }
  if (subject === undefined) throw new Error(`[${match[2]}] is not known; known are ${SUBJECTS.join(', ')}`);
  const [, takes = 'value', , pathText = ''] = match;
  if (pathText !== '' && subject !== 'BODY') throw new Error(`[${subject}] has no parts; a path follows [BODY] alone`);
  if (takes !== 'value' && subject !== 'BODY') throw new Error(`${takes}() is for [BODY] alone`);
  return { subject, takes: takes as Left['takes'], read: readerOf(subject, takes as Left['takes'], pathText) };
}

function readerOf(subject: Subject, takes: Left['takes'], pathText: string): Left['read'] {
  switch (subject) {
    case 'STATUS':
      return ({ statusCode }) => statusCode;
    case 'RESPONSE_TIME':
      return ({ phases }) => Math.round(phases.totalMs);
    case 'CERTIFICATE_DAYS':
      return ({ certificateMs }) => (certificateMs === undefined ? undefined : Math.floor(certificateMs / DAY_MS));
    case 'CERTIFICATE_EXPIRATION':
      return ({ certificateMs }) => certificateMs;
    case 'CONNECTED':
      return ({ connected }) => connected;
    case 'IP':
      return ({ address }) => address;
    case 'BODY':
      return bodyReader(takes, pathText);
  }
}

function bodyReader(takes: Left['takes'], pathText: string): Left['read'] {
  if (pathText === '' && takes === 'value') return ({ body }) => body;
  const path = parseJsonPath(pathText);
  return ({ body, bodyCut }) => {
    if (takes === 'len' && pathText === '' && body !== undefined && !/^\s*[[{]/.test(body)) return body.length;
    const found = body === undefined || bodyCut ? MISSING : valueAt(body, path);
    if (takes === 'has') return found !== MISSING;
    if (takes === 'len') return typeof found === 'string' || Array.isArray(found) ? found.length : undefined;
    if (found === MISSING) return undefined;
    return typeof found === 'object' && found !== null ? JSON.stringify(found) : (found as Scalar);
  };
}

function parseRight(operator: string, right: string, subject: Subject): Compare {
  if (operator === '==' || operator === '!=') {
    const equals = parseEquals(right, subject);
    return operator === '==' ? equals : (found) => !equals(found);
  }
  const bound = asNumber(right, subject);
  if (bound === undefined) {
    throw new Error(
      `expected a number${isTime(subject) ? ' or a duration such as 300ms' : ''} after ${operator}, not ${JSON.stringify(right)}`,
    );
  }
  const order = ORDER[operator]!;
  return (found) => {
    const number = typeof found === 'string' ? asNumber(found, subject) : found;
    return typeof number === 'number' && order(number, bound);
  };
}

const ORDER: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
};

/** `200`, `"text"`, `pat(*ok*)`, `any(200, 204)`. */
function parseEquals(right: string, subject: Subject): Compare {
  const call = /^(pat|any)\((.*)\)$/s.exec(right);
  if (call?.[1] === 'pat') return matchesPattern(call[2]!);
  if (call?.[1] === 'any') {
    const choices = call[2]!.split(',').map((choice) => parseEquals(choice.trim(), subject));
    return (found) => choices.some((equals) => equals(found));
  }
  const wanted = /^(["']).*\1$/s.test(right) ? right.slice(1, -1) : right;
  const number = asNumber(wanted, subject);
  return (found) => String(found) === wanted || (typeof found === 'number' && found === number);
}

/** `*` stands for any run of characters. Walks the pieces in order, so that no pattern takes more than linear time. */
function matchesPattern(pattern: string): Compare {
  const pieces = pattern.split('*');
  const [first = '', last = ''] = [pieces[0], pieces.at(-1)];
  return (found) => {
    if (found === undefined) return false;
    const text = String(found);
    if (pieces.length === 1) return text === pattern;
    if (!text.startsWith(first) || !text.endsWith(last) || text.length < first.length + last.length) return false;
    let at = first.length;
    for (const piece of pieces.slice(1, -1)) {
      const next = text.indexOf(piece, at);
      if (next === -1) return false;
      at = next + piece.length;
    }
    return at <= text.length - last.length;
  };
}

function isTime(subject: Subject): boolean {
  return subject === 'RESPONSE_TIME' || subject === 'CERTIFICATE_EXPIRATION';
}

/** Times are milliseconds, bare or as a duration. */
function asNumber(text: string, subject: Subject): number | undefined {
  if (/^-?\d{1,15}(?:\.\d{1,9})?$/.test(text)) return Number(text);
  return isTime(subject) ? parseDuration(text) : undefined;
}

function condition(text: string, left: Left, holds: Compare): Condition {
  const { subject } = left;
  return {
    text,
    subject,
    needsBody: subject === 'BODY',
    soft: SOFT.has(subject),
    judge: (observation) => {
      const found = left.read(observation);
      if (holds(found)) return undefined;
      const shown = found === undefined ? 'missing' : String(found).slice(0, MAX_SHOWN);
      return text.replace(/^(?:(?:len|has)\([^)]*\)|\[[A-Z_]+\]\S*)/, (side) => `${side} (${shown})`);
    },
  };
}
