/** The one control of the stream, of a fixed width: what it does now, and the key that changes it. */

import type { ReactElement } from 'react';
import { OfflineIcon, PauseIcon } from '../app/icons.tsx';
import type { FeedSnapshot } from './list/feed.ts';

export type FollowState = 'live' | 'paused' | 'offline' | 'still';

/** `still` is a range that does not follow now. */
export function followState({ state, following }: FeedSnapshot, isLive: boolean): FollowState {
  if (!isLive) return 'still';
  if (state.type === 'waiting' || (state.type === 'closed' && state.error !== undefined)) return 'offline';
  return following ? 'live' : 'paused';
}

const FACES = {
  live: { word: 'Live', does: 'Pause', key: 'Space' },
  paused: { word: 'Paused', does: 'Resume', key: 'Space' },
  offline: { word: 'Offline', does: 'Reconnect now', key: 'r' },
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
      {state === 'offline' && <OfflineIcon />}
      <span className="follow-word">{word}</span>
      <kbd>{key}</kbd>
    </button>
  );
}
