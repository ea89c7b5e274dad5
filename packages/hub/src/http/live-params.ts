/** The parameters of live streams: which events, in which form, from where on. Judged before anything is sent. */

import {
  compileSelection,
  FilterSyntaxError,
  FORMATS,
  type Format,
  type LogEvent,
  ParameterError,
  parseEventId,
  parseMoment,
  parseSelection,
  type Selection,
} from '@flywatch/core';
import { HttpError } from '../errors.ts';
import type { Start } from '../fanout/begin.ts';
import { MAX_TAIL } from '../limits.ts';
import { linearRegexes } from '../linear-regex.ts';

export type Query = Readonly<Record<string, string | readonly string[] | undefined>>;

export interface LiveParams {
  readonly format: Format;
  readonly filterKey: string;
  readonly matches: (event: LogEvent) => boolean;
  readonly selection: Selection;
  readonly start: Start;
  readonly control: boolean;
  readonly raw: boolean;
}

/**
 * @param lastEventId - the `Last-Event-ID` header, which wins over `after`: a reconnecting EventSource repeats its URL.
 */
export function parseLiveParams(
  query: Query,
  lastEventId: string | undefined,
  defaultFormat: Format,
  nowMs: number,
): LiveParams {
  try {
    const selection = parseSelection(query);
    const compiled = compileSelection(selection, { regex: linearRegexes() });
    return {
      format: parseFormat(single(query, 'format'), defaultFormat),
      filterKey: compiled.key,
      matches: compiled.matches,
      selection,
      start: parseStart(query, lastEventId, nowMs),
      control: parseFlag(query, 'control'),
      raw: parseFlag(query, 'raw'),
    };
  } catch (error) {
    throw asHttpError(error);
  }
}

/** Errors of core in the form that clients get. */
export function asHttpError(error: unknown): unknown {
  if (error instanceof ParameterError) return new HttpError('bad_parameter', error.message);
  if (error instanceof FilterSyntaxError) return new HttpError('bad_filter', `q: ${error.message}`);
  return error;
}

function parseFormat(text: string | undefined, defaultFormat: Format): Format {
  if (text === undefined) return defaultFormat;
  const format = FORMATS.find((known) => known === text);
  if (format === undefined) throw new ParameterError('format', text, `one of ${FORMATS.join(', ')}`);
  return format;
}

function parseStart(query: Query, lastEventId: string | undefined, nowMs: number): Start {
  const after = lastEventId ?? single(query, 'after');
  const tail = parseTail(single(query, 'tail'));
  const since = single(query, 'since');
  const sinceMs = since === undefined ? undefined : parseMoment('since', since, nowMs).ms;
  if (after !== undefined) {
    const id = parseEventId(after);
    if (id === undefined) {
      const name = lastEventId === undefined ? 'after' : 'Last-Event-ID';
      throw new HttpError(
        'bad_event_id',
        `${name}: ${JSON.stringify(after.slice(0, 60))} is no event id; expected one that this hub has sent, such as 00kq3v0x9f2-h7c2d`,
      );
    }
    return { from: 'after', position: id.position, hub: id.hub };
  }
  if (sinceMs === undefined && tail === undefined) return { from: 'now' };
  return { from: 'backlog', tail, sinceMs };
}

function parseTail(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const tail = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (!(tail <= MAX_TAIL)) throw new ParameterError('tail', text, `a whole number from 0 to ${MAX_TAIL}`);
  return tail;
}

export function parseFlag(query: Query, name: string): boolean {
  const text = single(query, name);
  if (text === undefined || text === '0' || text === 'false') return false;
  if (text === '1' || text === 'true') return true;
  throw new ParameterError(name, text, '0 or 1');
}

/** The one value of a parameter; an empty one counts as absent, as forms send it. */
export function single(query: Query, name: string): string | undefined {
  const value = query[name];
  if (value === undefined || value === '') return undefined;
  if (typeof value === 'string') return value;
  throw new ParameterError(name, value.join('&'), 'one value, not several');
}
