/** How fast lines come and how old the newest is, or since when the list stands still. */

import type { ReactElement } from 'react';
import { formatAge, formatClock, formatCount, UNKNOWN } from '../app/format.ts';
import type { Zone } from '../app/settings.ts';
import { useNow } from '../app/useNow.ts';
import type { Arrivals } from './arrivals.ts';
import type { FollowState } from './FollowButton.tsx';

interface LiveRateProps {
  readonly arrivals: Arrivals;
  readonly state: FollowState;
  readonly pausedAtMs: number | undefined;
  readonly zone: Zone;
}

/** Figures that change faster cannot be read. */
const EVERY_MS = 500;

/** A newest line that is older than this is worth a look: lines come late, or nothing comes. */
const LATE_MS = 5_000;

export function LiveRate({ arrivals, state, pausedAtMs, zone }: LiveRateProps): ReactElement | null {
  const nowMs = useNow(EVERY_MS, state !== 'still' && state !== 'stopped');
  if (state === 'still' || state === 'stopped') return null;
  const rate = arrivals.rate(nowMs);
  const ageMs = arrivals.newestAgeMs(nowMs);
  return (
    <p className="live-rate figures">
      {state !== 'offline' && (
        <>
          <b>{rate === undefined ? UNKNOWN : formatCount(rate)}</b> lines/s
        </>
      )}
      {state === 'paused' && pausedAtMs !== undefined && (
        <>
          <i>·</i>paused at {formatClock(pausedAtMs, zone, true)}
        </>
      )}
      {state === 'live' && ageMs !== undefined && (
        <>
          <i>·</i>
          {/* Only while lines should come: a quiet hub is not late. */}
          <span className={ageMs > LATE_MS && rate !== 0 ? 'is-late' : undefined}>newest {formatAge(ageMs)}</span>
        </>
      )}
      {state === 'offline' && ageMs !== undefined && `last line ${formatAge(ageMs)}`}
    </p>
  );
}
