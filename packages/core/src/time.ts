/**
 * Source times. A time keeps all the digits that its source gave: JavaScript's Date would drop everything below the
 * millisecond, and Fly's envelopes carry nanoseconds that order lines of one millisecond.
 *
 * Understood: RFC 3339 with `T` or a blank, with any offset or none (then UTC), 0 to 9 fraction digits after `.` or `,`;
 * and Unix times in seconds, milliseconds, microseconds or nanoseconds, as a number or a string of digits.
 */

export interface SourceTime {
  /** Milliseconds since 1970, rounded down. */
  readonly ms: number;
  /** What is left below the millisecond, in nanoseconds: 0 to 999,999. */
  readonly nanos: number;
  /** RFC 3339 in UTC with the fraction digits of the source. */
  readonly text: string;
}

/** 2000-01-01T00:00:00Z: an earlier time is a clock that was never set (DESIGN, section 9). */
export const EARLIEST_TIME_MS = 946_684_800_000;

/** How far ahead of its arrival an event's time may lie; further is a wrong clock (DESIGN, section 9). */
export const MAX_AHEAD_MS = 86_400_000;

const RFC3339 =
  /^(\d{4})-(\d\d)-(\d\d)(?:[Tt ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,12}))?)? ?(Z|z|UTC|[+-]\d\d:?\d\d)?)?$/;

/** A time in any of the forms above; undefined where it cannot be read. Absurd times are read too: see {@link isAbsurdTime}. */
export function parseTime(value: unknown): SourceTime | undefined {
  if (typeof value === 'string') return parseTimeText(value);
  if (typeof value === 'number') return Number.isFinite(value) ? parseEpoch(String(value)) : undefined;
  return undefined;
}

/** Whether a time before 2000 or more than a day ahead of `nowMs` was given. */
export function isAbsurdTime(time: SourceTime, nowMs: number): boolean {
  return time.ms < EARLIEST_TIME_MS || time.ms > nowMs + MAX_AHEAD_MS;
}

/** RFC 3339 in UTC with milliseconds, for times that the hub itself takes. */
export function formatTimeMs(ms: number): string {
  return new Date(ms).toISOString();
}

function parseTimeText(given: string): SourceTime | undefined {
  const fast = parseCanonicalTime(given, 0, given.length);
  if (fast !== undefined) return fast;
  const text = given.trim();
  const match = RFC3339.exec(text);
  if (match === null) return parseEpoch(text);
  const [, year, month, day, hour = '00', minute = '00', second = '00', fraction = '', zone = 'Z'] = match;
  const local = utcMs(Number(year), Number(month), Number(day), Number(hour), Number(minute), Number(second));
  if (local === undefined) return undefined;
  const offset = offsetMs(zone);
  if (offset === undefined) return undefined;
  return assemble(local - offset, fraction.slice(0, 9));
}

/**
 * The form that nearly every event has (`2026-11-20T10:15:02.252022967Z`), read digit by digit where it stands in a longer
 * text: at 200,000 events a second a regular expression with nine groups would cost a tenth of a core, and so would
 * reading the digits from a slice. Undefined where `text[start, end)` has any other form.
 */
export function parseCanonicalTime(text: string, start: number, end: number): SourceTime | undefined {
  const length = end - start;
  if (length < 20 || length > 30 || text.charCodeAt(end - 1) !== 0x5a /* Z */) return undefined;
  if (text.charCodeAt(start + 4) !== 0x2d || text.charCodeAt(start + 7) !== 0x2d) return undefined;
  if (text.charCodeAt(start + 10) !== 0x54 /* T */) return undefined;
  if (text.charCodeAt(start + 13) !== 0x3a || text.charCodeAt(start + 16) !== 0x3a) return undefined;
  const ms = utcMs(
    digits(text, start, start + 4),
    digits(text, start + 5, start + 7),
    digits(text, start + 8, start + 10),
    digits(text, start + 11, start + 13),
    digits(text, start + 14, start + 16),
    digits(text, start + 17, start + 19),
  );
  if (ms === undefined) return undefined;
  const own = start === 0 && end === text.length ? text : text.slice(start, end);
  if (length === 20) return { ms, nanos: 0, text: own };
  if (length === 21 || text.charCodeAt(start + 19) !== 0x2e) return undefined;
  const fraction = digits(text, start + 20, end - 1);
  if (!(fraction >= 0)) return undefined;
  const nanos = fraction * (POWERS[9 - (length - 21)] ?? 1);
  return { ms: ms + Math.floor(nanos / 1e6), nanos: nanos % 1e6, text: own };
}

const POWERS = [1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8];

/** The number in `text[from, to)`, NaN where a character is no digit. */
function digits(text: string, from: number, to: number): number {
  let value = 0;
  for (let i = from; i < to; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (digit < 0 || digit > 9) return Number.NaN;
    value = value * 10 + digit;
  }
  return value;
}

/** Milliseconds of a calendar time in UTC; undefined where a part is out of range, 30 February included. */
function utcMs(year: number, month: number, day: number, hour: number, minute: number, second: number) {
  // Date.UTC reads the years 0 to 99 as 1900 to 1999; such a time is absurd either way, but it must not look sane.
  if (!(year >= 100)) return undefined;
  if (!(month >= 1 && month <= 12 && day >= 1 && hour <= 23 && minute <= 59 && second <= 60)) return undefined;
  if (!(day <= daysIn(year, month))) return undefined;
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

function offsetMs(zone: string): number | undefined {
  if (zone === 'Z' || zone === 'z' || zone === 'UTC') return 0;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(-2));
  if (hours > 23 || minutes > 59) return undefined;
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}

/** Unix times: the count of integer digits tells the unit, as every such time between 2001 and 2286 has 10, 13, 16 or 19. */
function parseEpoch(text: string): SourceTime | undefined {
  const match = /^(-?\d{1,19})(?:\.(\d{1,9}))?$/.exec(text);
  if (match === null) return undefined;
  const whole = match[1]!;
  const magnitude = whole.replace('-', '').length;
  if (whole.startsWith('-')) return undefined;
  if (magnitude <= 11) return assemble(Number(whole) * 1000, match[2] ?? '');
  const fractionDigits = magnitude <= 14 ? 3 : magnitude <= 17 ? 6 : 9;
  const cut = whole.length - fractionDigits;
  return assemble(Number(whole.slice(0, cut)) * 1000, whole.slice(cut));
}

/** `secondsMs`, a whole number of seconds in milliseconds, and up to nine digits after the point. */
function assemble(secondsMs: number, fraction: string): SourceTime | undefined {
  // RFC 3339 has four digits of year.
  if (!(Math.abs(secondsMs) <= 253_402_300_799_000)) return undefined;
  const date = new Date(secondsMs);
  if (date.getUTCFullYear() < 0) return undefined;
  const nanos = fraction === '' ? 0 : Number(fraction.padEnd(9, '0'));
  const seconds = date.toISOString().slice(0, 19);
  return {
    ms: secondsMs + Math.floor(nanos / 1e6),
    nanos: nanos % 1e6,
    text: fraction === '' ? `${seconds}Z` : `${seconds}.${fraction}Z`,
  };
}

/** Digits after the point of an RFC 3339 time in UTC. */
export function fractionDigits(time: string): number {
  return time.length <= 20 ? 0 : time.length - 21;
}

/** `23:59:60`: the one time that its number of milliseconds does not give back. */
export function isLeapSecond({ time, timeMs }: { readonly time: string; readonly timeMs: number }): boolean {
  // Its number is that of the minute's first second.
  return timeMs % 60_000 < 1000 && time.charCodeAt(17) === 0x36 && time.charCodeAt(18) === 0x30;
}
