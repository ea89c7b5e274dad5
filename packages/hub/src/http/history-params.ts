/** The parameters of questions about the past. Judged before anything is read. */

import {
  compileSelection,
  type EventId,
  LEVELS,
  ParameterError,
  parseDuration,
  parseEventId,
  parseLevel,
  parseMoment,
  parseSelection,
  type Selection,
} from '@flywatch/core';
import { HttpError } from '../errors.ts';
import { linearRegexes } from '../linear-regex.ts';
import type { HistoryKey, PageQuestion, TimePoint, TimeRange } from '../store/questions.ts';
import { asHttpError, parseFlag, type Query, single } from './live-params.ts';

/** Rows of a page, and values of a facet. */
const MAX_LIMIT = 1000;
const DEFAULT_LIMIT = 100;

/** How long a page may take (DESIGN, section 9: it answers within 2 s with what it has). */
export const PAGE_PATIENCE_MS = 1500;

export interface Asked {
  readonly selection: Selection;
  readonly range: TimeRange;
}

/** Runs a parser and turns what it refuses into what clients are told. */
export function parsed<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw asHttpError(error);
  }
}

/** Filters and time of any question. */
export function parseAsked(query: Query, nowMs: number): Asked {
  const selection = parseSelection(query);
  // Compiled where it is used; here it is seen whether it can be.
  compileSelection(selection, { regex: linearRegexes() });
  return { selection, range: parseRange(query, nowMs) };
}

export function parseRange(query: Query, nowMs: number): TimeRange {
  const moment = (name: string): TimePoint | undefined => {
    const text = single(query, name);
    return text === undefined ? undefined : parseMoment(name, text, nowMs);
  };
  const from = moment('from') ?? moment('since');
  const to = moment('to') ?? moment('before');
  if (from !== undefined && to !== undefined && (from.ms > to.ms || (from.ms === to.ms && from.nanos > to.nanos))) {
    throw new ParameterError('from', single(query, 'from') ?? single(query, 'since')!, 'a time before `to`');
  }
  return { from, to };
}

export function parseWhole(query: Query, name: string, minimum: number, maximum: number, otherwise: number): number {
  const text = single(query, name);
  if (text === undefined) return otherwise;
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= minimum && value <= maximum)) {
    throw new ParameterError(name, text, `a whole number from ${minimum} to ${maximum}`);
  }
  return value;
}

export function parseLimit(query: Query, otherwise = DEFAULT_LIMIT): number {
  return parseWhole(query, 'limit', 1, MAX_LIMIT, otherwise);
}

export function parseChoice<T extends string>(query: Query, name: string, choices: readonly T[], otherwise: T): T {
  const text = single(query, name);
  if (text === undefined) return otherwise;
  const choice = choices.find((known) => known === text);
  if (choice === undefined) throw new ParameterError(name, text, `one of ${choices.join(', ')}`);
  return choice;
}

/**
 * A page of `/logs/history`.
 * @param positionOf - where an event stands in the order of arrival
 */
export function parsePage(
  query: Query,
  nowMs: number,
  positionOf: (id: EventId) => number,
): PageQuestion & { readonly kind: 'page' } {
  const legacy = single(query, 'before') !== undefined;
  const order = parseChoice(query, 'order', ['asc', 'desc'], 'desc');
  const cursor = single(query, 'cursor');
  return {
    kind: 'page',
    ...parseAsked(query, nowMs),
    order,
    limit: parseLimit(query),
    after: cursor === undefined ? undefined : parseCursor(cursor, order),
    positions: parsePositions(query, positionOf),
    form: legacy ? 'legacy' : parseFlag(query, 'raw') ? 'flat-raw' : 'flat',
    patienceMs: PAGE_PATIENCE_MS,
  };
}

/** `after` and `until`, as the `url` of a gap has them. */
function parsePositions(query: Query, positionOf: (id: EventId) => number): PageQuestion['positions'] {
  const position = (name: string): number | undefined => {
    const text = single(query, name);
    return text === undefined ? undefined : positionOf(parseId(name, text));
  };
  const after = position('after');
  const until = position('until');
  if (after === undefined && until === undefined) return undefined;
  return { after: after ?? 0, until: until ?? Number.MAX_SAFE_INTEGER };
}

export function parseId(name: string, text: string) {
  const id = parseEventId(text);
  if (id === undefined) {
    throw new HttpError(
      'bad_event_id',
      `${name}: ${JSON.stringify(text.slice(0, 60))} is no event id; expected one such as 00kq3v0x9f2-h7c2d`,
    );
  }
  return id;
}

/** Cursors are opaque to clients; the order is part of them, since a page the other way round begins elsewhere. */
export function formatCursor({ ms, nanos, position }: HistoryKey, order: 'asc' | 'desc'): string {
  return [order === 'asc' ? 'a' : 'd', ms.toString(36), (nanos + 1).toString(36), position.toString(36)].join('.');
}

function parseCursor(text: string, order: 'asc' | 'desc'): HistoryKey {
  const match = /^([ad])\.(-?[0-9a-z]{1,11})\.([0-9a-z]{1,5})\.([0-9a-z]{1,11})$/.exec(text);
  if (match === null) throw new ParameterError('cursor', text, 'the `next_cursor` of the page before');
  if ((match[1] === 'a') !== (order === 'asc')) {
    throw new ParameterError(
      'cursor',
      text,
      `a cursor of the same order; this one is for order=${match[1] === 'a' ? 'asc' : 'desc'}`,
    );
  }
  const [ms, nanos, position] = match.slice(2).map((part) => Number.parseInt(part, 36));
  return { ms: ms!, nanos: nanos! - 1, position: position! };
}

/** Shortest step of a histogram, and how many steps there may be between first and last event. */
export const MAX_BUCKETS = 10_000;

export function parseInterval(query: Query): number | undefined {
  const text = single(query, 'interval');
  if (text === undefined) return undefined;
  const interval = parseDuration(text);
  if (interval === undefined || interval < 1 || !Number.isInteger(interval)) {
    throw new ParameterError('interval', text, 'a duration of at least 1ms, such as 30s, 5m or 1h');
  }
  return interval;
}

/** Fields that facets are given of unless others are asked for. */
const FACET_FIELDS = ['app', 'instance', 'region', 'level', 'provider', 'source'];

/** Fields of one question: each may have many thousand values. */
const MAX_FACET_FIELDS = 20;
const MAX_FIELD_CHARS = 256;

export function parseFields(query: Query): readonly string[] {
  const given = query.field;
  const texts = given === undefined ? [] : typeof given === 'string' ? [given] : given;
  const fields = [...new Set(texts.flatMap((text) => text.split(',')).map((field) => field.trim()))].filter(
    (field) => field !== '',
  );
  if (fields.length > MAX_FACET_FIELDS)
    throw new ParameterError('field', `${fields.length} fields`, `at most ${MAX_FACET_FIELDS}`);
  const long = fields.find((field) => field.length > MAX_FIELD_CHARS || field.split('.').length > 16);
  if (long !== undefined) {
    throw new ParameterError('field', long, `a name of at most ${MAX_FIELD_CHARS} characters and 16 parts`);
  }
  return fields.length === 0 ? FACET_FIELDS : fields;
}

/** `level` of seed 003's routes: this one and no other, in any spelling. */
export function parseExactLevel(query: Query) {
  const text = single(query, 'level');
  if (text === undefined) return undefined;
  const level = parseLevel(text);
  if (level === undefined) throw new ParameterError('level', text, `one of ${LEVELS.join(', ')}`);
  return level;
}
