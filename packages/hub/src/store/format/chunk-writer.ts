/** Gathers batches until there are enough events for a chunk, and packs them. */

import { parseLogfmt, parseStructure, stripAnsi } from '@flywatch/core';
import type { Batch } from './batch.ts';
import { ByteWriter } from './byte-writer.ts';
import { type ChunkBytes, type ChunkSummary, MinuteCounts, packBlocks } from './chunk.ts';
import { eachToken } from './lexer.ts';
import { MESSAGE_IS_JSON, STRUCTURE_IN_MESSAGE, sideTextsOf } from './packed-event.ts';
import { type Stream, streamKey } from './stream.ts';
import { type TextColumnBytes, TextColumnWriter } from './text-column-writer.ts';
import { buildFilter, TokenSet } from './word-filter.ts';

export class ChunkWriter {
  readonly #capacity: number;
  readonly #tokens = new TokenSet();
  readonly #messages = new TextColumnWriter((hash) => this.#tokens.add(hash));
  readonly #side = new TextColumnWriter((hash) => this.#tokens.add(hash));
  readonly #timeMs: Float64Array;
  readonly #received: Float64Array;
  readonly #position: Float64Array;
  readonly #nanos: Uint32Array;
  readonly #stream: Uint16Array;
  readonly #flags: Uint16Array;
  readonly #level: Uint8Array;
  #count = 0;
  #hub = '';
  #streams = new Map<string, number>();
  #streamList: Stream[] = [];

  /** @param capacity - events of a chunk at most, up to 65,536 */
  constructor(capacity: number) {
    this.#capacity = capacity;
    this.#timeMs = new Float64Array(capacity);
    this.#received = new Float64Array(capacity);
    this.#position = new Float64Array(capacity);
    this.#nanos = new Uint32Array(capacity);
    this.#stream = new Uint16Array(capacity);
    this.#flags = new Uint16Array(capacity);
    this.#level = new Uint8Array(capacity);
  }

  get count(): number {
    return this.#count;
  }

  /** Bytes of text held. */
  get textBytes(): number {
    return this.#messages.bytes + this.#side.bytes;
  }

  /** Whether a batch still fits: chunks are of one hub, and no batch is cut in two. */
  fits(batch: Batch): boolean {
    return this.#count === 0 || (this.#count + batch.count <= this.#capacity && batch.hub === this.#hub);
  }

  add(batch: Batch): void {
    if (!this.fits(batch) || batch.count > this.#capacity) {
      throw new RangeError(`a batch of ${batch.count} events does not fit into a chunk of ${this.#count}`);
    }
    this.#hub = batch.hub;
    const streamOf = batch.streams.map((stream) => this.#streamNumber(stream));
    const { bytes, messagesAt, messageEnd, sideAt, sideEnd } = batch;
    let start = messagesAt;
    let sideIndex = 0;
    for (let row = 0; row < batch.count; row++) {
      const at = this.#count++;
      const flags = batch.flags[row]!;
      this.#timeMs[at] = batch.timeMs[row]!;
      this.#received[at] = batch.receivedAtMsOf(row);
      this.#position[at] = batch.positionOf(row);
      this.#nanos[at] = batch.nanos[row]!;
      this.#stream[at] = streamOf[batch.stream[row]!]!;
      this.#flags[at] = flags;
      this.#level[at] = batch.level[row]!;
      const end = messagesAt + messageEnd[row]!;
      const isJson = (flags & MESSAGE_IS_JSON) !== 0;
      if (this.#messages.add(bytes, start, end, isJson)) this.#tellMessage(bytes, start, end, flags);
      start = end;
      for (let left = sideTextsOf(flags); left > 0; left--, sideIndex++) {
        const from = sideAt + (sideIndex === 0 ? 0 : sideEnd[sideIndex - 1]!);
        const to = sideAt + sideEnd[sideIndex]!;
        if (this.#side.add(bytes, from, to)) this.#tellSide(bytes, from, to);
      }
    }
  }

  #streamNumber(stream: Stream): number {
    const key = streamKey(stream);
    let number = this.#streams.get(key);
    if (number === undefined) {
      number = this.#streamList.length;
      this.#streams.set(key, number);
      this.#streamList.push(stream);
    }
    return number;
  }

  /**
   * The tokens of a message as a search sees them, where its bytes do not tell: what an escape sequence parts is one word, a
   * few letters beyond ASCII have a lower case within it, and a value in JSON or logfmt may be escaped.
   */
  #tellMessage(bytes: Uint8Array, start: number, end: number, flags: number): void {
    const given = textOf(bytes, start, end);
    const message = (flags & MESSAGE_IS_JSON) === 0 ? given : (JSON.parse(given) as string);
    const plain = stripAnsi(message);
    this.#tellText(plain);
    if (!plain.includes('\\')) return;
    const structure = (flags & STRUCTURE_IN_MESSAGE) === 0 ? parseLogfmt(plain) : parseStructure(message);
    if (structure !== undefined) this.#tellValue(structure);
  }

  /** The tokens of keys and values in a side text that is JSON, or of a payload. */
  #tellSide(bytes: Uint8Array, start: number, end: number): void {
    const text = textOf(bytes, start, end);
    const value = parseStructure(text);
    if (value === undefined) this.#tellText(text);
    else this.#tellValue(value);
  }

  #tellValue(value: unknown): void {
    if (typeof value === 'string') this.#tellText(stripAnsi(value));
    else if (Array.isArray(value)) for (const element of value) this.#tellValue(element);
    else if (typeof value === 'object' && value !== null) {
      for (const [key, member] of Object.entries(value)) {
        this.#tellText(key);
        this.#tellValue(member);
      }
    }
  }

  #tellText(text: string): void {
    const seen = Buffer.from(text.toLowerCase());
    eachToken(seen, 0, seen.length, (hash) => this.#tokens.add(hash));
  }

  /** Packs what was added; the writer is empty afterwards. */
  finish(level: number): ChunkBytes {
    const count = this.#count;
    const { summary, minutes } = this.#summarize();
    const messages = this.#messages.finish();
    const side = this.#side.count === 0 ? undefined : this.#side.finish();
    const parts = [
      packBlocks([this.#deltas(this.#timeMs), this.#level.subarray(0, count), planes(this.#stream, count, 2)], level),
      packBlocks(
        [
          planes(this.#nanos, count, 3),
          this.#deltas(this.#received),
          this.#deltas(this.#position),
          planes(this.#flags, count, 2),
        ],
        level,
      ),
      packBlocks([messages.templates, messages.templateOf, messages.literals], level),
      packBlocks(valueBlocks(messages), level),
      side === undefined
        ? new Uint8Array(0)
        : packBlocks([side.templates, side.templateOf, side.literals, ...valueBlocks(side)], level),
    ];
    const filter = buildFilter(this.#tokens);
    this.clear();
    return { summary, minutes, parts, filter };
  }

  /** Forgets what was added. */
  clear(): void {
    this.#messages.clear();
    this.#side.clear();
    this.#tokens.clear();
    this.#count = 0;
    this.#streams = new Map();
    this.#streamList = [];
  }

  #summarize(): { summary: ChunkSummary; minutes: Uint8Array } {
    const count = this.#count;
    const levels = [0, 0, 0, 0, 0, 0];
    const streamCounts = new Array<number>(this.#streamList.length).fill(0);
    const minutes = new MinuteCounts();
    let minTimeMs = Number.POSITIVE_INFINITY;
    let maxTimeMs = Number.NEGATIVE_INFINITY;
    let minReceivedAtMs = Number.POSITIVE_INFINITY;
    let maxReceivedAtMs = Number.NEGATIVE_INFINITY;
    for (let row = 0; row < count; row++) {
      const time = this.#timeMs[row]!;
      const received = this.#received[row]!;
      const level = this.#level[row]!;
      if (time < minTimeMs) minTimeMs = time;
      if (time > maxTimeMs) maxTimeMs = time;
      if (received < minReceivedAtMs) minReceivedAtMs = received;
      if (received > maxReceivedAtMs) maxReceivedAtMs = received;
      levels[level]!++;
      streamCounts[this.#stream[row]!]!++;
      minutes.add(time, level);
    }
    const summary: ChunkSummary = {
      hub: this.#hub,
      count,
      textBytes: this.textBytes,
      firstPosition: this.#position[0]!,
      lastPosition: this.#position[count - 1]!,
      minTimeMs,
      maxTimeMs,
      minReceivedAtMs,
      maxReceivedAtMs,
      levels,
      streams: this.#streamList.map((stream, i) => [JSON.parse(streamKey(stream)), streamCounts[i]!]),
    };
    return { summary, minutes: minutes.write() };
  }

  /** Each number as what it is more or less than the one before. */
  #deltas(numbers: Float64Array): Uint8Array {
    const out = new ByteWriter(this.#count * 2);
    let last = 0;
    for (let row = 0; row < this.#count; row++) {
      out.signed(numbers[row]! - last);
      last = numbers[row]!;
    }
    return out.view();
  }
}

function textOf(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('utf8');
}

/** All lowest bytes, then all second lowest, …: bytes of one weight compress best beside each other. */
function planes(numbers: Uint16Array | Uint32Array, count: number, bytes: number): Uint8Array {
  const out = new Uint8Array(count * bytes);
  for (let plane = 0; plane < bytes; plane++) {
    const shift = plane * 8;
    for (let row = 0, at = plane * count; row < count; row++, at++) out[at] = numbers[row]! >>> shift;
  }
  return out;
}

function valueBlocks(column: TextColumnBytes): Uint8Array[] {
  return [column.slots, column.constants, column.dictionaryIds, column.fixed, column.varied];
}
