import type { ReactElement, ReactNode } from 'react';
import { counted, formatCount } from '../../app/format.ts';

interface StandingProps {
  readonly matching: number;
  /** Lines in the range, where the filter leaves some out. */
  readonly all: number | undefined;
  /** Whether the newest question failed, and what is shown answers an older one. */
  readonly failed: boolean;
  readonly isOld: boolean;
  /** What else is to be said, where nothing failed. */
  readonly children: ReactNode;
}

/** At the right of the legend: how complete what is shown is. */
export function Standing({ matching, all, isOld, failed, children }: StandingProps): ReactElement {
  if (failed) {
    return (
      <div className="histogram-standing is-late">
        {isOld ? 'still showing the last good search' : 'the counts are old: the hub did not answer'}
      </div>
    );
  }
  return (
    <div className="histogram-standing">
      {all !== undefined && (
        <span>
          <b>{formatCount(matching)}</b> of {counted(all, 'line')} {matching === 1 ? 'matches' : 'match'}
        </span>
      )}
      {children}
    </div>
  );
}
