import { LEVELS, levelRank } from '@flywatch/core';
import type { ReactElement } from 'react';
import { counted, formatClock, formatCount, formatSpan } from '../../app/format.ts';
import type { Zone } from '../../app/settings.ts';
import { dayText } from '../time/range-text.ts';
import { type Counts, type Grid, sum, sums } from './buckets.ts';

/** Buckets from `from` to before `to`. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

interface ReadOutProps {
  readonly grid: Grid;
  readonly counts: Counts;
  readonly span: Span;
  readonly zone: Zone;
  readonly isSelecting: boolean;
}

/** Below the bars: what is under the pointer, or what would be zoomed into. */
export function ReadOut({ grid, counts, span, zone, isSelecting }: ReadOutProps): ReactElement {
  const { fromMs, toMs } = spanMoments(grid, span);
  const totals = sums(counts, span.from, span.to);
  const middle = (span.from + span.to) / 2 / grid.size;
  return (
    // Kept inside of the page at either end.
    <div
      className="histogram-read-out"
      style={{ left: `clamp(150px, ${100 * middle}%, calc(100% - 150px))` }}
      aria-hidden="true"
    >
      <b>{spanText(fromMs, toMs, grid, zone)}</b> · {formatSpan(toMs - fromMs)} · <b>{counted(sum(totals), 'line')}</b>
      {isSelecting
        ? ' · release to zoom'
        : LEVELS.toReversed().map((level) => {
            const count = totals[levelRank(level)]!;
            return (
              count > 0 && (
                <span key={level} className={`histogram-level is-${level}`}>
                  {formatCount(count)}
                </span>
              )
            );
          })}
    </div>
  );
}

/** The same in one sentence, for those who listen. */
export function spanSentence(grid: Grid, counts: Counts, span: Span, zone: Zone): string {
  const { fromMs, toMs } = spanMoments(grid, span);
  const totals = sums(counts, span.from, span.to);
  const levels = LEVELS.toReversed().flatMap((level) => {
    const count = totals[levelRank(level)]!;
    return count > 0 ? [`${count} ${level}`] : [];
  });
  return [spanText(fromMs, toMs, grid, zone), counted(sum(totals), 'line'), ...levels].join(', ');
}

export function spanMoments({ fromMs, stepMs }: Grid, { from, to }: Span): { fromMs: number; toMs: number } {
  return { fromMs: fromMs + from * stepMs, toMs: fromMs + to * stepMs };
}

function spanText(fromMs: number, toMs: number, { stepMs }: Grid, zone: Zone): string {
  if (stepMs >= 86_400_000) return `${dayText(fromMs, zone)} – ${dayText(toMs, zone)}`;
  const withSeconds = stepMs < 60_000;
  const day = stepMs >= 600_000 ? `${dayText(fromMs, zone)}, ` : '';
  return `${day}${formatClock(fromMs, zone, withSeconds)} – ${formatClock(toMs, zone, withSeconds)}`;
}
