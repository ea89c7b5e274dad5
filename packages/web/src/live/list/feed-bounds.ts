/**
 * How much a feed holds, and where it goes on after something had to go. Pages of history go as a whole, each with the
 * cursor that it began at, so that it can be read again; when only live lines are left, the oldest of them go and become
 * history: what arrived up to the last of them is read from there.
 */

import type { ChunkedList, StreamItem } from '@flywatch/react';
import { linesOf } from '@flywatch/react';

/** Lines of a list: some 200 MB of ordinary ones, and more than anybody scrolls through. */
const MAX_LINES = 200_000;

/** Live lines that go at once: one by one, each batch would move everything. */
const TRIMMED_ITEMS = 2_000;

interface HistoryPage {
  /** Cursor that it was asked with; undefined for the first. */
  readonly cursor: string | undefined;
  readonly items: number;
}

export interface Trimmed {
  readonly items: ChunkedList<StreamItem>;
  readonly lines: number;
  /** Id of the newest live line that went; undefined where only pages went. */
  readonly until: string | undefined;
}

export class FeedBounds {
  readonly #maxLines: number;
  /** Newest first: the last one is at the beginning of the list. */
  #pages: HistoryPage[] = [];
  #olderCursor: string | undefined;

  constructor(maxLines = MAX_LINES) {
    this.#maxLines = maxLines;
  }

  get olderCursor(): string | undefined {
    return this.#olderCursor;
  }

  setOlderCursor(cursor: string | undefined): void {
    this.#olderCursor = cursor;
  }

  addPage(cursor: string | undefined, items: number): void {
    this.#pages.push({ cursor, items });
  }

  clear(): void {
    this.#pages = [];
  }

  isFull(lines: number): boolean {
    return lines >= this.#maxLines;
  }

  /** The list without what is too much; undefined where nothing is. */
  trim(items: ChunkedList<StreamItem>, lines: number): Trimmed | undefined {
    if (lines <= this.#maxLines) return undefined;
    let rest = items;
    let held = lines;
    let until: string | undefined;
    while (held > this.#maxLines && rest.length > 0) {
      const page = this.#pages.pop();
      const count = page?.items ?? Math.min(TRIMMED_ITEMS, rest.length);
      for (const item of rest.between(rest.first, rest.first + count)) {
        held -= linesOf(item);
        if (page === undefined && item.type === 'line') until = newest(item.more.at(-1)?.id ?? item.event.id, until);
      }
      rest = rest.dropFirst(count);
      this.#olderCursor = page?.cursor;
    }
    return { items: rest, lines: held, until };
  }
}

function newest(a: string, b: string | undefined): string {
  return b === undefined || a > b ? a : b;
}
