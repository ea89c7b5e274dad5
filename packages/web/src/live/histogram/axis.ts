/** Marks of the time axis: at round times of the zone, far enough apart to be read. */

import { formatClock, formatSpan } from '../../app/format.ts';
import type { Zone } from '../../app/settings.ts';
import { dayText } from '../time/range-text.ts';
import type { Grid } from './buckets.ts';

export interface Tick {
  readonly ms: number;
  readonly text: string;
}

/** A label has 45 px; a good twice that looks calm. */
const SPACING_PX = 100;

/** A phone is narrow, and one label alone is no axis. */
const MIN_TICKS = 3;

/** A range that follows now ends within a bucket, and so is a little longer than its name. It gets the labels of its name. */
const TOLERANCE = 0.1;

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const STEPS_MS = [
  ...[1, 5, 10, 50, 100, 500].map((n) => n),
  ...[1, 2, 5, 10, 15, 30].map((n) => n * 1000),
  ...[1, 2, 5, 10, 15, 30].map((n) => n * MINUTE),
  ...[1, 2, 3, 6, 12].map((n) => n * HOUR),
  ...[1, 2, 5, 10, 30, 90, 365].map((n) => n * DAY),
];

export function ticksOf(grid: Grid, widthPx: number, zone: Zone, nowMs: number): readonly Tick[] {
  const lengthMs = grid.stepMs * grid.size;
  const most = Math.max(MIN_TICKS, Math.floor(widthPx / SPACING_PX));
  const stepMs = STEPS_MS.find((step) => lengthMs / step <= most + TOLERANCE) ?? lengthMs;
  // Round times of the zone, and round ages where ages are shown.
  const shiftMs = zone === 'ago' ? -nowMs : zone === 'utc' ? 0 : -new Date(grid.fromMs).getTimezoneOffset() * MINUTE;
  const ticks: Tick[] = [];
  const endMs = grid.fromMs + lengthMs;
  for (let at = Math.ceil((grid.fromMs + shiftMs) / stepMs) * stepMs - shiftMs; at <= endMs; at += stepMs) {
    const ms = zone === 'local' ? onLocalClock(at, shiftMs) : at;
    ticks.push({ ms, text: tickText(ms, stepMs, zone, nowMs) });
  }
  return ticks;
}

/** The same reading of the clock after it was changed for summer or winter. */
function onLocalClock(ms: number, shiftMs: number): number {
  return ms + shiftMs + new Date(ms).getTimezoneOffset() * MINUTE;
}

function tickText(ms: number, stepMs: number, zone: Zone, nowMs: number): string {
  if (zone === 'ago') return nowMs - ms < 500 ? 'now' : formatSpan(nowMs - ms);
  const clock = formatClock(ms, zone, stepMs < MINUTE);
  return stepMs >= DAY || clock === '00:00' ? dayText(ms, zone) : clock;
}
