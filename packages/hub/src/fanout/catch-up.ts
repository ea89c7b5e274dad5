/** Where readers get what the ring does not hold any more. The hub fills this contract from its history. */

import type { Format, Selection } from '@flywatch/core';

export interface CatchUpWish {
  readonly selection: Selection;
  readonly format: Format;
  readonly raw: boolean;
  /** Source time before which events are not wanted, in milliseconds; undefined: all are. */
  readonly sinceMs: number | undefined;
  /** Nothing beyond this position: from there on the ring has it. */
  readonly until: number;
  readonly signal: AbortSignal;
}

/** Events in the order of arrival. */
export interface CatchUpPiece {
  /** Each event in the format that was asked for. */
  readonly rows: readonly string[];
  readonly positions: readonly number[];
  /** Everything up to here was looked at. */
  readonly reached: number;
  /** Nothing up to here is held any more. */
  readonly droppedTo: number;
}

export interface CatchUp {
  /** Events after a position, some of them at a time. Rejects where history cannot be read now. */
  read(position: number, maxBytes: number, wish: CatchUpWish): Promise<CatchUpPiece>;
  /** The position after which the last `tail` events that are wanted begin, or all of them. */
  start(tail: number | undefined, wish: CatchUpWish): Promise<number>;
  /** Where a person finds what lies between two ids. */
  urlOf(from: string, to: string): string;
}
