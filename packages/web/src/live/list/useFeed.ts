/** The feed of a view. A new search is read beside the old one, which stays on screen until the first page has come. */

import { useCallback, useEffect, useRef, useState, useSyncExternalStore } from 'react';
import type { Arrivals } from '../arrivals.ts';
import type { View } from '../view.ts';
import type { Failure } from './failure.ts';
import { Feed, type FeedSnapshot } from './feed.ts';

export interface FeedHandle {
  readonly feed: Feed;
  readonly snapshot: FeedSnapshot;
  /** Whether another search is being read that is not shown yet. */
  readonly isChanging: boolean;
  /** Why the search that was asked for is not shown: the one before it is. */
  readonly refusal: Failure | undefined;
  /** Begins at the newest lines again. */
  readonly restart: () => void;
}

interface Asked {
  readonly key: string;
  /** The line to begin at. */
  readonly line: string | undefined;
  readonly turn: number;
}

export function useFeed(view: View, arrivals: Arrivals): FeedHandle {
  const key = JSON.stringify([view.q, view.range]);
  const [asked, setAsked] = useState<Asked>({ key, line: view.line, turn: 0 });
  const [shown, setShown] = useState(() => new Feed({ q: view.q, range: view.range, line: view.line, arrivals }));
  const [refusal, setRefusal] = useState<Failure>();
  const [isChanging, setChanging] = useState(true);
  const current = useRef(shown);

  // Another search begins at its newest lines: the open line stays open in the drawer and does not lead the list.
  if (asked.key !== key) setAsked({ key, line: undefined, turn: asked.turn + 1 });

  useEffect(() => {
    const [q, range] = JSON.parse(asked.key) as [string, View['range']];
    const feed = new Feed({ q, range, line: asked.line, arrivals });
    let isWanted = true;
    setChanging(true);
    setRefusal(undefined);
    void feed.start().then(() => {
      if (!isWanted) return;
      setChanging(false);
      const { failure } = feed.getSnapshot();
      if (failure !== undefined && current.current.getSnapshot().phase === 'ready') {
        setRefusal(failure);
        feed.stop();
        return;
      }
      current.current.stop();
      current.current = feed;
      setShown(feed);
    });
    return () => {
      isWanted = false;
      // What is on screen goes on until the next one takes its place.
      if (current.current !== feed) feed.stop();
    };
  }, [asked, arrivals]);

  useEffect(() => () => current.current.stop(), []);

  const snapshot = useSyncExternalStore(shown.subscribe, shown.getSnapshot);
  const begin = useCallback((line?: string) => setAsked((now) => ({ ...now, line, turn: now.turn + 1 })), []);

  // A line that is opened and not in the list, from a link or the drawer's context, leads the list to where it is.
  const { line } = view;
  useEffect(() => {
    const isAstray = line !== undefined && snapshot.phase === 'ready' && shown.options.line !== line;
    if (isAstray && !shown.has(line)) begin(line);
  }, [line, shown, snapshot.phase, begin]);

  const restart = useCallback(() => begin(), [begin]);
  return { feed: shown, snapshot, isChanging, refusal, restart };
}
