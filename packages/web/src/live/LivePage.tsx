/**
 * The Live page: joins search, time, chart, facets, list and drawer. The view is in the address, the lines are in the feed;
 * the parts know of each other nothing but what is handed to them here.
 */

import type { FlatEvent } from '@flywatch/core';
import { lazy, memo, type ReactElement, Suspense, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { announce } from '../app/announce.ts';
import { counted, formatSpan } from '../app/format.ts';
import { useSettings } from '../app/settings.ts';
import { TopBar } from '../app/TopBar.tsx';
import { useAnswer } from '../app/useAnswer.ts';
import { AskFrame } from '../ask/AskFrame.tsx';
import { CitedStanding } from '../ask/CitedStanding.tsx';
import { useCitedMark } from '../ask/cited-mark.ts';
import { Arrivals } from './arrivals.ts';
import { DemoBanner } from './DemoBanner.tsx';
import { DownloadMenu } from './download/DownloadMenu.tsx';
import { Drawer } from './drawer/Drawer.tsx';
import { FollowButton, followState, isAway } from './FollowButton.tsx';
import { Facets, FacetsToggle } from './facets/Facets.tsx';
import { Histogram } from './histogram/Histogram.tsx';
import { LiveRate } from './LiveRate.tsx';
import { Dock } from './list/Dock.tsx';
import type { FeedSnapshot } from './list/feed.ts';
import { ListBar } from './list/ListBar.tsx';
import { ListNotice } from './list/ListNotice.tsx';
import { LogList, type LogListHandle } from './list/LogList.tsx';
import { rangeWith } from './list/line-link.ts';
import { StillBars } from './list/StillBars.tsx';
import { useFeed } from './list/useFeed.ts';
import { useWidth } from './list/useWidth.ts';
import { PhoneTitle } from './PhoneTitle.tsx';
import { rangeParams } from './range-params.ts';
import { filterErrorOf } from './search/mistake.ts';
import { SearchBox } from './search/SearchBox.tsx';
import { TimeControls } from './time/TimeControls.tsx';
import { useValueKeys } from './useValueKeys.ts';
import { DEFAULT_RANGE, useView } from './view.ts';
import './live.css';

const AskPanel = lazy(async () => ({ default: (await import('../ask/AskPanel.tsx')).AskPanel }));
const Patterns = lazy(async () => ({ default: (await import('./patterns/Patterns.tsx')).Patterns }));

// Lines come ten times a second: what does not show them must not be drawn again with each batch.
const Search = memo(SearchBox);
const Times = memo(TimeControls);
const Chart = memo(Histogram);
const Values = memo(Facets);
const Line = memo(Drawer);
const Bar = memo(ListBar);

interface Counts {
  readonly total: number;
  readonly facets: { readonly instance: readonly unknown[] };
}

/** Counts of the whole range are asked for again so often: the stream tells of each line anyway. */
const COUNT_EVERY_MS = 10_000;

/** Instances that are counted; there may be millions of them. */
const MAX_INSTANCES = 1_000;

export function LivePage(): ReactElement {
  const [view, onView] = useView();
  const { zone } = useSettings();
  const [arrivals] = useState(() => new Arrivals());
  const { feed, snapshot, isChanging, refusal, restart } = useFeed(view, arrivals);
  const list = useRef<LogListHandle>(null);
  const search = useRef<HTMLInputElement>(null);
  const isLive = view.range.kind === 'last';
  const state = followState(snapshot, isLive);
  const question = { ...rangeParams(view.range), q: view.q || undefined, field: 'instance', limit: MAX_INSTANCES };
  const counts = useAnswer<Counts>('/logs/facets', question, { everyMs: COUNT_EVERY_MS }).data;
  useAnnouncements(snapshot, isLive);
  useValueKeys();

  const resume = () => {
    if (!isLive) onView({ range: DEFAULT_RANGE, line: undefined });
    else if (!feed.resume()) restart();
  };
  const press = () => {
    if (state === 'live') feed.pause();
    else if (state === 'offline') feed.retryNow();
    else if (state === 'stopped') restart();
    else resume();
  };
  const isFilterRefused = refusal?.code === 'bad_filter';
  const refused = refusal ?? snapshot.failure;
  const filterError = useMemo(() => filterErrorOf(refused, view.q), [refused, view.q]);
  const move = useCallback((step: 1 | -1) => list.current?.move(step), []);
  const { pausedAtMs } = snapshot;
  const rate = useMemo(
    () => <LiveRate arrivals={arrivals} state={state} pausedAtMs={pausedAtMs} zone={zone} />,
    [arrivals, state, pausedAtMs, zone],
  );
  const mark = useCitedMark(view.ask ? view.line : undefined);
  const isCrowded = useWidth('crowded');
  const hasFacets = !(view.ask && isCrowded);
  /** A line that the list has not got leaves the filter, and the time if it lies outside. */
  const showLine = (id: string, line: FlatEvent | undefined) => {
    if (feed.has(id)) return onView({ line: id, show: 'lines' });
    onView({
      line: id,
      show: 'lines',
      q: '',
      range: line === undefined ? view.range : rangeWith(view.range, line.time),
    });
  };
  const download = useMemo(() => <DownloadMenu view={view} />, [view]);

  return (
    <div className="live">
      <TopBar>
        <PhoneTitle view={view} arrivals={arrivals} state={state} onSearch={() => search.current?.focus()} />
        <Search
          input={search}
          view={view}
          onView={onView}
          error={filterError}
          matches={view.q === '' ? undefined : counts?.total}
        />
        {hasFacets && <FacetsToggle view={view} />}
        <Times view={view} onView={onView} />
        <FollowButton state={state} onPress={press} />
      </TopBar>
      <Chart view={view} onView={onView} arrivals={arrivals} markMs={mark?.timeMs}>
        {mark === undefined ? rate : <CitedStanding mark={mark} />}
      </Chart>
      <div className="live-body">
        {hasFacets && <Values view={view} onView={onView} />}
        <section className="live-lines" aria-label="Lines" aria-busy={isChanging && snapshot.phase === 'ready'}>
          <Bar view={view} onView={onView} total={counts?.total} instances={counts?.facets.instance.length}>
            {download}
          </Bar>
          {view.show === 'patterns' ? (
            <Suspense fallback={<StillBars />}>
              <Patterns view={view} onView={onView} />
            </Suspense>
          ) : (
            <>
              <LogList ref={list} view={view} onView={onView} feed={feed} snapshot={snapshot} onResume={resume}>
                <ListNotice snapshot={snapshot} view={view} onView={onView} zone={zone} onRetry={restart} />
              </LogList>
              {refusal !== undefined && !isFilterRefused && (
                <p className="list-edge is-failed">
                  The search did not finish: {refusal.message}
                  <button type="button" className="link-button" onClick={restart}>
                    Search again
                  </button>
                </p>
              )}
              {/* Below the lines: it comes and goes with the first of them, and must not push them. */}
              <DemoBanner items={snapshot.items} />
              <Dock snapshot={snapshot} isLive={isLive} onResume={resume} onRetry={feed.retryNow} />
            </>
          )}
        </section>
        {view.ask ? (
          <AskFrame onClose={() => onView({ ask: false })}>
            <AskPanel
              view={view}
              instances={counts?.facets.instance.length}
              onShowLine={showLine}
              onClose={() => onView({ ask: false })}
            />
          </AskFrame>
        ) : (
          <Line view={view} onView={onView} onMove={move} />
        )}
      </div>
    </div>
  );
}

/** Pauses, gaps, a lost connection and its return are said to those who listen to the page; lines are not. */
function useAnnouncements(snapshot: FeedSnapshot, isLive: boolean): void {
  const { following, items, phase } = snapshot;
  const isOffline = isLive && isAway(snapshot);
  useEffect(() => {
    if (isOffline) announce('Connection to the hub lost');
  }, [isOffline]);
  const newest = items.at(items.end - 1);
  const before = useRef({ following, key: newest?.key });
  useEffect(() => {
    if (phase !== 'ready') return;
    if (isLive && before.current.following !== following) announce(following ? 'Following' : 'Paused');
    for (let at = items.end - 1; at >= items.first && items.at(at)!.key !== before.current.key; at--) {
      const item = items.at(at)!;
      if (item.type === 'reconnected') announce(`Reconnected after ${formatSpan(item.awayMs)}`);
      if (item.type === 'gap')
        announce(item.count === null ? 'Lines may be missing' : `${counted(item.count, 'line')} not shown`);
    }
    before.current = { following, key: newest?.key };
  }, [following, items, newest, phase, isLive]);
}
