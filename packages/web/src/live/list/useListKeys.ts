/** The keys of the list; the same table makes the overlay of all keys. */

import { levelRank } from '@flywatch/core';
import type { LineItem } from '@flywatch/react';
import { useKeys } from '../../app/keys.ts';
import { changeSettings, readSettings } from '../../app/settings.ts';
import { useAskAvailability } from '../../ask/availability.ts';
import type { ChangeView, View } from '../view.ts';
import type { Feed } from './feed.ts';
import type { RowActions } from './Row.tsx';

interface ListKeys {
  readonly feed: Feed;
  readonly view: View;
  readonly onView: ChangeView;
  readonly actions: RowActions;
  /** The row that keys are for. */
  readonly current: () => LineItem | undefined;
  /** Goes to the next or previous line, or to the next that passes; false where there is none. */
  readonly step: (by: 1 | -1, passes?: (item: LineItem) => boolean) => boolean;
  readonly toOldest: () => void;
  readonly resume: () => void;
}

const isError = ({ event }: LineItem): boolean => levelRank(event.level) >= levelRank('error');

export function useListKeys({ feed, view, onView, actions, current, step, toOldest, resume }: ListKeys): void {
  const canAsk = useAskAvailability() === 'on';
  /** Runs for the current line; where there is none the key is not ours. */
  const onCurrent = (run: (item: LineItem) => void) => (): boolean => {
    const item = current();
    if (item !== undefined) run(item);
    return item !== undefined;
  };
  useKeys({
    scope: 'stream',
    keys: {
      Space: { text: 'Pause, resume', run: () => (feed.getSnapshot().following ? feed.pause() : resume()) },
      j: { text: 'Next, previous line', run: () => step(1) },
      k: { text: 'Next, previous line', run: () => step(-1) },
      g: { text: 'Oldest, newest', run: toOldest },
      'Shift+G': { text: 'Oldest, newest', run: resume },
      e: { text: 'Next, previous error', run: () => step(1, isError) },
      'Shift+E': { text: 'Next, previous error', run: () => step(-1, isError) },
      w: { text: 'Wrap', run: () => changeSettings({ wrap: !readSettings().wrap }) },
      r: { text: 'Reconnect now', run: () => feed.retryNow() },
      'Shift+X': { text: 'Clear the screen', run: () => feed.clear() },
    },
  });
  useKeys({
    scope: 'line',
    keys: {
      Enter: { text: 'Open, close', run: onCurrent(({ key }) => actions.open(key)) },
      Escape: {
        text: 'Open, close',
        run: () => {
          if (view.line === undefined) return false;
          onView({ line: undefined });
          return true;
        },
      },
      o: { text: 'Unfold', run: onCurrent(({ key }) => actions.unfold(key)) },
      c: { text: 'Copy line', run: onCurrent(({ event }) => actions.copy(event)) },
      l: { text: 'Copy link', run: onCurrent(({ event }) => actions.link(event)) },
      v: { text: 'Context', run: onCurrent(({ key }) => actions.context(key)) },
      ...(canAsk ? { a: { text: 'Ask about it', run: onCurrent(({ key }) => actions.ask(key)) } } : undefined),
    },
  });
}
