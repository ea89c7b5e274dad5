/** One row as a filter sees it. Moved from row to row; what a filter does not ask for is not read. */

import { type FilterTarget, formatEventId, LEVELS, type Level, type LogEvent, stripAnsi } from '@flywatch/core';
import type { RowBlock } from '../format/row-block.ts';
import { formatSourceTime } from '../format/source-time.ts';
import type { Stream } from '../format/stream.ts';

export class RowTarget implements FilterTarget {
  readonly #block: RowBlock;
  #row = 0;
  #message: string | undefined;
  #plainText: string | undefined;
  #searchText: string | undefined;
  #event: LogEvent | undefined;

  constructor(block: RowBlock) {
    this.#block = block;
  }

  /** The target, at another row. */
  at(row: number): this {
    if (row !== this.#row) {
      this.#row = row;
      this.#message = undefined;
      this.#plainText = undefined;
      this.#searchText = undefined;
      this.#event = undefined;
    }
    return this;
  }

  get event(): LogEvent {
    this.#event ??= this.#block.eventOf(this.#row);
    return this.#event;
  }

  get message(): string {
    this.#message ??= this.#block.messageOf(this.#row);
    return this.#message;
  }

  get plainText(): string {
    this.#plainText ??= stripAnsi(this.message);
    return this.#plainText;
  }

  get searchText(): string {
    this.#searchText ??= this.plainText.toLowerCase();
    return this.#searchText;
  }

  get fields() {
    return this.event.fields;
  }

  get id(): string {
    return formatEventId(this.#block.positionOf(this.#row), this.#block.hub);
  }

  get time(): string {
    const packed = this.#block.nanos[this.#row]!;
    return formatSourceTime(this.timeMs, packed & 0xfffff, packed >>> 20);
  }

  get timeMs(): number {
    return this.#block.timeMs[this.#row]!;
  }

  get timeNanos(): number {
    return this.#block.nanos[this.#row]! & 0xfffff;
  }

  get receivedAtMs(): number {
    return this.#block.receivedAtMsOf(this.#row);
  }

  get level(): Level {
    return LEVELS[this.#block.level[this.#row]!] as Level;
  }

  get #stream(): Stream {
    return this.#block.streams[this.#block.stream[this.#row]!]!;
  }

  get app() {
    return this.#stream.app;
  }

  get instance() {
    return this.#stream.instance;
  }

  get region() {
    return this.#stream.region;
  }

  get host() {
    return this.#stream.host;
  }

  get provider() {
    return this.#stream.provider;
  }

  get source() {
    return this.#stream.source;
  }
}

/** What a test of text, of labels or of a level alone may ask for; the rest is never read. */
export function partialTarget(known: Partial<FilterTarget>): FilterTarget {
  return known as FilterTarget;
}
