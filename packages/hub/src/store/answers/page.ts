/**
 * Pages of history, by source time and then by arrival, newest or oldest first.
 *
 * Blocks overlap in time, since events come late. They are looked at in the order of their newest (or oldest) event; once a
 * page is full of events that no block further on can come before, it is done. So the newest page of a month is
 * one block, and an event that came a day late is found in its place.
 */

import type { LogEvent } from '@flywatch/core';
import type { RowBlock } from '../format/row-block.ts';
import type { HistoryKey, KeysAnswer, KeysQuestion, PageAnswer, PageQuestion, TimeRange } from '../questions.ts';
import { renderRow } from './render-row.ts';
import type { RowSelection } from './row-test.ts';
import { compareKeys, keyOf, ROWS_PER_LOOK, Scan } from './scan.ts';
import type { BlockHandle, Pace, Snapshot } from './snapshot.ts';

export interface PageWish<T> {
  readonly selection: RowSelection;
  readonly range: TimeRange;
  readonly order: 'asc' | 'desc';
  readonly limit: number;
  readonly after?: HistoryKey | undefined;
  readonly positions?: PageQuestion['positions'];
  readonly patienceMs: number;
  /** What is kept of an event that may be on the page. */
  readonly take: (event: LogEvent) => T;
  /** Characters of what is kept: a page ends after {@link MAX_PAGE_CHARS}. */
  readonly weigh: (value: T) => number;
}

/**
 * Characters of a page: a thousand lines of the largest size would be 256 MB. A page that is full for this reason has
 * fewer rows than were asked for, and a next page.
 */
const MAX_PAGE_CHARS = 8 * 1024 * 1024;

interface Found<T> {
  readonly key: HistoryKey;
  readonly value: T;
}

export interface Page<T> {
  readonly found: readonly Found<T>[];
  readonly next: HistoryKey | undefined;
  readonly partial: boolean;
}

/** Greater than every key of its millisecond, and less than every one of it. */
const LAST = { nanos: 1e6, position: Number.MAX_SAFE_INTEGER };
const FIRST = { nanos: -1, position: 0 };

export async function readPage<T>(snapshot: Snapshot, pace: Pace, wish: PageWish<T>): Promise<Page<T>> {
  const { order, after } = wish;
  let { limit } = wish;
  const scan = new Scan(snapshot, pace, wish.selection, wish.range);
  const sign = order === 'asc' ? 1 : -1;
  const nearest = (block: BlockHandle) => (order === 'asc' ? block.minTimeMs : block.maxTimeMs);
  const furthest = (block: BlockHandle) => (order === 'asc' ? block.maxTimeMs : block.minTimeMs);
  const { positions } = wish;
  const blocks = scan
    .walk(`time-${order}`, {
      after,
      rows: limit + 1,
      ...(positions === undefined ? undefined : { positions: { above: positions.after, upTo: positions.until } }),
    })
    [Symbol.asyncIterator]();
  const isWanted = (block: BlockHandle) =>
    (positions === undefined || (block.lastPosition > positions.after && block.firstPosition <= positions.until)) &&
    (after === undefined || (furthest(block) - after.ms) * sign >= 0);
  const nextBlock = async () => {
    for (;;) {
      const { done, value } = await blocks.next();
      if (done === true) return undefined;
      if (isWanted(value)) return value;
    }
  };

  let found: Found<T>[] = [];
  let upNext = await nextBlock();
  while (upNext !== undefined) {
    const handle = upNext;
    const last = found[limit];
    // One more than the page tells that there is another page.
    if (last !== undefined && (nearest(handle) - last.key.ms) * sign > 0) break;
    const block = await handle.open();
    upNext = await nextBlock();
    // Where the next block begins at or before the cursor, stopping within this one would lead back to the same place.
    const mayStop = after === undefined || upNext === undefined || (nearest(upNext) - after.ms) * sign > 0;
    const patienceMs = mayStop ? wish.patienceMs : Number.POSITIVE_INFINITY;
    const rows = await collect(scan, block, { ...wish, limit, patienceMs }, found[limit]?.key);
    if (rows.rows.length > 0) {
      found.push(...taken(block, rows.rows, wish));
      found.sort((a, b) => compareKeys(a.key, b.key) * sign);
      limit = Math.min(limit, rowsOfPage(found, wish.weigh));
      found = found.slice(0, limit + 1);
    }
    const late = rows.stoppedAtMs !== undefined || (upNext !== undefined && pace.elapsedMs() > wish.patienceMs);
    if (late) {
      // Beyond the edge some block has not been looked at; what lies before it is complete.
      const edges = [rows.stoppedAtMs, upNext && nearest(upNext)].filter((edge) => edge !== undefined);
      const edgeMs = order === 'asc' ? Math.min(...edges) : Math.max(...edges);
      const complete = found.filter(({ key }) => (key.ms - edgeMs) * sign < 0);
      if (complete.length > limit)
        return { found: complete.slice(0, limit), next: complete[limit - 1]!.key, partial: false };
      const next = { ms: edgeMs, ...(order === 'asc' ? FIRST : LAST) };
      // At least one millisecond is gone through each time, or a client would ask for the same page for ever.
      const moved = after === undefined || (edgeMs - after.ms) * sign > 0;
      if (moved) return { found: complete, next, partial: true };
    }
  }
  const page = found.slice(0, limit);
  return { found: page, next: found.length > limit ? page.at(-1)!.key : undefined, partial: false };
}

/** Rows of a block, in their order on the page, up to the one with which the page would be full. */
function taken<T>(block: RowBlock, rows: readonly number[], { take, weigh }: PageWish<T>): Found<T>[] {
  const found: Found<T>[] = [];
  let chars = 0;
  for (const row of rows) {
    const value = take(block.eventOf(row));
    found.push({ key: keyOf(block, row), value });
    chars += weigh(value);
    if (chars > MAX_PAGE_CHARS && found.length > 1) break;
  }
  return found;
}

/** How many of the rows found the page has room for: at least one. */
function rowsOfPage<T>(found: readonly Found<T>[], weigh: PageWish<T>['weigh']): number {
  let chars = 0;
  const full = found.findIndex(({ value }) => {
    chars += weigh(value);
    return chars > MAX_PAGE_CHARS;
  });
  return full === -1 ? Number.POSITIVE_INFINITY : Math.max(1, full);
}

interface Collected {
  readonly rows: number[];
  /** Where time ran out: rows of this millisecond and beyond it were not looked at. */
  readonly stoppedAtMs: number | undefined;
}

/** The rows of a block that may be on the page: the first `limit` and one more, and all of the last one's millisecond. */
async function collect(
  scan: Scan,
  block: RowBlock,
  { order, limit, after, positions, patienceMs }: Omit<PageWish<unknown>, 'take' | 'weigh'>,
  worst: HistoryKey | undefined,
): Promise<Collected> {
  const test = scan.test(block);
  const rows: number[] = [];
  if (test === 'none') return { rows, stoppedAtMs: undefined };
  const sign = order === 'asc' ? 1 : -1;
  const { timeMs, count } = block;
  const byTime = rowsByTime(timeMs);
  let first = 0;
  if (after !== undefined) {
    // Rows at or beyond the cursor's millisecond.
    let low = 0;
    let high = count;
    const rowAt = (i: number) => timeMs[rowIn(byTime, i, count, order)]!;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((rowAt(middle) - after.ms) * sign < 0) low = middle + 1;
      else high = middle;
    }
    first = low;
  }
  let lastMs = Number.NaN;
  let isLate = false;
  for (let i = first; i < count; i++) {
    const row = rowIn(byTime, i, count, order);
    const ms = timeMs[row]!;
    if (ms !== lastMs) {
      // Rows of one millisecond are ordered by nanoseconds, which are not looked at until it is whole.
      if (rows.length > limit) break;
      if (worst !== undefined && (ms - worst.ms) * sign > 0) break;
      if (isLate && i > first) return { rows, stoppedAtMs: ms };
      lastMs = ms;
    }
    if (i % ROWS_PER_LOOK === 0) {
      await scan.pace.rest();
      isLate = scan.pace.elapsedMs() > patienceMs;
    }
    if (test !== 'all' && !test(row)) continue;
    if (positions !== undefined) {
      const position = block.positionOf(row);
      if (position <= positions.after || position > positions.until) continue;
    }
    if (after !== undefined && ms === after.ms && compareKeys(keyOf(block, row), after) * sign <= 0) continue;
    rows.push(row);
  }
  if (rows.length > limit + 1) {
    rows.sort((a, b) => compareKeys(keyOf(block, a), keyOf(block, b)) * sign);
    rows.length = limit + 1;
  }
  return { rows, stoppedAtMs: undefined };
}

function rowIn(byTime: Uint32Array | undefined, i: number, count: number, order: 'asc' | 'desc'): number {
  const at = order === 'asc' ? i : count - 1 - i;
  return byTime === undefined ? at : byTime[at]!;
}

/** Rows by time; undefined where they lie so already. */
function rowsByTime(timeMs: Float64Array): Uint32Array | undefined {
  for (let row = 1; row < timeMs.length; row++) {
    if (timeMs[row]! < timeMs[row - 1]!) {
      return Uint32Array.from(timeMs.keys()).sort((a, b) => timeMs[a]! - timeMs[b]! || a - b);
    }
  }
  return undefined;
}

export async function answerPage(snapshot: Snapshot, pace: Pace, question: PageQuestion): Promise<PageAnswer> {
  const { form } = question;
  const page = await readPage(snapshot, pace, {
    ...question,
    take: (event) => renderRow(event, form),
    weigh: (row) => row.length,
  });
  return {
    rows: page.found.map(({ value }) => value),
    keys: page.found.map(({ key }) => key),
    next: page.next,
    partial: page.partial,
  };
}

export async function answerKeys(snapshot: Snapshot, pace: Pace, question: KeysQuestion): Promise<KeysAnswer> {
  const { found, next } = await readPage(snapshot, pace, {
    ...question,
    order: 'asc',
    patienceMs: Number.POSITIVE_INFINITY,
    take: ({ instance, message }) => ({ instance, message }),
    weigh: ({ message }) => message.length,
  });
  return {
    instances: found.map(({ value }) => value.instance),
    messages: found.map(({ value }) => value.message),
    keys: found.map(({ key }) => key),
    next,
  };
}
