import type { ReactElement } from 'react';
import { formatCount } from '../app/format.ts';
import { SearchIcon } from '../app/icons.tsx';
import { useSettings } from '../app/settings.ts';
import { useNow } from '../app/useNow.ts';
import type { Arrivals } from './arrivals.ts';
import type { FollowState } from './FollowButton.tsx';
import { useWidth } from './list/useWidth.ts';
import { lengthText, rangeText } from './time/range-text.ts';
import type { View } from './view.ts';

interface PhoneTitleProps {
  readonly view: View;
  readonly arrivals: Arrivals;
  readonly state: FollowState;
  readonly onSearch: () => void;
}

/** Figures that change faster cannot be read. */
const EVERY_MS = 500;

/** The title: on a phone with what is shown and how fast it comes, since the search is a sheet there; else only heard. */
export function PhoneTitle({ view, arrivals, state, onSearch }: PhoneTitleProps): ReactElement {
  const { zone } = useSettings();
  const isPhone = useWidth('phone');
  const follows = state === 'live';
  const nowMs = useNow(EVERY_MS, isPhone && follows);
  if (!isPhone) return <h1 className="only-heard">Live</h1>;
  const { range } = view;
  const rate = follows ? arrivals.rate(nowMs) : undefined;
  return (
    <div className="live-title">
      <h1>Live</h1>
      <span className="figures">
        {range.kind === 'last' ? lengthText(range.ms) : rangeText(range, zone, Date.now())}
        {rate !== undefined && ` · ${formatCount(rate)}/s`}
        {(state === 'offline' || state === 'stopped') && <span className="is-down"> · {state}</span>}
      </span>
      <button type="button" className="icon-button" aria-label="Search" onClick={onSearch}>
        <SearchIcon />
      </button>
    </div>
  );
}
