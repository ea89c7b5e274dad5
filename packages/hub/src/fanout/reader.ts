/**
 * One live reader: a cursor into the ring, a filter shared with its group, and a socket whose fullness gates it. It has no
 * queue: what it could not take yet stays in the ring, for everybody.
 */

import type { LogEvent } from '@flywatch/core';
import type { Group } from './group.ts';
import type { Span } from './other-hubs.ts';
import type { ReaderOrigin } from './roster.ts';
import type { TailSearch } from './tail-search.ts';

/** Where a reader's bytes go. */
export interface Sink {
  /** Called once before any byte: the id that the reader would resume after if it lost the connection right now. */
  opened(id: string): void;
  /** Hands bytes to the socket; false when it is full, and `drained` must be told when it is not any more. */
  write(bytes: Uint8Array): boolean;
  /** Ends the stream for this reader, in the manner of its protocol. */
  close(reason: CloseReason): void;
}

export type CloseReason =
  /** The hub goes down: reconnect. */
  | 'shutdown'
  /** No progress for too long. */
  | 'stalled';

/** Events before the live edge that a reader wants: those that match from `cursor` up to `untilIndex`. */
export interface Backlog {
  readonly untilIndex: number;
  /** Position of the last of them. */
  readonly untilPosition: number;
  /** Source time before which they are not wanted. */
  readonly sinceMs: number | undefined;
  /** Positions that the reader has seen at another hub; `matches` leaves them out. */
  readonly seen?: readonly Span[];
  readonly matches: (event: LogEvent) => boolean;
}

export class Reader {
  readonly group: Group;
  readonly sink: Sink;
  readonly origin: ReaderOrigin | undefined;
  /** When it came, in milliseconds since 1970. */
  readonly sinceMs = Date.now();
  /** Ring index of the next event to look at; stale while the reader moves with its group. */
  cursor: number;
  /** Position up to which everything was sent or judged; the base of gaps and pings. */
  position: number;
  backlog: Backlog | undefined;
  /** While this is not done, nothing is sent. */
  tailSearch: TailSearch | undefined;
  /** `live`: moves with its group. `behind`: reads on its own. `blocked`: waits for its socket. */
  state: 'live' | 'behind' | 'blocked' | 'closed' = 'behind';
  /** When the socket stopped taking bytes, in milliseconds of the fan-out's clock. */
  blockedAtMs = 0;
  /** Whether it reads from history: the ring does not hold yet what comes after its position. */
  fromHistory = false;
  /** Ends the question to history that is under way. */
  asking: AbortController | undefined;
  /** A frame that must reach the reader when it can take bytes again: the newest news of a source. */
  notice: Uint8Array | undefined;

  constructor(group: Group, sink: Sink, cursor: number, position: number, origin?: ReaderOrigin) {
    this.group = group;
    this.sink = sink;
    this.origin = origin;
    this.cursor = cursor;
    this.position = position;
  }
}
