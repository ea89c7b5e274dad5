/** The one control of the stream, of a fixed width: what it does now, and the key that changes it. */

import type { ReactElement } from 'react';
import { OfflineIcon, PauseIcon } from '../app/icons.tsx';
import type { FeedSnapshot } from './list/feed.ts';

export type FollowState = 'live' | 'paused' | 'offline' | 'stopped' | 'still';

/** Whether the stream is away: also while it is tried again, which a network that is silent makes long. */
export function isAway({ state }: FeedSnapshot): boolean {
  if (state.type === 'connecting') return state.sinceMs !== undefined;
  return state.type === 'waiting' || (state.type === 'closed' && state.error !== undefined);
}

/** `still` is a range that does not follow now, `stopped` one that would if the search could be answered. */
export function followState(snapshot: FeedSnapshot, isLive: boolean): FollowState {
  if (!isLive) return 'still';
  if (snapshot.phase === 'failed') return 'stopped';
  if (isAway(snapshot)) return 'offline';
  return snapshot.following ? 'live' : 'paused';
}

const FACES = {
  live: { word: 'Live', does: 'Pause', key: 'Space' },
  paused: { word: 'Paused', does: 'Resume', key: 'Space' },
  offline: { word: 'Offline', does: 'Reconnect now', key: 'r' },
  stopped: { word: 'Stopped', does: 'Search again', key: 'r' },
  still: { word: 'Go live', does: 'Show the newest lines', key: '⇧G' },
} as const;

interface FollowButtonProps {
  readonly state: FollowState;
  readonly onPress: () => void;
}

export function FollowButton({ state, onPress }: FollowButtonProps): ReactElement {
  const { word, does, key } = FACES[state];
  return (
    <button type="button" className={`follow is-${state}`} title={does} onClick={onPress}>
      {state === 'live' && <i className="follow-dot" />}
      {state === 'paused' && <PauseIcon />}
      {(state === 'offline' || state === 'stopped') && <OfflineIcon />}
      <span className="follow-word">{word}</span>
      <kbd>{key}</kbd>
    </button>
  );
}
