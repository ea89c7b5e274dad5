/** The fields that every event has, and what may be asked of those whose values are not free text. */

import { LEVELS, type Level, parseLevel } from '../levels.ts';
import { parseTime, type SourceTime } from '../time.ts';
import type { ComparisonPattern, FieldNode, PhrasePattern, WordPattern } from './ast.ts';
import { FilterSyntaxError, quoteForMessage } from './filter-syntax-error.ts';

/** What names something: compared as a whole, so that `app:web` leaves out `web-2`. */
const IDENTITY_FIELDS = ['id', 'app', 'instance', 'region', 'host', 'provider', 'source'] as const;

export type IdentityField = (typeof IDENTITY_FIELDS)[number];

const TIME_FIELDS = ['time', 'receivedAt'] as const;

export type TimeField = (typeof TIME_FIELDS)[number];

export function isIdentityField(name: string): name is IdentityField {
  return (IDENTITY_FIELDS as readonly string[]).includes(name);
}

export function isTimeField(name: string): name is TimeField {
  return (TIME_FIELDS as readonly string[]).includes(name);
}

/** A pattern that gives one whole value. */
export type ValuePattern = WordPattern | PhrasePattern | ComparisonPattern;

/** The level that a pattern of the field `level` names. */
export function levelOfPattern(pattern: ValuePattern): Level {
  const text = valueOfPattern(pattern);
  const level = parseLevel(text);
  if (level !== undefined) return level;
  const levels = `${LEVELS.slice(0, -1).join(', ')} or ${LEVELS.at(-1)}`;
  throw new FilterSyntaxError(`${quoteForMessage(text)} is no level`, `write one of ${levels}`, pattern.position);
}

/** The time that a pattern of `time` or `receivedAt` gives. */
export function timeOfPattern(pattern: ValuePattern): SourceTime {
  const text = valueOfPattern(pattern);
  const time = parseTime(text);
  if (time !== undefined) return time;
  const remedy = 'write it as 2026-11-20T10:00:00Z or in seconds since 1970';
  throw new FilterSyntaxError(`${quoteForMessage(text)} is no time`, remedy, pattern.position);
}

/** Whether a pattern gives one whole value, rather than a part of it or a condition on it. */
export function isValuePattern(pattern: FieldNode['pattern']): pattern is ValuePattern {
  if (pattern.type === 'word') return !pattern.leadingWildcard && !pattern.trailingWildcard;
  return pattern.type === 'phrase' || pattern.type === 'comparison';
}

/** Throws where a level or a time is expected and the pattern is none: such a filter could never match. */
export function assertFieldPattern({ name, pattern }: FieldNode): void {
  if (!isValuePattern(pattern)) return;
  if (name === 'level') levelOfPattern(pattern);
  else if (isTimeField(name)) timeOfPattern(pattern);
}

function valueOfPattern(pattern: ValuePattern): string {
  return pattern.type === 'comparison' ? pattern.operand : pattern.text;
}
