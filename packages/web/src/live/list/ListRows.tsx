/** The rows that are on screen, each at its place. */

import { createMarker } from '@flywatch/react';
import { type ReactElement, useMemo } from 'react';
import { useSettings } from '../../app/settings.ts';
import { useNow } from '../../app/useNow.ts';
import { useAskAvailability } from '../../ask/availability.ts';
import { BandRow } from './BandRow.tsx';
import type { Feed, FeedSnapshot } from './feed.ts';
import { Row, type RowActions } from './Row.tsx';
import type { ListWindow } from './useListWindow.ts';

interface ListRowsProps {
  readonly feed: Feed;
  readonly snapshot: FeedSnapshot;
  readonly window: ListWindow;
  readonly currentKey: string | undefined;
  /** The line that is open in the drawer. */
  readonly openKey: string | undefined;
  readonly unfolded: ReadonlySet<string>;
  /** Whether every row may have a height of its own. */
  readonly isVariable: boolean;
  readonly actions: RowActions;
}

/** Ages of lines are shown in seconds for a while, then in minutes: no need for more. */
const AGES_EVERY_MS = 5_000;

export function ListRows(props: ListRowsProps): ReactElement[] {
  const { feed, snapshot, window, currentKey, openKey, unfolded, isVariable, actions } = props;
  const { items, gaps } = snapshot;
  const { layout } = window;
  const { zone, columns } = useSettings();
  const canAsk = useAskAvailability() === 'on';
  const nowMs = useNow(AGES_EVERY_MS, zone === 'ago');
  const marker = useMemo(() => createMarker(feed.options.q), [feed]);

  const timeAt = (position: number): number | undefined => {
    const item = items.at(position);
    return item?.type === 'line' ? Date.parse(item.event.time) : undefined;
  };
  const dayAt = (position: number): number | undefined => {
    const ms = timeAt(position);
    return ms === undefined ? undefined : dayOf(ms, zone === 'utc');
  };

  const rows: ReactElement[] = [];
  for (let position = window.first; position < window.last; position++) {
    const item = items.at(position);
    if (item === undefined) continue;
    const day = dayAt(position);
    const dayBefore = dayAt(position - 1);
    const isNewDay = day !== undefined && dayBefore !== undefined && day !== dayBefore;
    const isUnfolded = unfolded.has(item.key);
    const isPlain = item.type === 'line' && !isVariable && !isUnfolded && !isNewDay;
    rows.push(
      // biome-ignore lint/a11y/useSemanticElements: a table row cannot be placed where it belongs among 100,000
      // biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus and names the current line
      <div
        key={item.key}
        className="list-place"
        role="row"
        data-position={position}
        // A row that was of another height a moment ago is measured once more.
        ref={isPlain && layout.height(position) === layout.rowPx ? undefined : window.measure}
        style={{ transform: `translateY(${layout.offset(items.first, position)}px)` }}
      >
        {item.type === 'line' ? (
          <Row
            item={item}
            marker={marker}
            zone={zone}
            nowMs={nowMs}
            columns={columns}
            isCurrent={item.key === currentKey}
            isOpen={item.key === openKey}
            isUnfolded={isUnfolded}
            isNewDay={isNewDay}
            canAsk={canAsk}
            actions={actions}
          />
        ) : (
          // biome-ignore lint/a11y/useSemanticElements: as above
          // biome-ignore lint/a11y/useFocusableInteractive: as above
          <div role="gridcell">
            <BandRow
              item={item}
              beforeMs={timeAt(position - 1)}
              afterMs={timeAt(position + 1)}
              zone={zone}
              progress={gaps.get(item.key)}
              isFiltered={feed.options.q !== ''}
              onLoad={feed.loadGap}
              onStop={feed.stopGap}
            />
          </div>
        )}
      </div>,
    );
  }
  return rows;
}

/** Number of the day in the zone of the list. */
function dayOf(ms: number, isUtc: boolean): number {
  const shiftMs = isUtc ? 0 : -new Date(ms).getTimezoneOffset() * 60_000;
  return Math.floor((ms + shiftMs) / 86_400_000);
}
