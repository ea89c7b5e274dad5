/** What a tail yields: events, gaps where events are missing, and what becomes of the connection. */

import type { Fields, FlatEvent } from '@flywatch/core';
import type { HubError, HubUnreachableError } from './errors.ts';

export type TailItem = TailEvent | TailGap | TailState;

export interface TailEvent {
  readonly type: 'event';
  readonly event: FlatEvent;
}

/**
 * Events are missing here. Said by the hub: `lagged` (this reader was too slow), `expired` (retention has eaten them),
 * `other_hub` (the cursor is another hub's), `relay` (another hub sent them, and they did not arrive). Said by the client: `too_large` and `unreadable`, one event that came and
 * could not be taken.
 */
export type GapReason = 'lagged' | 'expired' | 'other_hub' | 'relay' | 'too_large' | 'unreadable';

export interface TailGap {
  readonly type: 'gap';
  /** The last event before the gap, null where nobody knows. */
  readonly from: string | null;
  /** Where the stream goes on: what follows is greater. Null where nobody knows. */
  readonly to: string | null;
  /** Events missing, null where nobody knows. */
  readonly count: number | null;
  /** A newer hub may have reasons that are not in the list. */
  readonly reason: GapReason | (string & {});
  /** All that the hub said about it, such as where the missing events can be fetched. Untrusted. */
  readonly details: Readonly<Fields>;
}

/** Why a tail waits before it connects again. */
export type TailInterruption =
  /** No connection came about, or the hub answered with an error. */
  | 'refused'
  /** The hub ended the stream in good order, as it does when it restarts. */
  | 'ended'
  /** The connection broke. */
  | 'lost'
  /** Not one byte for longer than the hub's pings may take: the other side is gone without a word. */
  | 'silent';

export type TailState = TailConnecting | TailOpen | TailWaiting | TailClosed;

export interface TailConnecting {
  readonly type: 'state';
  readonly state: 'connecting';
  /** The id after which the stream shall go on, null where there is none yet. */
  readonly after: string | null;
}

export interface TailOpen {
  readonly type: 'state';
  readonly state: 'open';
  /** Whether this connection goes on after an id, so that nothing is missing unless a gap says so. */
  readonly resumed: boolean;
}

export interface TailWaiting {
  readonly type: 'state';
  readonly state: 'waiting';
  readonly delayMs: number;
  /** Interruptions since something last worked: 1 for the first. */
  readonly failures: number;
  readonly reason: TailInterruption;
  /** How long nothing had come, in milliseconds: 0 unless the reason is `silent`. */
  readonly silentMs: number;
  /** Null where the stream just ended. */
  readonly error: HubError | HubUnreachableError | null;
}

/** The last item. After `failed` the iteration throws the error too, so that nobody takes it for an end of the log. */
export interface TailClosed {
  readonly type: 'state';
  readonly state: 'closed';
  readonly reason: 'aborted' | 'failed';
  readonly error: HubError | HubUnreachableError | null;
}
