/**
 * Rows of the database as blocks, on a way through time or through arrival. What a question reads is not known beforehand: each
 * block is a stretch of the way, begins where the last one ended, and is read when it is opened.
 *
 *   cursor ├── stretch: rows of at most so many microseconds, so many rows, so many bytes ──┤ cursor ├── …
 *
 * A stretch is bounded in time too, so that a search that finds nothing comes to an end now and then, and a question can
 * be answered with what it has. A quick stretch makes the next one longer, a slow one shorter.
 */

import type { LogEvent } from '@flywatch/core';
import type { BlockHandle, Walk } from '../answers/snapshot.ts';
import type { RowBlock } from '../format/row-block.ts';
import { addRange, addSelection, Conditions, microsOf, TIME_PARAMETER } from './conditions.ts';
import { EventBlock, eventBlocks } from './event-block.ts';
import type { Queries } from './queries.ts';
import { READ_COLUMNS, type Row, readRow } from './row-format.ts';

/** Most rows of a block: 4,000 usual lines are some 4 MB as events. */
const MAX_ROWS = 4000;

/** Rows of a first block, when a few are enough. */
const FIRST_ROWS = 128;

/** Each block may have so many times the rows of the one before. */
const ROWS_GROWTH = 4;

/** Text of a block at most, in bytes; a single longer line is a block of its own. */
const MAX_BYTES = 8 * 1024 * 1024;

/** First stretch: a day of time, or a million positions. Stretches that take less than the one time grow, more than the other shrink. */
const FIRST_STRETCH = { time: 86_400_000_000, position: 1_000_000 } as const;
const STRETCH_GROWTH = 4;
/** Next to a stretch that was cut, since the next block has more rows. */
const STRETCH_SPARE = 2 * ROWS_GROWTH;
const QUICK_MS = 100;
const SLOW_MS = 700;
const SHORTEST = { time: 60_000_000, position: 1000 } as const;

export interface WalkScope {
  readonly queries: Queries;
  /** Of all rows that a question may see. */
  readonly visible: (conditions: Conditions) => void;
  /** Whose positions a way through arrival is about. */
  readonly hub: string;
}

/** A stretch of the way, in microseconds or positions. */
class Stretch implements BlockHandle {
  readonly count = 0;
  readonly counted = undefined;
  minTimeMs = Number.NEGATIVE_INFINITY;
  maxTimeMs = Number.POSITIVE_INFINITY;
  firstPosition = 0;
  lastPosition = Number.MAX_SAFE_INTEGER;
  readonly #read: (stretch: Stretch) => Promise<readonly EventBlock[]>;
  #blocks: readonly EventBlock[] | undefined;

  constructor(axis: Axis, low: number, high: number, read: (stretch: Stretch) => Promise<readonly EventBlock[]>) {
    this.bound(axis, low, high);
    this.#read = read;
  }

  bound(axis: Axis, low: number, high: number): void {
    if (axis === 'time') {
      this.minTimeMs = Math.floor(low / 1000);
      this.maxTimeMs = Math.floor(high / 1000);
    } else {
      this.firstPosition = low;
      this.lastPosition = high;
    }
  }

  async open(): Promise<RowBlock> {
    return (await this.blocks())[0] ?? EMPTY;
  }

  /** One a hub. */
  async blocks(): Promise<readonly EventBlock[]> {
    this.#blocks ??= await this.#read(this);
    return this.#blocks;
  }
}

const EMPTY = new EventBlock([]);

type Axis = 'time' | 'position';

export async function* walkRows(scope: WalkScope, walk: Walk): AsyncIterable<BlockHandle> {
  const axis: Axis = walk.order.startsWith('arrival') ? 'position' : 'time';
  const isUp = walk.order.endsWith('asc');
  const limits = await limitsOf(scope, walk, axis);
  if (limits === undefined) return;
  let [low, high] = limits;
  let length: number = FIRST_STRETCH[axis];
  let limit = walk.rows === undefined ? MAX_ROWS : Math.min(MAX_ROWS, Math.max(FIRST_ROWS, walk.rows));
  // The row that the last block ended with: times may be equal, so that its id is needed too.
  let last: { readonly at: number; readonly id: string } | undefined;

  while (low <= high) {
    const [from, to] = isUp ? [low, Math.min(high, low + length)] : [Math.max(low, high - length), high];
    let isCut = false;
    const stretch: Stretch = new Stretch(axis, from, to, async (own) => {
      const startMs = performance.now();
      const conditions = new Conditions();
      scope.visible(conditions);
      addRange(conditions, walk.range);
      addSelection(conditions, walk.selection, walk.needed);
      if (axis === 'time') {
        conditions.add(`timestamp >= ${TIME_PARAMETER}`, from).add(`timestamp <= ${TIME_PARAMETER}`, to);
        if (last !== undefined)
          conditions.add(`(timestamp, id) ${isUp ? '>' : '<'} (${TIME_PARAMETER}, ?::bigint)`, last.at, last.id);
      } else {
        conditions.add('position BETWEEN ?::bigint AND ?::bigint', from, to);
        // A line that is named by its position may be another hub's; an order of arrival is always one hub's own.
        if (!isNamed(walk)) conditions.add('hub = ?', scope.hub);
      }
      const { events, end, hasMore } = await readPiece(scope.queries, conditions, { axis, isUp, limit });
      isCut = hasMore;
      if (hasMore) {
        last = end;
        own.bound(axis, isUp ? from : end!.at, isUp ? end!.at : to);
      }
      const tookMs = performance.now() - startMs;
      // What was cut shows how long a full block is: a search would look through the rest of a longer stretch each time anew.
      if (hasMore) length = Math.max(SHORTEST[axis], Math.abs(end!.at - (isUp ? from : to)) * STRETCH_SPARE);
      else if (tookMs < QUICK_MS) length *= STRETCH_GROWTH;
      else if (tookMs > SLOW_MS) length = Math.max(SHORTEST[axis], length / STRETCH_GROWTH);
      return eventBlocks(events);
    });
    yield stretch;
    for (const block of (await stretch.blocks()).slice(1)) yield handleOf(block, stretch);
    limit = Math.min(MAX_ROWS, limit * ROWS_GROWTH);
    if (axis === 'time' && isCut) {
      if (isUp) low = last!.at;
      else high = last!.at;
    } else if (axis === 'position') {
      if (isUp) low = stretch.lastPosition + 1;
      else high = stretch.firstPosition - 1;
    } else {
      last = undefined;
      if (isUp) low = to + 1;
      else high = from - 1;
    }
  }
}

function isNamed({ positions }: Walk): boolean {
  return positions !== undefined && positions.upTo - positions.above === 1;
}

/** Another hub's events of a stretch. */
function handleOf(block: EventBlock, { minTimeMs, maxTimeMs }: Stretch): BlockHandle {
  const { firstPosition, lastPosition, count } = block;
  return { count, minTimeMs, maxTimeMs, firstPosition, lastPosition, counted: undefined, open: () => block };
}

interface PieceWish {
  readonly axis: Axis;
  readonly isUp: boolean;
  readonly limit: number;
}

interface Piece {
  readonly events: LogEvent[];
  readonly end: { readonly at: number; readonly id: string } | undefined;
  /** Whether rows or bytes were the limit, so that there may be more in the stretch. */
  readonly hasMore: boolean;
}

async function readPiece(queries: Queries, conditions: Conditions, { axis, isUp, limit }: PieceWish): Promise<Piece> {
  const direction = isUp ? 'ASC' : 'DESC';
  const order = axis === 'time' ? `timestamp ${direction}, id ${direction}` : `position ${direction}`;
  // The text of a row is not unpacked to be measured, and not read beyond what a block may have.
  const rows = await queries.rows<readonly unknown[]>(
    `SELECT ${READ_COLUMNS}, available FROM (
       SELECT *, count(*) OVER () AS available, row_number() OVER way AS number,
         sum(octet_length(message) + coalesce(octet_length(raw), 0) + coalesce(octet_length(exact), 0)
           + coalesce(octet_length(structure), 0)) OVER way AS bytes
       FROM (SELECT * FROM log_entries WHERE ${conditions.sql} ORDER BY ${order} LIMIT ${limit}) AS piece
       WINDOW way AS (ORDER BY ${order})
     ) AS measured WHERE number = 1 OR bytes <= ${MAX_BYTES} ORDER BY number`,
    conditions.values,
  );
  const final = rows.at(-1) as Row | undefined;
  const available = Number(rows[0]?.at(-1) ?? 0);
  return {
    events: rows.map((row) => readRow(row as unknown as Row)),
    end: final === undefined ? undefined : { at: Number(axis === 'time' ? final[0] : final[3]), id: final[1] },
    hasMore: available === limit || rows.length < available,
  };
}

/** Where the way begins and ends; undefined where there is nothing on it. */
async function limitsOf({ queries }: WalkScope, walk: Walk, axis: Axis): Promise<[number, number] | undefined> {
  const column = axis === 'time' ? '(extract(epoch FROM %(timestamp)) * 1000000)::bigint' : '%(position)';
  const [row] = await queries.rows<readonly [string | null, string | null]>(
    `SELECT ${column.replace('%', 'min')}, ${column.replace('%', 'max')} FROM log_entries`,
  );
  if (row === undefined || row[0] === null || row[1] === null) return undefined;
  let [low, high] = [Number(row[0]), Number(row[1])];
  const { range, after, positions, order } = walk;
  if (axis === 'time') {
    if (range.from !== undefined) low = Math.max(low, microsOf(range.from));
    if (range.to !== undefined) high = Math.min(high, microsOf(range.to));
    if (after !== undefined && order === 'time-asc') low = Math.max(low, after.ms * 1000);
    if (after !== undefined && order === 'time-desc') high = Math.min(high, after.ms * 1000 + 999);
  } else if (positions !== undefined) {
    low = Math.max(low, positions.above + 1);
    high = Math.min(high, positions.upTo);
  }
  return low <= high ? [low, high] : undefined;
}
