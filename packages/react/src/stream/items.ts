/** What a stream of lines consists of: lines, and bands that say in the place where it happened what is not there. */

import type { HubError, HubUnreachableError } from '@flywatch/client';
import type { FlatEvent } from '@flywatch/core';

export type StreamItem = LineItem | GapItem | ReconnectedItem;

export interface LineItem {
  readonly type: 'line';
  /** Id of its first line: the same item keeps it when lines join. */
  readonly key: string;
  readonly event: FlatEvent;
  /** Lines that belong to it, such as the frames of a stack trace that came one by one. */
  readonly more: readonly FlatEvent[];
}

/** Lines are missing here. */
export interface GapItem {
  readonly type: 'gap';
  readonly key: string;
  /** Lines missing, before any filter; null where nobody knows. */
  readonly count: number | null;
  /** `lagged`, `expired`, `other_hub`, `relay`, `too_large`, `unreadable`, or what a newer hub says. */
  readonly reason: string;
  /** Path below the hub's address at which the missing lines can be had; absent where they are gone. */
  readonly url: string | undefined;
}

/** The connection was lost and is back. */
export interface ReconnectedItem {
  readonly type: 'reconnected';
  readonly key: string;
  readonly awayMs: number;
  /** Lines that had come meanwhile and were sent after. */
  readonly caughtUp: number;
  /** Whether none was lost: else a gap follows and says what is missing. */
  readonly complete: boolean;
}

/** What becomes of the connection. */
export type StreamState =
  | { readonly type: 'idle' }
  | {
      readonly type: 'connecting';
      /** Since when the connection is away, in milliseconds since 1970; undefined at the first try, before anything was lost. */
      readonly sinceMs: number | undefined;
    }
  | { readonly type: 'open' }
  | {
      readonly type: 'waiting';
      /** When it is tried again, in milliseconds since 1970. */
      readonly retryAtMs: number;
      /** Failures in a row, this one included. */
      readonly failures: number;
      /** As of `connecting`. */
      readonly sinceMs: number;
      readonly reason: string;
    }
  | { readonly type: 'closed'; readonly error: HubError | HubUnreachableError | undefined };

/** Lines of an item, those that joined included; a band has none. */
export function linesOf(item: StreamItem): number {
  return item.type === 'line' ? 1 + item.more.length : 0;
}
