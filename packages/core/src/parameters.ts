/** Parameters of requests and commands, and what is said of one that cannot be. */

import { parseDuration } from './durations.ts';
import { parseTime } from './time.ts';

/** Characters of a refused value that the message repeats. */
const SHOWN_CHARS = 80;

/** A value that a parameter cannot have. The message names both and what was expected. */
export class ParameterError extends Error {
  readonly parameter: string;
  readonly expected: string;

  constructor(parameter: string, value: string, expected: string) {
    const shown = value.length > SHOWN_CHARS ? `${value.slice(0, SHOWN_CHARS)}…` : value;
    super(`${parameter}: ${JSON.stringify(shown)} cannot be used; expected ${expected}`);
    this.name = 'ParameterError';
    this.parameter = parameter;
    this.expected = expected;
  }
}

/** Milliseconds since 1970, and nanoseconds below them. */
export interface Moment {
  readonly ms: number;
  readonly nanos: number;
}

/**
 * A point in time as people and programs give it: RFC 3339, Unix time in seconds to nanoseconds, or a duration ago such as
 * `15m`. @throws {ParameterError}
 */
export function parseMoment(parameter: string, text: string, nowMs: number): Moment {
  const duration = parseDuration(text);
  if (duration !== undefined) return { ms: nowMs - duration, nanos: 0 };
  // In a query string `+` means a blank, so that `+02:00` often arrives as ` 02:00`. A `T` is looked for by itself: as
  // part of the expression it would be tried at every place again, half a second for a long row of them.
  const time = parseTime(text.includes('T') ? text.replace(/ (\d\d:\d\d)$/, '+$1') : text);
  if (time === undefined) {
    throw new ParameterError(
      parameter,
      text,
      'a time such as 2026-11-20T10:15:00Z or 1795169704, or a duration ago such as 15m',
    );
  }
  return { ms: time.ms, nanos: time.nanos };
}
