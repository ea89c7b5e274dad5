/** The lines: a window onto the feed, the row that keys are for, and what is said instead where there are none. */

import { createMarker, type LineItem } from '@flywatch/react';
import {
  type ReactElement,
  type ReactNode,
  type Ref,
  useImperativeHandle,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { changeSettings, readSettings, useSettings } from '../../app/settings.ts';
import { useNow } from '../../app/useNow.ts';
import { excludingTerm, type FilterValue, onlyTerm } from '../query-text.ts';
import type { ChangeView, View } from '../view.ts';
import { BandRow } from './BandRow.tsx';
import type { Feed, FeedSnapshot } from './feed.ts';
import { ListEdge } from './ListEdge.tsx';
import { copyText, lineLink, lineText } from './line-link.ts';
import { OverviewMarks } from './OverviewMarks.tsx';
import { Row, type RowActions } from './Row.tsx';
import { useListKeys } from './useListKeys.ts';
import { useListWindow } from './useListWindow.ts';
import { useWidth } from './useWidth.ts';
import './list.css';

export interface LogListHandle {
  /** Opens the next or the previous line in the drawer. */
  move(step: 1 | -1): void;
}

interface LogListProps {
  readonly view: View;
  readonly onView: ChangeView;
  readonly feed: Feed;
  readonly snapshot: FeedSnapshot;
  /** Follows the newest lines, from wherever the list is. */
  readonly onResume: () => void;
  readonly ref: Ref<LogListHandle>;
  /** What stands in the place of lines where there are none. */
  readonly children: ReactNode;
}

/** Heights of a row in pixels: `--row`, `--row-compact`, and the least of a phone's two parts. */
const ROW_PX = { normal: 22, compact: 18, phone: 60 } as const;

/** Ages of lines are shown in seconds for a while, then in minutes: no need for more. */
const AGES_EVERY_MS = 5_000;

export function LogList(props: LogListProps): ReactElement {
  const { view, onView, feed, snapshot, onResume, ref, children } = props;
  const { items } = snapshot;
  const { zone, wrap, density, columns } = useSettings();
  const isPhone = useWidth('phone');
  const nowMs = useNow(AGES_EVERY_MS, zone === 'ago');
  const marker = useMemo(() => createMarker(feed.options.q), [feed]);
  const [currentKey, setCurrent] = useState<string>();
  const [unfolded, setUnfolded] = useState<ReadonlySet<string>>(new Set());
  const window = useListWindow(feed, snapshot, isPhone ? ROW_PX.phone : ROW_PX[density]);
  const { layout, show } = window;
  const isVariable = wrap || isPhone;
  const latest = useRef({ view, onView, currentKey });
  latest.current = { view, onView, currentKey };

  const positionOfKey = (key: string | undefined) => (key === undefined ? undefined : feed.positionOf(key));
  const openPosition = useMemo(
    () => (view.line === undefined ? undefined : feed.positionOf(view.line)),
    [feed, view.line],
  );

  // The line of a link, or one that was opened elsewhere, is brought on screen once it is there.
  useLayoutEffect(() => {
    if (openPosition === undefined) return;
    setCurrent(feed.getSnapshot().items.at(openPosition)?.key);
    show(openPosition, feed.options.line === latest.current.view.line ? 'centre' : 'nearest');
  }, [feed, openPosition, show]);

  // Heights that were measured for the other way of drawing say nothing.
  // biome-ignore lint/correctness/useExhaustiveDependencies: what changes the heights is what counts
  useLayoutEffect(() => layout.reset(), [layout, isVariable, density, columns]);

  const step = (by: 1 | -1, passes: (item: LineItem) => boolean = () => true): boolean => {
    const from = positionOfKey(currentKey) ?? (by === 1 ? window.top - 1 : Math.min(items.end, window.last));
    for (let at = from + by; at >= items.first && at < items.end; at += by) {
      const item = items.at(at)!;
      if (item.type !== 'line' || !passes(item)) continue;
      setCurrent(item.key);
      show(at, 'nearest');
      if (view.line !== undefined) onView({ line: item.key }, 'replace');
      return true;
    }
    return false;
  };
  useImperativeHandle(ref, () => ({ move: (by) => step(by) }));

  const actions = useMemo<RowActions>(() => {
    const changeFilter = (edit: typeof onlyTerm) => (path: string, value: unknown) => {
      const { view, onView } = latest.current;
      if (isFilterValue(value)) onView({ q: edit(view.q, path, value) });
    };
    return {
      open: (key) => {
        setCurrent(key);
        latest.current.onView({ line: latest.current.view.line === key ? undefined : key });
      },
      unfold: (key) => {
        setCurrent(key);
        feed.pause();
        setUnfolded((before) => {
          const next = new Set(before);
          if (!next.delete(key)) next.add(key);
          return next;
        });
      },
      context: (key) => latest.current.onView({ line: key, tab: 'context' }),
      copy: (event) => void copyText(lineText(event), 'Line'),
      link: (event) => void copyText(lineLink(latest.current.view, event), 'Link'),
      only: changeFilter(onlyTerm),
      not: changeFilter(excludingTerm),
      column: (path) => {
        const { columns } = readSettings();
        changeSettings({
          columns: columns.includes(path) ? columns.filter((one) => one !== path) : [...columns, path],
        });
      },
      copyValue: (_path, value) => void copyText(typeof value === 'string' ? value : JSON.stringify(value), 'Value'),
    };
  }, [feed]);

  useListKeys({
    feed,
    view,
    onView,
    actions,
    current: () => {
      const position = positionOfKey(latest.current.currentKey);
      const item = position === undefined ? undefined : items.at(position);
      return item?.type === 'line' ? item : undefined;
    },
    step,
    toOldest: () => show(items.first, 'nearest'),
    resume: onResume,
  });

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
    const isMeasured =
      isVariable || isUnfolded || isNewDay || item.type !== 'line' || layout.height(position) !== layout.rowPx;
    rows.push(
      <div
        key={item.key}
        className="list-place"
        role="row"
        data-position={position}
        ref={isMeasured ? window.measure : undefined}
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
            isOpen={position === openPosition}
            isUnfolded={isUnfolded}
            isNewDay={isNewDay}
            actions={actions}
          />
        ) : (
          <div role="gridcell">
            <BandRow
              item={item}
              beforeMs={timeAt(position - 1)}
              afterMs={timeAt(position + 1)}
              zone={zone}
              progress={snapshot.gaps.get(item.key)}
              isFiltered={feed.options.q !== ''}
              onLoad={feed.loadGap}
              onStop={feed.stopGap}
            />
          </div>
        )}
      </div>,
    );
  }

  const isEmpty = items.length === 0;
  const currentIsDrawn = currentKey !== undefined && rows.some(({ key }) => key === currentKey);
  return (
    <div className={`list is-${density}${wrap ? ' is-wrapped' : ''}`} style={{ '--columns': columns.length } as object}>
      <ListEdge snapshot={snapshot} feed={feed} onView={onView} view={view} />
      <div
        ref={window.scroller}
        className="list-scroller"
        role="grid"
        aria-label="Lines"
        aria-activedescendant={currentIsDrawn ? `line-${currentKey}` : undefined}
        tabIndex={0}
        onScroll={window.onScroll}
        onWheel={(event) => {
          if (event.deltaY < 0 && window.totalPx > window.heightPx) feed.pause();
        }}
      >
        <div className="list-canvas" role="presentation" style={{ height: window.totalPx }}>
          {rows}
        </div>
      </div>
      {isEmpty && children}
      {!isEmpty && (
        <OverviewMarks items={items} offset={(at) => layout.offset(items.first, at)} totalPx={window.totalPx} />
      )}
    </div>
  );
}

/** Number of the day in the zone of the list. */
function dayOf(ms: number, isUtc: boolean): number {
  const shiftMs = isUtc ? 0 : -new Date(ms).getTimezoneOffset() * 60_000;
  return Math.floor((ms + shiftMs) / 86_400_000);
}

function isFilterValue(value: unknown): value is FilterValue {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}
