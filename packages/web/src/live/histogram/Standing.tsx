import type { ReactElement } from 'react';
import { counted, formatAge, formatCount } from '../../app/format.ts';
import type { Arrivals } from '../arrivals.ts';
import type { View } from '../view.ts';

interface StandingProps {
  readonly view: View;
  readonly arrivals: Arrivals;
  readonly matching: number;
  /** Lines in the range, where the filter leaves some out. */
  readonly all: number | undefined;
  /** Whether the counts are those of a question that failed since, or is not answered yet. */
  readonly isOld: boolean;
  readonly failed: boolean;
}

/** Later than this is not live any more. */
const LATE_MS = 5000;

/** At the right of the legend: how complete and how fresh what is shown is. */
export function Standing({ view, arrivals, matching, all, isOld, failed }: StandingProps): ReactElement {
  const parts: ReactElement[] = [];
  if (failed)
    parts.push(<span className="is-late">{isOld ? 'still showing the last good search' : 'counts are old'}</span>);
  else if (all !== undefined) {
    parts.push(
      <span>
        <b>{formatCount(matching)}</b> of {counted(all, 'line')} {matching === 1 ? 'matches' : 'match'}
      </span>,
    );
  } else if (view.range.kind === 'last') {
    const rate = arrivals.rate();
    parts.push(
      <span>
        <b>{rate > 0 && rate < 10 ? rate.toFixed(1) : formatCount(rate)}</b> lines/s
      </span>,
    );
  }
  const ageMs = view.range.kind === 'last' ? arrivals.newestAgeMs() : undefined;
  if (ageMs !== undefined) {
    // A filter may let nothing through for hours; without one, silence is worth a look.
    const isLate = ageMs > LATE_MS && all === undefined;
    parts.push(<span className={isLate ? 'is-late' : ''}>newest {formatAge(Math.floor(ageMs / 1000) * 1000)}</span>);
  }
  return (
    <div className="histogram-standing">
      {parts.map((part, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: at most two, told apart by their place
        <span key={i}>
          {i > 0 && <span className="histogram-dot"> · </span>}
          {part}
        </span>
      ))}
    </div>
  );
}
