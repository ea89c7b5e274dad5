/** Under the list, so that it never covers a line: what came while it stands still, or that the hub is away. */

import type { StreamState } from '@flywatch/react';
import { type ReactElement, useEffect, useReducer } from 'react';
import { counted } from '../../app/format.ts';
import { ArrowDownIcon, OfflineIcon, PauseIcon } from '../../app/icons.tsx';
import { isAway } from '../FollowButton.tsx';
import type { FeedSnapshot } from './feed.ts';
import './dock.css';

interface DockProps {
  readonly snapshot: FeedSnapshot;
  /** Whether the range follows now. */
  readonly isLive: boolean;
  readonly onResume: () => void;
  readonly onRetry: () => void;
}

export function Dock({ snapshot, isLive, onResume, onRetry }: DockProps): ReactElement | null {
  if (!isLive) return null;
  if (isAway(snapshot)) return <OfflineDock snapshot={snapshot} onRetry={onRetry} />;
  return snapshot.following ? null : <PausedDock snapshot={snapshot} onResume={onResume} />;
}

function PausedDock({ snapshot, onResume }: Pick<DockProps, 'snapshot' | 'onResume'>): ReactElement {
  const { held, isFull, newer } = snapshot;
  const errors = (held.byLevel.error ?? 0) + (held.byLevel.fatal ?? 0);
  const warnings = held.byLevel.warn ?? 0;
  return (
    <div className="list-dock is-paused">
      <PauseIcon />
      <b className="list-dock-state">Paused</b>
      <span className="list-dock-new">
        {newer === 'live' ? `${counted(held.lines, 'new line')}${isFull ? ' and more' : ''}` : 'Newer lines follow'}
      </span>
      {errors > 0 && <span className="list-dock-count is-error">{counted(errors, 'error')}</span>}
      {warnings > 0 && <span className="list-dock-count is-warn">{counted(warnings, 'warning')}</span>}
      <span className="list-dock-hint">
        Scroll down, <kbd>⇧G</kbd> or
      </span>
      <button type="button" className="button is-primary" onClick={onResume}>
        <ArrowDownIcon />
        Resume
      </button>
    </div>
  );
}

const TRIES = ['first', 'second', 'third', 'fourth', 'fifth'];

/** `third try`, `try 12`. */
function nth(tries: number): string {
  const word = TRIES[tries - 1];
  return word === undefined ? `try ${tries}` : `${word} try`;
}

function Trying({ state }: { readonly state: StreamState }): ReactElement {
  const isWaiting = state.type === 'waiting';
  return (
    <span title={isWaiting ? state.reason : undefined}>
      {isWaiting
        ? `Trying again in ${Math.max(0, Math.ceil((state.retryAtMs - Date.now()) / 1000))} s (${nth(state.failures)}). `
        : 'Trying now. '}
      What you see stays; the hub keeps new lines for you.
    </span>
  );
}

function OfflineDock({ snapshot, onRetry }: Pick<DockProps, 'snapshot' | 'onRetry'>): ReactElement {
  const { state } = snapshot;
  const [, tick] = useReducer((n: number) => n + 1, 0);
  useEffect(() => {
    const timer = setInterval(tick, 1000);
    return () => clearInterval(timer);
  }, []);
  return (
    <div className="list-dock is-offline">
      <OfflineIcon />
      <p>
        <b>Connection to the hub lost.</b> {state.type === 'closed' ? state.error?.message : <Trying state={state} />}
      </p>
      <button type="button" className="link-button" onClick={onRetry}>
        Try now
      </button>
    </div>
  );
}
