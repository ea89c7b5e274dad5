/** Where readers go on that were at another hub of the group. The hub fills this contract from its relay. */

/** Positions from one to another, both included. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

export interface Place {
  /** The reader has seen all up to here ... */
  readonly after: number;
  /** ... and what stands here: in order, apart from each other. */
  readonly seen: readonly Span[];
  /** False where some that the reader has not seen may be missing here. */
  readonly isWhole: boolean;
}

export interface OtherHubs {
  /** Resolves when the reader's place can be told, or will not be told any better; undefined where that is so now. */
  settled(hub: string, position: number): Promise<void> | undefined;
  /** Where a reader goes on that has seen another hub's events up to a position; undefined where that is not known. */
  placeOf(hub: string, position: number): Place | undefined;
}

/** Whether a position is in one of the spans. */
export function isWithin(spans: readonly Span[], position: number): boolean {
  let low = 0;
  let high = spans.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (spans[middle]!.to < position) low = middle + 1;
    else high = middle;
  }
  return low < spans.length && spans[low]!.from <= position;
}
