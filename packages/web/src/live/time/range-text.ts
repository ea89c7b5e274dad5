/** Ranges as they are read and typed. */

import { parseDuration, parseTime } from '@flywatch/core';
import { formatClock, formatSpan } from '../../app/format.ts';
import type { Zone } from '../../app/settings.ts';
import type { Range } from '../view.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** What the menu offers, from 5 minutes to the 30 days that a hub keeps unless it is told otherwise. */
export const PRESETS_MS = [
  5 * MINUTE,
  15 * MINUTE,
  30 * MINUTE,
  HOUR,
  3 * HOUR,
  6 * HOUR,
  12 * HOUR,
  DAY,
  2 * DAY,
  7 * DAY,
  14 * DAY,
  30 * DAY,
] as const;

/** `15 min`, `24 h`, `30 d`. */
export function lengthText(ms: number): string {
  if (ms > DAY && ms % DAY === 0) return `${ms / DAY} d`;
  return formatSpan(ms);
}

/** `Last 15 min`, `02:37:50 – 02:39:40`, `21 Oct, 02:37 – 22 Oct, 02:37`. */
export function rangeText(range: Range, zone: Zone, nowMs: number): string {
  if (range.kind === 'last') return `Last ${lengthText(range.ms)}`;
  const { fromMs, toMs } = range;
  const isShort = toMs - fromMs < 10 * MINUTE;
  const from = formatClock(fromMs, zone, isShort);
  const to = formatClock(toMs, zone, isShort);
  const [fromDay, toDay] = [dayText(fromMs, zone), dayText(toMs, zone)];
  if (fromDay !== toDay) return `${fromDay}, ${from} – ${toDay}, ${to}`;
  return fromDay === dayText(nowMs, zone) ? `${from} – ${to}` : `${fromDay}, ${from} – ${to}`;
}

/** `21 Oct`. */
export function dayText(ms: number, zone: Zone): string {
  const date = zonedParts(ms, zone);
  return `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]}`;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

/**
 * The moment that somebody typed: RFC 3339 and Unix times, `2026-11-20 10:00` in the zone chosen, `10:00` of today, a duration
 * ago such as `15m`, or `now`.
 */
export function parseTypedMoment(typed: string, zone: Zone, nowMs: number): number | undefined {
  const text = typed.trim();
  if (/^now$/i.test(text)) return nowMs;
  const ago = parseDuration(text.replace(/ ago$/i, '').replace(/^-/, ''));
  if (ago !== undefined) return nowMs - ago;
  if (/^\d\d?:\d\d(?::\d\d(?:\.\d{1,3})?)?$/.test(text)) {
    return parseTypedMoment(
      `${momentText(nowMs, zone).slice(0, 10)} ${text.padStart(text.indexOf(':') === 1 ? text.length + 1 : 0, '0')}`,
      zone,
      nowMs,
    );
  }
  // A Unix time has ten digits or more; a shorter number is a length of time without its unit.
  if (/^\d{1,8}(?:\.\d+)?$/.test(text)) return undefined;
  const hasZone = /(?:Z|UTC|[+-]\d\d:?\d\d)$/i.test(text) || /^\d{8,}/.test(text);
  const ms = parseTime(text)?.ms;
  return ms === undefined || hasZone ? ms : ms - offsetMs(ms, zone);
}

/** A moment as it can be typed again: `2026-11-20 10:00:00` in the zone. */
export function momentText(ms: number, zone: Zone): string {
  return zonedParts(ms, zone).toISOString().slice(0, 19).replace('T', ' ');
}

/** What is typed as a range: two moments, or why they are none. */
export function parseTypedRange(from: string, to: string, zone: Zone, nowMs: number): Range | string {
  const fromMs = parseTypedMoment(from, zone, nowMs);
  if (fromMs === undefined) return unreadable(from, '“From”');
  const toMs = parseTypedMoment(to === '' ? 'now' : to, zone, nowMs);
  if (toMs === undefined) return unreadable(to, '“To”');
  if (toMs <= fromMs) return '“To” has to be later than “From”.';
  return { kind: 'between', fromMs, toMs };
}

function unreadable(typed: string, name: string): string {
  return typed.trim() === ''
    ? `Type a time into ${name}, such as 10:00 or 2h.`
    : `${name} is no time: type 2026-11-20 10:00, 10:00, or 2h for two hours ago.`;
}

/** A date whose UTC parts are those of the zone. */
function zonedParts(ms: number, zone: Zone): Date {
  return new Date(zone === 'utc' ? ms : ms - new Date(ms).getTimezoneOffset() * MINUTE);
}

/** What the zone is ahead of UTC at a time that is given as if it were UTC. */
function offsetMs(asUtcMs: number, zone: Zone): number {
  if (zone === 'utc') return 0;
  const guess = -new Date(asUtcMs).getTimezoneOffset() * MINUTE;
  return -new Date(asUtcMs - guess).getTimezoneOffset() * MINUTE;
}

/** The range twice as long: around its middle, or back from now. */
export function zoomedOut(range: Range, nowMs: number): Range {
  if (range.kind === 'last') return { kind: 'last', ms: Math.min(range.ms * 2, 365 * DAY) };
  const half = (range.toMs - range.fromMs) / 2;
  const toMs = Math.min(range.toMs + half, Math.max(nowMs, range.toMs));
  return { kind: 'between', fromMs: Math.round(toMs - 4 * half), toMs: Math.round(toMs) };
}
