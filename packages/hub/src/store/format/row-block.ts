/** Rows of events that lie together, in the order of arrival: a chunk, or a batch that is none yet. */

import type { LogEvent } from '@flywatch/core';
import type { Stream } from './stream.ts';
import type { TextColumnReader } from './text-column-reader.ts';

export interface RowBlock {
  readonly hub: string;
  readonly count: number;
  readonly firstPosition: number;
  readonly lastPosition: number;
  readonly minTimeMs: number;
  readonly maxTimeMs: number;
  readonly streams: readonly Stream[];
  readonly timeMs: Float64Array;
  /** Nanoseconds below the millisecond, and from bit 20 on the digits that the source gave. */
  readonly nanos: Uint32Array;
  /** Events by level, trace first, where that is known without looking. */
  readonly levels: readonly number[] | undefined;
  /** Number of the stream in `streams`. */
  readonly stream: Uint16Array;
  /** Rank of the level, 0 for trace. */
  readonly level: Uint8Array;
  readonly flags: Uint16Array;
  /** Templates of the messages; undefined where messages are not cut into any. */
  readonly messages: TextColumnReader | undefined;
  positionOf(row: number): number;
  receivedAtMsOf(row: number): number;
  messageOf(row: number): string;
  eventOf(row: number): LogEvent;
}
