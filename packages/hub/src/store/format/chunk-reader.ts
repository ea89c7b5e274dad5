/** A chunk as its readers see it: parts are fetched and unpacked when they are first needed, and not before. */

import type { LogEvent } from '@flywatch/core';
import { UNPACKING_BYTES } from '../outside-heap.ts';
import { ByteReader } from './byte-writer.ts';
import { Blocks, type ChunkSummary, Part } from './chunk.ts';
import { messageText, sideTextsOf, unpackEvent } from './packed-event.ts';
import type { RowBlock } from './row-block.ts';
import { parseStream, type Stream } from './stream.ts';
import { TextColumnReader } from './text-column-reader.ts';

export class Chunk implements RowBlock {
  readonly summary: ChunkSummary;
  readonly streams: readonly Stream[];
  readonly #fetch: (part: number) => Uint8Array;
  readonly #parts = new Map<number, Blocks>();
  #timeMs: Float64Array | undefined;
  #level: Uint8Array | undefined;
  #stream: Uint16Array | undefined;
  #nanos: Uint32Array | undefined;
  #received: Float64Array | undefined;
  #position: Float64Array | undefined;
  #flags: Uint16Array | undefined;
  #messages: TextColumnReader | undefined;
  #side: { texts: TextColumnReader; firstOf: Uint32Array } | undefined;
  #takenBytes = 0;

  constructor(summary: ChunkSummary, fetch: (part: number) => Uint8Array) {
    this.summary = summary;
    this.streams = summary.streams.map(([labels]) => parseStream(labels));
    this.#fetch = fetch;
  }

  get hub(): string {
    return this.summary.hub;
  }

  get count(): number {
    return this.summary.count;
  }

  /** Bytes outside the heap that reading it has taken so far. */
  get takenBytes(): number {
    return this.#takenBytes;
  }

  get firstPosition(): number {
    return this.summary.firstPosition;
  }

  get lastPosition(): number {
    return this.summary.lastPosition;
  }

  get minTimeMs(): number {
    return this.summary.minTimeMs;
  }

  get maxTimeMs(): number {
    return this.summary.maxTimeMs;
  }

  get levels(): readonly number[] {
    return this.summary.levels;
  }

  get timeMs(): Float64Array {
    this.#timeMs ??= this.#numbers(Part.keys, 0);
    return this.#timeMs;
  }

  get level(): Uint8Array {
    this.#level ??= this.#block(Part.keys, 1);
    return this.#level;
  }

  get stream(): Uint16Array {
    this.#stream ??= joinTwo(this.#block(Part.keys, 2), this.count);
    return this.#stream;
  }

  get nanos(): Uint32Array {
    this.#nanos ??= joinThree(this.#block(Part.details, 0), this.count);
    return this.#nanos;
  }

  get flags(): Uint16Array {
    this.#flags ??= joinTwo(this.#block(Part.details, 3), this.count);
    return this.#flags;
  }

  get messages(): TextColumnReader {
    this.#messages ??= this.#texts(Part.shapes, 0, Part.values, 0);
    return this.#messages;
  }

  receivedAtMsOf(row: number): number {
    this.#received ??= this.#numbers(Part.details, 1);
    return this.#received[row]!;
  }

  positionOf(row: number): number {
    this.#position ??= this.#numbers(Part.details, 2);
    return this.#position[row]!;
  }

  messageOf(row: number): string {
    return messageText(this.flags[row]!, this.messages.text(row));
  }

  eventOf(row: number): LogEvent {
    let side = sideTextsOf(this.flags[row]!) === 0 ? 0 : this.#unpackSide().firstOf[row]!;
    return unpackEvent(this, row, this.messages.text(row), () => this.#unpackSide().texts.text(side++));
  }

  #numbers(part: number, index: number): Float64Array {
    this.#takenBytes += this.count * Float64Array.BYTES_PER_ELEMENT;
    return undelta(this.#block(part, index), this.count);
  }

  #block(part: number, index: number): Uint8Array {
    let blocks = this.#parts.get(part);
    if (blocks === undefined) {
      blocks = new Blocks(this.#fetch(part));
      this.#parts.set(part, blocks);
    }
    const block = blocks.block(index);
    // What is made of a block takes about as much again.
    this.#takenBytes += UNPACKING_BYTES + block.length * 2;
    return block;
  }

  /** A column of texts whose templates and values begin at these blocks. */
  #texts(shapes: number, firstShape: number, values: number, firstValue: number): TextColumnReader {
    return new TextColumnReader(
      { templates: this.#block(shapes, firstShape), templateOf: this.#block(shapes, firstShape + 1) },
      () => this.#block(shapes, firstShape + 2),
      () => ({
        slots: this.#block(values, firstValue),
        constants: this.#block(values, firstValue + 1),
        dictionaryIds: this.#block(values, firstValue + 2),
        fixed: this.#block(values, firstValue + 3),
        varied: this.#block(values, firstValue + 4),
      }),
    );
  }

  #unpackSide() {
    if (this.#side === undefined) {
      const firstOf = new Uint32Array(this.count);
      let first = 0;
      for (let row = 0; row < this.count; row++) {
        firstOf[row] = first;
        first += sideTextsOf(this.flags[row]!);
      }
      this.#side = { texts: this.#texts(Part.side, 0, Part.side, 3), firstOf };
    }
    return this.#side;
  }
}

function undelta(bytes: Uint8Array, count: number): Float64Array {
  const reader = new ByteReader(bytes);
  const numbers = new Float64Array(count);
  let last = 0;
  for (let row = 0; row < count; row++) {
    const byte = bytes[reader.at]!;
    if (byte < 0x80) {
      // Nearly all differences take one byte.
      reader.at++;
      last += (byte & 1) === 0 ? byte >> 1 : -((byte + 1) >> 1);
    } else last += reader.signed();
    numbers[row] = last;
  }
  return numbers;
}

/** Numbers of two bytes: all low ones, then all high ones. */
function joinTwo(bytes: Uint8Array, count: number): Uint16Array {
  const numbers = new Uint16Array(count);
  for (let row = 0; row < count; row++) numbers[row] = bytes[row]! | (bytes[count + row]! << 8);
  return numbers;
}

function joinThree(bytes: Uint8Array, count: number): Uint32Array {
  const numbers = new Uint32Array(count);
  for (let row = 0; row < count; row++) {
    numbers[row] = bytes[row]! | (bytes[count + row]! << 8) | (bytes[2 * count + row]! << 16);
  }
  return numbers;
}
