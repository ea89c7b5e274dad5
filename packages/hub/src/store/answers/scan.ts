/** What all answers share: which blocks a selection can be in, and which of their rows it is. */

import type { RowBlock } from '../format/row-block.ts';
import type { HistoryKey, TimePoint, TimeRange } from '../questions.ts';
import { neededWords } from './needed-words.ts';
import { type RowSelection, type RowTest, RowTester } from './row-test.ts';
import type { BlockHandle, Pace, Snapshot, Walk, WalkOrder } from './snapshot.ts';

/** Rows between two looks at the clock: some 0.1 ms of plain work. */
export const ROWS_PER_LOOK = 256;

export class Scan {
  readonly snapshot: Snapshot;
  readonly pace: Pace;
  readonly tester: RowTester;
  readonly selection: RowSelection;
  readonly range: TimeRange;

  constructor(snapshot: Snapshot, pace: Pace, selection: RowSelection, range: TimeRange) {
    this.snapshot = snapshot;
    this.pace = pace;
    this.selection = selection;
    this.range = range;
    this.tester = new RowTester(selection);
  }

  /** Blocks that may have events of this selection, in this order. */
  async *walk(order: WalkOrder, more: Pick<Walk, 'after' | 'positions' | 'rows'> = {}): AsyncIterable<BlockHandle> {
    const { snapshot, range } = this;
    const needed = this.tester.node === undefined ? undefined : neededWords(this.tester.node);
    if (snapshot.walk !== undefined) {
      yield* snapshot.walk({ order, range, selection: this.selection, needed, ...more });
      return;
    }
    const blocks = await snapshot.blocks(range);
    yield* inOrder(needed === undefined ? blocks : await snapshot.having(needed, blocks), order);
  }

  /** Whether a block lies in the range as a whole. */
  covers(block: { readonly minTimeMs: number; readonly maxTimeMs: number }): boolean {
    const { from, to } = this.range;
    if (from !== undefined && (block.minTimeMs < from.ms || (block.minTimeMs === from.ms && from.nanos > 0)))
      return false;
    return to === undefined || block.maxTimeMs < to.ms;
  }

  /** The test of a block's rows, time included. */
  test(block: RowBlock): RowTest {
    const test = this.tester.test(block);
    if (test === 'none' || this.covers(block)) return test;
    const within = withinRange(block, this.range);
    return test === 'all' ? within : (row) => within(row) && test(row);
  }

  /** Hands on the rows of a block that match, in the order of arrival; others get their turns in between. */
  async eachRow(block: RowBlock, visit: (row: number) => void): Promise<void> {
    const test = this.test(block);
    if (test === 'none') return;
    for (let row = 0; row < block.count; row++) {
      if (row % ROWS_PER_LOOK === 0) await this.pace.rest();
      if (test === 'all' || test(row)) visit(row);
    }
  }
}

/** Where a way in this order meets a block first; undefined where there is no order. */
export function nearestOf(block: BlockHandle, order: WalkOrder): number | undefined {
  switch (order) {
    case 'time-asc':
      return block.minTimeMs;
    case 'time-desc':
      return block.maxTimeMs;
    case 'arrival-asc':
    case 'arrival-desc':
      return block.firstPosition;
    case 'any':
      return undefined;
  }
}

/** Blocks sorted for a way through them; as they are where there is no order. */
export function inOrder(blocks: readonly BlockHandle[], order: WalkOrder): readonly BlockHandle[] {
  if (order === 'any') return blocks;
  const sign = order.endsWith('asc') ? 1 : -1;
  return [...blocks].sort((a, b) => (nearestOf(a, order)! - nearestOf(b, order)!) * sign);
}

function withinRange(block: RowBlock, { from, to }: TimeRange): (row: number) => boolean {
  const { timeMs } = block;
  const nanosOf = (row: number) => block.nanos[row]! & 0xfffff;
  const isBefore = (row: number, point: TimePoint) => {
    const ms = timeMs[row]!;
    return ms < point.ms || (ms === point.ms && point.nanos > 0 && nanosOf(row) < point.nanos);
  };
  return (row) => (from === undefined || !isBefore(row, from)) && (to === undefined || isBefore(row, to));
}

export function keyOf(block: RowBlock, row: number): HistoryKey {
  return { ms: block.timeMs[row]!, nanos: block.nanos[row]! & 0xfffff, position: block.positionOf(row) };
}

export function compareKeys(a: HistoryKey, b: HistoryKey): number {
  return a.ms - b.ms || a.nanos - b.nanos || a.position - b.position;
}

/** First row whose position is greater than `position`. */
export function rowAfter(block: RowBlock, position: number): number {
  let low = 0;
  let high = block.count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (block.positionOf(middle) <= position) low = middle + 1;
    else high = middle;
  }
  return low;
}
