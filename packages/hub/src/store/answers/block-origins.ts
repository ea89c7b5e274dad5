/**
 * Who has said how much in one block, and how much of it was errors, a minute at a time. A chunk does not change, so that what
 * was counted in it is kept: a page that asks every few seconds then costs no more than what is new.
 */

import { LEVELS } from '@flywatch/core';
import type { RowBlock } from '../format/row-block.ts';
import type { Origin } from '../questions.ts';
import { ROWS_PER_LOOK } from './scan.ts';
import type { Pace } from './snapshot.ts';

const MINUTE_MS = 60_000;
const ERROR_RANK = LEVELS.indexOf('error');

/** Cells that are kept of chunks, 20 bytes each: those of a day of 50 busy machines. What was not used for longest goes. */
const MAX_KEPT_CELLS = 250_000;

/** Lines and errors of one origin in one minute, five numbers a cell. */
export const CELL = { origin: 0, minute: 1, lines: 2, errors: 3, lastSecond: 4, size: 5 } as const;

/** What was counted in a block: its origins, and cells of {@link CELL}. */
export interface BlockOrigins {
  readonly origins: readonly Origin[];
  readonly cells: Uint32Array;
}

/** Counts of blocks that never change, by what stands for them (`BlockHandle.identity`). */
export class KeptOrigins {
  readonly #kept = new Map<object, BlockOrigins>();
  #cells = 0;

  get(block: object): BlockOrigins | undefined {
    const found = this.#kept.get(block);
    if (found === undefined) return undefined;
    this.#kept.delete(block);
    this.#kept.set(block, found);
    return found;
  }

  set(block: object, counts: BlockOrigins): void {
    // Two questions in turns may both have counted it.
    this.#cells += counts.cells.length - (this.#kept.get(block)?.cells.length ?? 0);
    this.#kept.set(block, counts);
    for (const [oldest, { cells }] of this.#kept) {
      if (this.#cells <= MAX_KEPT_CELLS * CELL.size) break;
      this.#kept.delete(oldest);
      this.#cells -= cells.length;
    }
  }
}

export async function countOrigins(block: RowBlock, pace: Pace): Promise<BlockOrigins> {
  const origins: Origin[] = [];
  const numbers = new Map<string, number>();
  // Streams differ in more than we tell apart: of one machine there is one a level.
  const originOf = Uint32Array.from(block.streams, ({ app, instance, region, host, provider }) => {
    const key = originKey({ app, instance, region, host, provider });
    let number = numbers.get(key);
    if (number === undefined) {
      number = origins.push({ app, instance, region, host, provider }) - 1;
      numbers.set(key, number);
    }
    return number;
  });
  const places = new Map<number, number>();
  const cells: number[] = [];
  const { timeMs, level, stream } = block;
  for (let row = 0; row < block.count; row++) {
    if (row % ROWS_PER_LOOK === 0) await pace.rest();
    const minute = Math.floor(timeMs[row]! / MINUTE_MS);
    const origin = originOf[stream[row]!]!;
    const key = minute * origins.length + origin;
    let at = places.get(key);
    if (at === undefined) {
      at = cells.length;
      places.set(key, at);
      cells.push(origin, minute, 0, 0, 0);
    }
    cells[at + CELL.lines]!++;
    if (level[row]! >= ERROR_RANK) cells[at + CELL.errors]!++;
    cells[at + CELL.lastSecond] = Math.max(cells[at + CELL.lastSecond]!, Math.floor(timeMs[row]! / 1000));
  }
  return { origins, cells: Uint32Array.from(cells) };
}

export function originKey({ app, instance, region, host, provider }: Origin): string {
  return JSON.stringify([app, instance, region, host, provider]);
}
