/**
 * Repairs of a filter that cannot be understood: each is a guess at what was meant, and only those that are filters are
 * offered. A guess is cheap and the parser judges it, so that none of them has to know which mistake it is for.
 */

import {
  type FilterPosition,
  type FilterToken,
  formatTimeMs,
  LEVELS,
  parseDuration,
  parseFilter,
  tokenizeFilter,
} from '@flywatch/core';
import type { Repair } from './mistake.ts';

/** More than two are not looked at: then typing is quicker. */
const MAX_REPAIRS = 2;

interface Faulty {
  readonly text: string;
  /** The whole terms that the mistake touches. */
  readonly start: number;
  readonly end: number;
  readonly term: string;
  /** Field name without its `:`, where the first of the terms has one, and what follows it. */
  readonly name: string | undefined;
  readonly value: string;
}

/** What to put in the place of the terms at fault, or a whole new text. */
type Guess = (faulty: Faulty) => readonly (string | { readonly text: string; readonly label: string })[];

export function repairs(text: string, position: FilterPosition): readonly Repair[] {
  const faulty = faultyTerms(text, position);
  const found: Repair[] = [];
  for (const guess of GUESSES) {
    for (const made of guess(faulty)) {
      const repair =
        typeof made === 'string'
          ? { label: made || 'leave it out', text: spliced(faulty, made) }
          : { label: made.label, text: made.text };
      if (repair.text.trim() === '' || !isFilter(repair.text)) continue;
      if (!found.some((other) => other.text === repair.text)) found.push(repair);
      if (found.length === MAX_REPAIRS) return found;
    }
  }
  return found;
}

const GUESSES: readonly Guess[] = [
  blankAfterSign,
  groupOfValues,
  levelNames,
  timeAgo,
  closed,
  anyValue,
  wildcardInside,
  quoted,
  leftOut,
];

/** `status:> 500`, `app: web`. */
function blankAfterSign({ text, start, end, name, value }: Faulty): readonly { text: string; label: string }[] {
  if (name === undefined || !/^[<>]?=?$/.test(value)) return [];
  const [, rest] = /^\s+([^\s()]+)/.exec(text.slice(end)) ?? [];
  if (rest === undefined) return [];
  const label = `${name}:${value}${rest}`;
  return [{ label, text: text.slice(0, start) + label + text.slice(end).trimStart().slice(rest.length) }];
}

/** `app:(a or b)`. */
function groupOfValues({ text, start, end, name }: Faulty): readonly { text: string; label: string }[] {
  const [group, values] = /^\(([^()]*)\)/.exec(text.slice(end)) ?? [];
  if (name === undefined || group === undefined) return [];
  const words = values!.split(/\s+or\s+|\s+|,/i).filter((word) => word !== '');
  const label = `(${words.map((word) => `${name}:${word}`).join(' or ')})`;
  return [{ label, text: text.slice(0, start) + label + text.slice(end + group.length) }];
}

/** `level:er`, `level:>=loud`. */
function levelNames({ name, value }: Faulty): readonly string[] {
  if (name !== 'level') return [];
  const [, sign = '', word = ''] = /^([<>]?=?)(.*)$/.exec(value) ?? [];
  const near = LEVELS.filter((level) => word !== '' && level.startsWith(word.charAt(0).toLowerCase()));
  return [...near.map((level) => `level:${sign}${level}`), 'level:error', 'level:>=warn'];
}

/** `time:>15m`: a moment and not a duration is what can be compared. */
function timeAgo({ name, value }: Faulty): readonly string[] {
  const [, sign = '', word = ''] = /^([<>]?=?)(.*)$/.exec(value) ?? [];
  const ago = parseDuration(word);
  return ago === undefined ? [] : [`${name}:${sign || '>='}${formatTimeMs(Date.now() - ago)}`];
}

/** A quote, an expression or a group that is still open. */
function closed({ text, start, term }: Faulty): readonly { text: string; label: string }[] {
  const open = (text.match(/\(/g)?.length ?? 0) - (text.match(/\)/g)?.length ?? 0);
  const closings = [/"/.test(term) ? '"' : '', open > 0 ? ')'.repeat(open) : ''].filter((closing) => closing !== '');
  return closings.map((closing) => ({
    label: `${text.slice(start).trimEnd()}${closing}`,
    text: `${text.trimEnd()}${closing}`,
  }));
}

/** `status:`, `status:>`. */
function anyValue({ name, value }: Faulty): readonly string[] {
  if (name === undefined || !/^[<>]?=?$/.test(value)) return [];
  return value === '' ? [`${name}:*`] : [`${name}:${value}500`, `${name}:*`];
}

/** `a*b`. */
function wildcardInside({ name, value }: Faulty): readonly string[] {
  if (!/^[^"/]+\*[^"/]+$/.test(value)) return [];
  const expression = value
    .split('*')
    .map((part) => part.replace(/[.+?^${}()|[\]\\/]/g, '\\$&'))
    .join('.*');
  return [`${name === undefined ? '' : `${name}:`}/${expression}/i`];
}

/** Nearly everything can be looked for as it stands. */
function quoted({ name, value, term }: Faulty): readonly string[] {
  const phrase = (words: string) => `"${words.replace(/^"|"$/g, '').replace(/["\\]/g, '\\$&')}"`;
  return name !== undefined && value !== '' ? [`${name}:${phrase(value)}`, phrase(term)] : [phrase(term)];
}

function leftOut(): readonly string[] {
  return [''];
}

function faultyTerms(text: string, position: FilterPosition): Faulty {
  const tokens = tokenizeFilter(text);
  const touched = tokens.filter(({ start, end }) => start < position.end && Math.max(end, start + 1) > position.start);
  const first = before(tokens, touched[0]);
  const start = Math.min(first?.start ?? position.start, position.start);
  const last = touched.at(-1);
  const value = last?.type === 'name' ? tokens[tokens.indexOf(last) + 1] : last;
  const end = Math.max(value?.end ?? position.end, position.end);
  const term = text.slice(start, end);
  const name = first?.type === 'name' ? text.slice(first.start, first.end - 1) : undefined;
  return { text, start, end, term, name, value: name === undefined ? term : text.slice(first!.end, end) };
}

/** The name before a value: both are one term. */
function before(tokens: readonly FilterToken[], token: FilterToken | undefined): FilterToken | undefined {
  return token?.type === 'value' ? tokens[tokens.indexOf(token) - 1] : token;
}

function spliced({ text, start, end }: Faulty, replacement: string): string {
  const left = text.slice(0, start);
  const right = text.slice(end);
  return replacement === '' ? `${left.trimEnd()} ${right.trimStart()}`.trim() : left + replacement + right;
}

function isFilter(text: string): boolean {
  try {
    parseFilter(text);
    return true;
  } catch {
    // A guess that is none; the next one may be.
    return false;
  }
}
