/**
 * Server-sent events from text that comes in pieces, as the HTML standard (9.2.6) reads them, with one thing added: a
 * bound. The standard lets a block grow for ever; here one that grows too large is skipped and reported, and the stream
 * goes on with the next.
 *
 *     chunk ──▶ lines (CR, LF or CRLF) ──▶ fields of a block ──▶ blank line: an item
 *
 * `push` returns what its chunk completed, so that nothing but one unfinished block is ever held.
 */

/**
 * Characters of one block. The hub cuts lines at 256 KiB; a line may appear three times in an event (message, fields,
 * raw), and JSON may write a character as six (`\u001b`): 4.5 Mi. The rest is room for a hub with a greater limit.
 */
export const DEFAULT_MAX_BLOCK_CHARS = 8 * 1024 * 1024;

/** Of the lines of a block that is skipped only `id` and `retry` are read: neither is longer than this. */
const MAX_SKIPPED_LINE_CHARS = 1024;

export interface SseParserOptions {
  /**
   * Bound of a block, counted in UTF-16 units of its lines; a greater one becomes an `oversize` item.
   * @defaultValue 8 Mi
   */
  readonly maxBlockChars?: number | undefined;
}

export type SseItem =
  /** A block with data. `event` is `message` where the block names none; `id` is the last id seen, '' for none. */
  | { readonly type: 'event'; readonly event: string; readonly data: string; readonly id: string }
  /** A block without data that sets the id. */
  | { readonly type: 'id'; readonly id: string }
  /** The server asks for this reconnection time. */
  | { readonly type: 'retry'; readonly ms: number }
  /** A block over the bound was skipped; `id` as for an event. */
  | { readonly type: 'oversize'; readonly chars: number; readonly id: string };

export class SseParser {
  readonly #maxBlockChars: number;

  /** The line that is not finished yet. Grown by `+=`: engines keep a rope and flatten it once, when it is complete. */
  #partial = '';
  /** The rest of the line that is not finished yet is thrown away. */
  #skipLine = false;
  /** The last chunk ended in CR: an LF at the start of the next belongs to it. */
  #afterCr = false;
  #atStart = true;

  // The block that is not finished yet.
  #data: string | undefined;
  #event = '';
  #blockChars = 0;
  #oversize = false;
  #idInBlock = false;
  /** The standard's "last event ID buffer": outlives the block. */
  #id = '';

  constructor(options: SseParserOptions = {}) {
    const { maxBlockChars = DEFAULT_MAX_BLOCK_CHARS } = options;
    if (!(Number.isInteger(maxBlockChars) && maxBlockChars > 0)) {
      throw new RangeError(`maxBlockChars must be a whole number above 0, not ${maxBlockChars}`);
    }
    this.#maxBlockChars = maxBlockChars;
  }

  /** The items that this piece of text completes. A block that is unfinished when the stream ends is no item. */
  push(chunk: string): SseItem[] {
    const items: SseItem[] = [];
    let from = 0;
    if (this.#atStart && chunk !== '') {
      this.#atStart = false;
      if (chunk.charCodeAt(0) === 0xfeff) from = 1;
    }
    if (this.#afterCr && from < chunk.length) {
      this.#afterCr = false;
      if (chunk.charCodeAt(from) === LF) from++;
    }
    let lf = chunk.indexOf('\n', from);
    let cr = chunk.indexOf('\r', from);
    while (lf !== -1 || cr !== -1) {
      const isCr = cr !== -1 && (lf === -1 || cr < lf);
      const end = isCr ? cr : lf;
      this.#append(chunk, from, end);
      this.#endLine(items);
      from = end + 1;
      if (isCr) {
        if (from === chunk.length) this.#afterCr = true;
        else if (lf === from) from++;
        cr = chunk.indexOf('\r', from);
      }
      if (lf !== -1 && lf < from) lf = chunk.indexOf('\n', from);
    }
    this.#append(chunk, from, chunk.length);
    return items;
  }

  /** Adds to the unfinished line, as far as the bound allows. */
  #append(chunk: string, from: number, to: number): void {
    if (from === to) return;
    this.#blockChars += to - from;
    if (this.#blockChars > this.#maxBlockChars && !this.#oversize) {
      this.#oversize = true;
      this.#data = undefined;
      this.#event = '';
    }
    if (this.#skipLine) return;
    if (this.#oversize && this.#partial.length + to - from > MAX_SKIPPED_LINE_CHARS) {
      this.#skipLine = true;
      this.#partial = '';
      return;
    }
    this.#partial = this.#partial === '' ? chunk.slice(from, to) : this.#partial + chunk.slice(from, to);
  }

  #endLine(items: SseItem[]): void {
    const line = this.#partial;
    this.#partial = '';
    if (this.#skipLine) this.#skipLine = false;
    else if (line === '') this.#endBlock(items);
    else this.#field(line, items);
  }

  #field(line: string, items: SseItem[]): void {
    const colon = line.indexOf(':');
    if (colon === 0) {
      // A comment is not kept, so it does not count either: a block may hold any number of pings.
      this.#blockChars -= line.length;
      return;
    }
    const name = colon === -1 ? line : line.slice(0, colon);
    const from = colon === -1 ? line.length : line.charCodeAt(colon + 1) === SPACE ? colon + 2 : colon + 1;
    const value = line.slice(from);
    if (name === 'data') {
      if (!this.#oversize) this.#data = this.#data === undefined ? value : `${this.#data}\n${value}`;
    } else if (name === 'event') {
      if (!this.#oversize) this.#event = value;
    } else if (name === 'id') {
      if (!value.includes('\0')) {
        this.#id = value;
        this.#idInBlock = true;
      }
    } else if (name === 'retry') {
      if (/^[0-9]+$/.test(value)) items.push({ type: 'retry', ms: Number(value) });
    }
  }

  #endBlock(items: SseItem[]): void {
    if (this.#oversize) items.push({ type: 'oversize', chars: this.#blockChars, id: this.#id });
    else if (this.#data !== undefined) {
      items.push({ type: 'event', event: this.#event || 'message', data: this.#data, id: this.#id });
    } else if (this.#idInBlock) items.push({ type: 'id', id: this.#id });
    this.#data = undefined;
    this.#event = '';
    this.#blockChars = 0;
    this.#oversize = false;
    this.#idInBlock = false;
  }
}

const LF = 0x0a;
const SPACE = 0x20;
