/** The lines: a window onto the feed, the row that keys are for, and what is said instead where there are none. */

import type { LineItem } from '@flywatch/react';
import {
  type CSSProperties,
  type ReactElement,
  type ReactNode,
  type Ref,
  useImperativeHandle,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { useSettings } from '../../app/settings.ts';
import type { ChangeView, View } from '../view.ts';
import type { Feed, FeedSnapshot } from './feed.ts';
import { ListEdge } from './ListEdge.tsx';
import { ListRows } from './ListRows.tsx';
import { OverviewMarks } from './OverviewMarks.tsx';
import { useListKeys } from './useListKeys.ts';
import { useListWindow } from './useListWindow.ts';
import { useRowActions } from './useRowActions.ts';
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

export function LogList(props: LogListProps): ReactElement {
  const { view, onView, feed, snapshot, onResume, ref, children } = props;
  const { items } = snapshot;
  const { wrap, density, columns } = useSettings();
  const isPhone = useWidth('phone');
  const [currentKey, setCurrent] = useState<string>();
  const [unfolded, setUnfolded] = useState<ReadonlySet<string>>(new Set());
  const window = useListWindow(feed, snapshot, isPhone ? ROW_PX.phone : ROW_PX[density]);
  const { layout, show } = window;
  const isVariable = wrap || isPhone;
  const latestLine = useRef(view.line);
  latestLine.current = view.line;

  /** Where the current row was found last: most of the time it is there still. */
  const currentAt = useRef(0);
  const positionOfCurrent = (): number | undefined => {
    if (currentKey === undefined) return undefined;
    if (items.at(currentAt.current)?.key !== currentKey) currentAt.current = feed.positionOf(currentKey) ?? items.first;
    return items.at(currentAt.current)?.key === currentKey ? currentAt.current : undefined;
  };
  const openPosition = useMemo(
    () => (view.line === undefined ? undefined : feed.positionOf(view.line)),
    [feed, view.line],
  );

  // The line of a link, or one that was opened elsewhere, is brought on screen once it is there.
  useLayoutEffect(() => {
    if (openPosition === undefined) return;
    setCurrent(feed.getSnapshot().items.at(openPosition)?.key);
    show(openPosition, feed.options.line === latestLine.current ? 'centre' : 'nearest');
  }, [feed, openPosition, show]);

  // Heights that were measured for the other way of drawing say nothing.
  // biome-ignore lint/correctness/useExhaustiveDependencies: what changes the heights is what counts
  useLayoutEffect(() => layout.reset(), [layout, isVariable, density, columns]);

  const step = (by: 1 | -1, passes: (item: LineItem) => boolean = () => true): boolean => {
    const from = positionOfCurrent() ?? (by === 1 ? window.top - 1 : Math.min(items.end, window.last));
    for (let at = from + by; at >= items.first && at < items.end; at += by) {
      const item = items.at(at)!;
      if (item.type !== 'line' || !passes(item)) continue;
      setCurrent(item.key);
      currentAt.current = at;
      show(at, 'nearest');
      if (view.line !== undefined) onView({ line: item.key }, 'replace');
      return true;
    }
    return false;
  };
  useImperativeHandle(ref, () => ({ move: (by) => step(by) }));

  const actions = useRowActions({ feed, view, onView, setCurrent, setUnfolded });

  useListKeys({
    feed,
    view,
    onView,
    actions,
    current: () => {
      const position = positionOfCurrent();
      const item = position === undefined ? undefined : items.at(position);
      return item?.type === 'line' ? item : undefined;
    },
    step,
    toOldest: () => show(items.first, 'nearest'),
    resume: onResume,
  });

  const isEmpty = items.length === 0;
  const at = currentAt.current;
  const isCurrentDrawn =
    currentKey !== undefined && at >= window.first && at < window.last && items.at(at)?.key === currentKey;
  return (
    <div
      className={`list is-${density}${wrap ? ' is-wrapped' : ''}${columns.length > 0 ? ' has-columns' : ''}`}
      style={{ '--columns': columns.length } as CSSProperties}
    >
      <ListEdge snapshot={snapshot} feed={feed} onView={onView} view={view} />
      {/* biome-ignore lint/a11y/useSemanticElements: a table lays out every row that it has */}
      <div
        ref={window.scroller}
        className="list-scroller"
        role="grid"
        aria-label="Lines"
        aria-activedescendant={isCurrentDrawn ? `line-${currentKey}` : undefined}
        tabIndex={0}
        onScroll={window.onScroll}
        onWheel={(event) => {
          if (event.deltaY < 0 && window.totalPx > window.heightPx) feed.pause();
        }}
      >
        <div className="list-canvas" role="presentation" style={{ height: window.totalPx }}>
          <ListRows
            feed={feed}
            snapshot={snapshot}
            window={window}
            currentKey={currentKey}
            openKey={openPosition === undefined ? undefined : items.at(openPosition)?.key}
            unfolded={unfolded}
            isVariable={isVariable}
            actions={actions}
          />
        </div>
      </div>
      {isEmpty && children}
      {!isEmpty && (
        <OverviewMarks items={items} offset={(at) => layout.offset(items.first, at)} totalPx={window.totalPx} />
      )}
    </div>
  );
}
