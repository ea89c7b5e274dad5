/** How figures, times and lengths read on the page (DESIGN-UI, section 9). Pure: whoever shows an age hands in the time now. */

import type { Zone } from './settings.ts';

/** Thin, and no place to break a line. */
const THIN_SPACE = '\u202f';

/** What is not known. */
export const UNKNOWN = '–';

/** `76 195`, with a thin space in thousands. */
export function formatCount(n: number): string {
  return String(Math.round(n)).replace(/\B(?=(\d{3})+$)/g, THIN_SPACE);
}

/** `1 line`, `132 lines`. */
export function counted(n: number, one: string, many = `${one}s`): string {
  return `${formatCount(n)} ${n === 1 ? one : many}`;
}

/** `512 B`, `3.2 GB`, `512 MB`: decimal units, three digits at most. */
export function formatBytes(bytes: number): string {
  let value = Math.max(0, bytes);
  let unit = 0;
  while (value >= 999.5 && unit < BYTE_UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 || value >= 99.95 ? Math.round(value) : rounded(value)} ${BYTE_UNITS[unit]}`;
}

const BYTE_UNITS = ['B', 'KB', 'MB', 'GB', 'TB', 'PB'] as const;

/** One decimal where it says something. */
function rounded(value: number): string {
  return value.toFixed(value < 10 ? 2 : 1).replace(/\.?0+$/, '');
}

/** `96%`; under ten with one decimal. */
export function formatPercent(percent: number): string {
  return `${percent > 0 && percent < 10 ? percent.toFixed(1).replace(/\.0$/, '') : Math.round(percent)}%`;
}

/** A length of time: `40 ms`, `8 s`, `3 min 10 s`, `4 h 33 min`, `41 days`. */
export function formatSpan(ms: number): string {
  if (ms < 1000) return `${Math.max(0, Math.round(ms))} ms`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return joined(`${minutes} min`, seconds % 60, 's');
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return joined(`${hours} h`, minutes % 60, 'min');
  return counted(Math.floor(hours / 24), 'day');
}

function joined(whole: string, rest: number, unit: string): string {
  return rest === 0 ? whole : `${whole} ${rest} ${unit}`;
}

/** `8 s ago`, `4 h 33 min ago`; what is ahead of the clock is `now`. */
export function formatAge(ms: number): string {
  return ms < 0 ? 'now' : `${formatSpan(ms)} ago`;
}

/** The time of a line: `02:40:52.113` here or in UTC; in the zone `ago`, its age. */
export function formatTime(timeMs: number, zone: Zone, nowMs: number): string {
  if (Number.isNaN(timeMs)) return UNKNOWN;
  if (zone === 'ago') return formatAge(nowMs - timeMs);
  const { hours, minutes, seconds, millis } = parts(timeMs, zone);
  return `${two(hours)}:${two(minutes)}:${two(seconds)}.${String(millis).padStart(3, '0')}`;
}

/** `02:40`, and `02:40:52` where seconds count. */
export function formatClock(timeMs: number, zone: Zone, withSeconds = false): string {
  const { hours, minutes, seconds } = parts(timeMs, zone);
  return `${two(hours)}:${two(minutes)}${withSeconds ? `:${two(seconds)}` : ''}`;
}

/** `21 Oct`; of another year `21 Oct 2025`. */
export function formatDay(timeMs: number, zone: Zone, nowMs: number): string {
  const { year, month, day } = parts(timeMs, zone);
  return `${day} ${MONTHS[month]}${year === parts(nowMs, zone).year ? '' : ` ${year}`}`;
}

/** Day and time to the second: `21 Oct, 02:40:52`. */
export function formatMoment(timeMs: number, zone: Zone, nowMs: number): string {
  return `${formatDay(timeMs, zone, nowMs)}, ${formatClock(timeMs, zone, true)}`;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

/** Hand-made, since `Intl` takes some microseconds a call and a list formats thousands of times. `ago` counts as local. */
function parts(timeMs: number, zone: Zone) {
  const date = new Date(timeMs);
  if (zone === 'utc') {
    return {
      year: date.getUTCFullYear(),
      month: date.getUTCMonth(),
      day: date.getUTCDate(),
      hours: date.getUTCHours(),
      minutes: date.getUTCMinutes(),
      seconds: date.getUTCSeconds(),
      millis: date.getUTCMilliseconds(),
    };
  }
  return {
    year: date.getFullYear(),
    month: date.getMonth(),
    day: date.getDate(),
    hours: date.getHours(),
    minutes: date.getMinutes(),
    seconds: date.getSeconds(),
    millis: date.getMilliseconds(),
  };
}

function two(n: number): string {
  return n < 10 ? `0${n}` : String(n);
}
