import { LEVELS, type Level, levelRank } from '@flywatch/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useCallback, useDeferredValue, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { createMarker } from '../line/marks.ts';
import { ChunkedList } from '../list/chunked-list.ts';
import type { StreamItem } from '../stream/items.ts';
import { type Logs, toItems } from '../stream/log-record.ts';
import { Band } from './Band.tsx';
import { LogEntry } from './LogEntry.tsx';
import { matchesWords } from './matches-words.ts';

export interface LogViewerProps {
  /** Lines, oldest first: those of `useLogStream`, or an array of structured lines or events. */
  readonly logs: Logs;
  /** Whether lines can come. @defaultValue true */
  readonly connected?: boolean | undefined;
  /** Adds a button that clears; what it clears is yours. @defaultValue no button */
  readonly onClear?: (() => void) | undefined;
  /** Adds a button beside "Disconnected". @defaultValue no button */
  readonly onReconnect?: (() => void) | undefined;
  /** What the list is called for screen readers. @defaultValue "Log" */
  readonly label?: string | undefined;
  /** @defaultValue the page's theme, else the system's */
  readonly theme?: 'dark' | 'light' | undefined;
  /** Least level shown at first. @defaultValue "trace" */
  readonly initialLevel?: Level | undefined;
  /** Text in the search box at first. @defaultValue "" */
  readonly initialSearch?: string | undefined;
  readonly className?: string | undefined;
}

/** Height of a line; unfolded ones are measured. */
const ROW_PX = 22;

/** Rows above and below the screen that are kept, so that a flick of the wheel finds them there. */
const OVERSCAN = 12;

/** So near its end a list counts as read to the end: fractions of pixels, and half a row. */
const AT_END_PX = ROW_PX / 2;

/** A live log with search, levels, follow and pause. Fills its container: give that a height. */
export function LogViewer(props: LogViewerProps): ReactNode {
  const { logs, connected = true, onClear, onReconnect, label = 'Log', theme, className = '' } = props;
  const [search, setSearch] = useState(props.initialSearch ?? '');
  const [level, setLevel] = useState<Level>(props.initialLevel ?? 'trace');
  const [open, setOpen] = useState<ReadonlySet<string>>(NONE_OPEN);
  const query = useDeferredValue(search);
  const all = useMemo(() => toItems(logs), [logs]);
  /** The list at the moment of the pause: it stands still, whatever comes. */
  const [paused, setPaused] = useState<ChunkedList<StreamItem>>();
  const shownAll = paused ?? all;
  const items = useMemo(() => filterItems(shownAll, query, level), [shownAll, query, level]);
  const marker = useMemo(() => createMarker(query), [query]);
  const scroller = useRef<HTMLDivElement>(null);

  const virtualizer = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    getItemKey: useCallback((index: number) => items.at(items.first + index)!.key, [items]),
    overscan: OVERSCAN,
  });

  // Follows: what was read to the end stays at the end.
  useLayoutEffect(() => {
    const element = scroller.current;
    if (element !== null && paused === undefined) element.scrollTop = element.scrollHeight;
  });

  const resume = () => setPaused(undefined);
  const clear = () => {
    setPaused(undefined);
    setOpen(NONE_OPEN);
    onClear?.();
  };
  const onScroll = () => {
    const { scrollHeight, scrollTop, clientHeight } = scroller.current!;
    const isAtEnd = scrollHeight - scrollTop - clientHeight <= AT_END_PX;
    if (isAtEnd && paused !== undefined) setPaused(undefined);
    else if (!isAtEnd && paused === undefined) setPaused(all);
  };
  const toggle = (key: string) => {
    setPaused(paused ?? all);
    const next = new Set(open);
    if (!next.delete(key)) next.add(key);
    setOpen(next);
  };

  return (
    <section className={`fw-viewer ${className}`} data-theme={theme} aria-label={label}>
      <div className="fw-viewer-bar">
        <span className="fw-viewer-state" data-connected={connected || undefined} role="status">
          {connected ? 'Connected' : 'Disconnected'}
        </span>
        {!connected && onReconnect !== undefined && (
          <button type="button" className="fw-viewer-button" onClick={onReconnect}>
            Try now
          </button>
        )}
        <input
          type="search"
          aria-label="Search"
          placeholder="Search"
          value={search}
          onChange={(event) => setSearch(event.target.value)}
        />
        <select aria-label="Least level" value={level} onChange={(event) => setLevel(event.target.value as Level)}>
          {LEVELS.map((name) => (
            <option key={name} value={name}>
              {name === 'trace' ? 'All levels' : name === 'fatal' ? 'fatal only' : `${name} and worse`}
            </option>
          ))}
        </select>
        <button
          type="button"
          className="fw-viewer-button"
          aria-pressed={paused !== undefined}
          onClick={() => setPaused(paused === undefined ? all : undefined)}
        >
          {paused === undefined ? 'Pause' : 'Resume'}
        </button>
        {onClear !== undefined && (
          <button type="button" className="fw-viewer-button" onClick={clear}>
            Clear
          </button>
        )}
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a place that scrolls has to be reached by the keyboard */}
      <div className="fw-viewer-lines" ref={scroller} onScroll={onScroll} tabIndex={0} role="log" aria-live="off">
        {items.length === 0 && (
          <p className="fw-viewer-empty">
            {all.length === 0 ? 'No lines yet.' : `None of ${all.length} lines matches.`}
          </p>
        )}
        <div className="fw-viewer-canvas" style={{ height: virtualizer.getTotalSize() }}>
          {virtualizer.getVirtualItems().map(({ index, key, start }) => {
            const item = items.at(items.first + index)!;
            return (
              <div
                key={key}
                className="fw-viewer-row"
                data-index={index}
                ref={virtualizer.measureElement}
                style={{ transform: `translateY(${start}px)` }}
              >
                {item.type === 'line' ? (
                  <LogEntry
                    entry={item.event}
                    more={item.more}
                    marker={marker}
                    open={open.has(item.key)}
                    onToggle={() => toggle(item.key)}
                  />
                ) : (
                  <Band item={item} />
                )}
              </div>
            );
          })}
        </div>
      </div>
      {paused !== undefined && (
        <div className="fw-viewer-dock">
          <b>Paused</b> <span>{newWords(countNew(all, paused))}</span>
          <button type="button" className="fw-viewer-button" onClick={resume}>
            Resume
          </button>
        </div>
      )}
    </section>
  );
}

const NONE_OPEN: ReadonlySet<string> = new Set();

/** The list itself where nothing is filtered. Bands stay: what is missing here is missing in a search too. */
function filterItems(items: ChunkedList<StreamItem>, query: string, level: Level): ChunkedList<StreamItem> {
  if (query.trim() === '' && level === 'trace') return items;
  const matches = matchesWords(query);
  const least = levelRank(level);
  const kept: StreamItem[] = [];
  for (const item of items) {
    if (item.type !== 'line' || (levelRank(item.event.level) >= least && matches(item))) kept.push(item);
  }
  return ChunkedList.from(kept);
}

/** Lines behind the last one that was there at the pause. */
function countNew(all: ChunkedList<StreamItem>, paused: ChunkedList<StreamItem>): number {
  const lastKey = paused.at(paused.end - 1)?.key;
  let count = 0;
  for (let at = all.end - 1; at >= all.first && all.at(at)!.key !== lastKey; at--) count++;
  return count;
}

function newWords(count: number): string {
  return count === 1 ? '1 new line' : `${count} new lines`;
}
