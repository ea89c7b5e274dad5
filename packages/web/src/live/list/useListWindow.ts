/**
 * Which rows are on screen, and the place of the list. The place is either the end, which is followed, or a row and how far
 * it is scrolled past: so what comes before or after it, or changes its height, moves nothing that is being read.
 */

import { useCallback, useEffect, useLayoutEffect, useReducer, useRef } from 'react';
import type { Feed, FeedSnapshot } from './feed.ts';
import { RowLayout } from './row-layout.ts';

export interface ListWindow {
  readonly scroller: (element: HTMLDivElement | null) => void;
  readonly layout: RowLayout;
  readonly totalPx: number;
  readonly heightPx: number;
  /** Positions of the rows to draw, `last` not included. */
  readonly first: number;
  readonly last: number;
  /** First row that is seen. */
  readonly top: number;
  /** For rows whose height is not the ordinary one: they are measured and watched. */
  readonly measure: (element: HTMLElement | null) => (() => void) | undefined;
  /** Brings a row on screen; where it is on screen already nothing moves. */
  readonly show: (position: number, where: 'centre' | 'nearest') => void;
  readonly onScroll: () => void;
}

/** Rows above and below the screen: a flick of the wheel finds them drawn. */
const OVERSCAN = 12;

/** So near its end a list counts as read to the end: half a row. */
const AT_END_PX = 11;

/** Rows from the beginning of the list at which the next page is asked for: some screens before anybody is there. */
const LOAD_AHEAD_ROWS = 200;

interface Place {
  position: number;
  deltaPx: number;
}

export function useListWindow(feed: Feed, snapshot: FeedSnapshot, rowPx: number): ListWindow {
  const { items, following, inserted } = snapshot;
  const [, redraw] = useReducer((n: number) => n + 1, 0);
  const element = useRef<HTMLDivElement | null>(null);
  const heightPx = useRef(0);
  const layoutRef = useRef<RowLayout>(undefined);
  layoutRef.current ??= new RowLayout(rowPx);
  const layout = layoutRef.current;
  const place = useRef<Place>({ position: items.first, deltaPx: 0 });
  const seen = useRef({ feed, inserted: inserted.version });
  /** Where scrollTop is but for what a person has scrolled since: a scroll event with this value is only an echo. */
  const written = useRef(0);

  const isNewFeed = seen.current.feed !== feed;
  if (isNewFeed) {
    seen.current = { feed, inserted: inserted.version };
    place.current = { position: items.first, deltaPx: 0 };
    layout.reset();
  } else if (seen.current.inserted !== inserted.version) {
    seen.current.inserted = inserted.version;
    layout.shift(inserted.at, inserted.count);
    if (place.current.position < inserted.at) place.current.position -= inserted.count;
  }
  layout.setRow(rowPx);

  // Somebody may have scrolled since, and the event is still to come: that must not be taken back. It is read here, since what
  // is drawn next may be shorter, and then the browser moves the list by itself.
  const strayPx = isNewFeed || element.current === null ? 0 : element.current.scrollTop - written.current;

  const totalPx = layout.offset(items.first, items.end);
  const lowestPx = Math.max(0, totalPx - heightPx.current);
  const placePx =
    place.current.position < items.first
      ? 0
      : layout.offset(items.first, place.current.position) + place.current.deltaPx;
  const topPx = following ? lowestPx : Math.min(lowestPx, Math.max(0, placePx));
  const top = layout.find(items.first, items.end - 1, topPx);
  const bottom = layout.find(items.first, items.end - 1, topPx + heightPx.current);
  const first = Math.max(items.first, top - OVERSCAN);
  const last = heightPx.current === 0 ? first : Math.min(items.end, bottom + 1 + OVERSCAN);

  useLayoutEffect(() => {
    const scroller = element.current;
    if (scroller === null) return;
    if (following) place.current = { position: top, deltaPx: topPx - layout.offset(items.first, top) };
    if (Math.abs(scroller.scrollTop - topPx - strayPx) >= 1) scroller.scrollTop = topPx + strayPx;
    // As the browser has it: where there is less below than asked for, it stops there.
    written.current = scroller.scrollTop - strayPx;
    if (heightPx.current === scroller.clientHeight) return;
    // The dock came or went.
    heightPx.current = scroller.clientHeight;
    redraw();
  });

  useEffect(() => {
    if (top - items.first < LOAD_AHEAD_ROWS) void feed.loadOlder();
    if (items.end - bottom < LOAD_AHEAD_ROWS) void feed.loadNewer();
  }, [feed, items, top, bottom]);

  const moveTo = useCallback(
    (px: number) => {
      const { items } = feed.getSnapshot();
      const position = layout.find(items.first, items.end - 1, px);
      place.current = { position, deltaPx: px - layout.offset(items.first, position) };
      redraw();
    },
    [feed, layout],
  );

  const onScroll = useCallback(() => {
    const scroller = element.current;
    if (scroller === null || Math.abs(scroller.scrollTop - written.current) < 1) return;
    const { scrollTop, scrollHeight, clientHeight } = scroller;
    const isAtEnd = scrollHeight - scrollTop - clientHeight <= AT_END_PX;
    const isDownwards = scrollTop > written.current;
    written.current = scrollTop;
    if (isAtEnd && isDownwards) feed.resume();
    else if (!isAtEnd) feed.pause();
    moveTo(scrollTop);
  }, [feed, moveTo]);

  const show = useCallback(
    (position: number, where: 'centre' | 'nearest') => {
      const { items } = feed.getSnapshot();
      const start = layout.offset(items.first, position);
      const height = layout.height(position);
      const topPx = element.current?.scrollTop ?? 0;
      const isSeen = start >= topPx && start + height <= topPx + heightPx.current;
      if (where === 'nearest' && isSeen) return;
      feed.pause();
      if (where === 'centre') moveTo(Math.max(0, start - (heightPx.current - height) / 2));
      else moveTo(Math.max(0, start < topPx ? start : start + height - heightPx.current));
    },
    [feed, layout, moveTo],
  );

  const rows = useRef<ResizeObserver>(undefined);
  const measure = useCallback(
    (row: HTMLElement | null) => {
      if (row === null) return;
      rows.current ??= new ResizeObserver((entries) => {
        let isChanged = false;
        for (const { target, borderBoxSize } of entries) {
          const position = Number((target as HTMLElement).dataset.position);
          const px = borderBoxSize[0]!.blockSize;
          if (px > 0) isChanged = layout.measure(position, px) || isChanged;
        }
        if (isChanged) redraw();
      });
      rows.current.observe(row);
      // Before it is painted, so that nothing is drawn over it.
      // Not offsetHeight, which is rounded: the observer would correct it, and the row that then leaves comes back to be rounded again.
      if (layout.measure(Number(row.dataset.position), row.getBoundingClientRect().height)) redraw();
      return () => rows.current?.unobserve(row);
    },
    [layout],
  );

  const scroller = useCallback((found: HTMLDivElement | null) => {
    element.current = found;
    if (found === null) return;
    const observer = new ResizeObserver(() => {
      if (heightPx.current === found.clientHeight) return;
      heightPx.current = found.clientHeight;
      redraw();
    });
    observer.observe(found);
    heightPx.current = found.clientHeight;
    redraw();
    return () => observer.disconnect();
  }, []);

  return { scroller, layout, totalPx, heightPx: heightPx.current, first, last, top, measure, show, onScroll };
}
