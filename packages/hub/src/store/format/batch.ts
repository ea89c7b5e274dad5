/**
 * Batches: events on their way to disk, as bytes. The live path encodes what has arrived, the writing thread puts the bytes
 * into the head table as they are, and reading threads look into them until they have become a chunk.
 *
 * Columns rather than rows: a reader takes the times of ten thousand events without touching their texts, and encoding is
 * a loop over typed arrays. Labels that events share (app, instance, …, the beginning of their envelopes) are one stream,
 * written once a batch. The bytes lie in shared memory, so that threads hand them on without a copy.
 *
 *   header │ timeMs │ position │ received │ nanos │ message end │ side end │ stream │ flags │ level │ streams │ messages │ side
 */

import { fractionDigits, type LogEvent, levelRank } from '@flywatch/core';
import { flagsAndSide, MESSAGE_IS_JSON, messageText, sideTextsOf, unpackEvent } from './packed-event.ts';
import type { RowBlock } from './row-block.ts';
import { parseStream, type Stream, StreamTable, streamKey } from './stream.ts';

/** First bytes of a batch; another layout gets another number. */
const MAGIC = 0x46574231; // FWB1

/** Bytes before the columns. */
const HEADER_BYTES = 64;

/** Where the first event's position stands; the others are told from it. */
const FIRST_POSITION_AT = 8;

/** Where the tag of the hub stands that gave the positions. */
const HUB_AT = 40;
const HUB_CHARS = 5;

/** Most events of a batch: streams and side texts are counted in 16 bits. */
export const MAX_BATCH_EVENTS = 16_384;

/** Where the columns of a batch begin. */
function layoutOf(count: number, sideTexts: number) {
  const timeMs = HEADER_BYTES;
  const position = timeMs + count * 8;
  const received = position + count * 4;
  const nanos = received + count * 4;
  const messageEnd = nanos + count * 4;
  const sideEnd = messageEnd + count * 4;
  const stream = sideEnd + sideTexts * 4;
  const flags = stream + count * 2;
  const level = flags + count * 2;
  const rest = level + count;
  return { timeMs, position, received, nanos, messageEnd, sideEnd, stream, flags, level, rest };
}

/**
 * The events as one batch: all of one hub, in the order of their positions, at most {@link MAX_BATCH_EVENTS}.
 *
 * @param allocate - shared memory of so many bytes or more
 */
export function encodeBatch(
  events: readonly LogEvent[],
  allocate = (bytes: number) => new SharedArrayBuffer(bytes),
): Uint8Array<SharedArrayBuffer> {
  const count = events.length;
  const first = events[0];
  if (first === undefined || count > MAX_BATCH_EVENTS) {
    throw new RangeError(`a batch of ${count} events: expected 1 to ${MAX_BATCH_EVENTS}`);
  }
  const table = new StreamTable();
  const side: string[] = [];
  const messages = new Array<string>(count);
  const streamOf = new Uint16Array(count);
  const flagsOf = new Uint16Array(count);
  let joined = '';
  for (let i = 0; i < count; i++) {
    const event = events[i]!;
    streamOf[i] = table.idOf(event);
    let flags = flagsAndSide(event, side);
    let { message } = event;
    if (!message.isWellFormed()) {
      message = JSON.stringify(message);
      flags |= MESSAGE_IS_JSON;
    }
    flagsOf[i] = flags;
    messages[i] = message;
    joined += message;
  }
  const streams = Buffer.from(`[${table.streams.map(streamKey).join(',')}]`);
  const sideText = side.join('');
  const layout = layoutOf(count, side.length);
  // In UTF-8 a unit of a string takes three bytes at most.
  const capacity = layout.rest + streams.length + Buffer.byteLength(joined) + Buffer.byteLength(sideText);
  const shared = allocate(capacity);
  const bytes = Buffer.from(shared);

  const timeMs = new Float64Array(shared, layout.timeMs, count);
  const position = new Uint32Array(shared, layout.position, count);
  const received = new Int32Array(shared, layout.received, count);
  const nanos = new Uint32Array(shared, layout.nanos, count);
  const level = new Uint8Array(shared, layout.level, count);
  const baseReceived = first.receivedAtMs;
  for (let i = 0; i < count; i++) {
    const event = events[i]!;
    timeMs[i] = event.timeMs;
    position[i] = event.position - first.position;
    received[i] = clampedDelta(event.receivedAtMs - baseReceived);
    nanos[i] = event.timeNanos | (fractionDigits(event.time) << 20);
    level[i] = levelRank(event.level);
  }
  new Uint8Array(shared, layout.stream, count * 2).set(new Uint8Array(streamOf.buffer));
  new Uint8Array(shared, layout.flags, count * 2).set(new Uint8Array(flagsOf.buffer));
  let at = layout.rest;
  bytes.set(streams, at);
  at += streams.length;
  const messagesAt = at;
  at += bytes.write(joined, at);
  writeEnds(new Uint32Array(shared, layout.messageEnd, count), messages, joined, at - messagesAt);
  const sideAt = at;
  at += bytes.write(sideText, at);
  writeEnds(new Uint32Array(shared, layout.sideEnd, side.length), side, sideText, at - sideAt);

  const header = new DataView(shared);
  header.setUint32(0, MAGIC);
  header.setUint32(4, count);
  header.setFloat64(FIRST_POSITION_AT, first.position);
  header.setFloat64(16, baseReceived);
  header.setUint32(24, side.length);
  header.setUint32(28, messagesAt);
  header.setUint32(32, sideAt);
  header.setUint32(36, at);
  bytes.write(first.hub, HUB_AT, 'latin1');
  return new Uint8Array(shared, 0, at);
}

/** Gives the events of a batch other positions, as far from each other as they were. */
export function moveBatch(bytes: Uint8Array, firstPosition: number): void {
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).setFloat64(FIRST_POSITION_AT, firstPosition);
}

/**
 * A batch of another hub as one of this hub, at consecutive positions. The bytes stay as they are.
 *
 * @throws {RangeError} where they are no batch
 */
export function adoptBatch(bytes: Uint8Array, hub: string, firstPosition: number): Batch {
  const own = new Uint8Array(bytes);
  const { count } = new Batch(own);
  const header = new DataView(own.buffer);
  header.setFloat64(FIRST_POSITION_AT, firstPosition);
  Buffer.from(own.buffer).write(hub, HUB_AT, HUB_CHARS, 'latin1');
  const positions = new Uint32Array(own.buffer, layoutOf(count, header.getUint32(24)).position, count);
  for (let row = 0; row < count; row++) positions[row] = row;
  return new Batch(own);
}

/** Where each text ends: counted in characters where all are ASCII, else by the bytes of each. */
function writeEnds(ends: Uint32Array, texts: readonly string[], joined: string, bytes: number): void {
  const ascii = joined.length === bytes;
  let end = 0;
  for (let i = 0; i < ends.length; i++) {
    end += ascii ? texts[i]!.length : Buffer.byteLength(texts[i]!);
    ends[i] = end;
  }
}

/** A clock that was set back or forward by weeks between two events of a batch is cut to what fits. */
function clampedDelta(ms: number): number {
  return Math.max(-0x7fffffff, Math.min(0x7fffffff, ms));
}

/** A batch as it lies in memory or came from disk. Nothing is copied but what has to be aligned. */
export class Batch implements RowBlock {
  readonly bytes: Uint8Array;
  readonly hub: string;
  readonly count: number;
  readonly firstPosition: number;
  readonly streams: readonly Stream[];
  readonly timeMs: Float64Array;
  /** Nanoseconds below the millisecond, and the digits that the source gave from bit 20 on. */
  readonly nanos: Uint32Array;
  readonly stream: Uint16Array;
  readonly flags: Uint16Array;
  readonly level: Uint8Array;
  readonly messagesAt: number;
  readonly sideAt: number;
  /** Where each message ends, counted from `messagesAt`. */
  readonly messageEnd: Uint32Array;
  /** Where each side text ends, counted from `sideAt`. */
  readonly sideEnd: Uint32Array;
  /** A batch is not cut into templates, and its levels are not counted. */
  readonly messages = undefined;
  readonly levels = undefined;
  readonly #position: Uint32Array;
  readonly #received: Int32Array;
  readonly #baseReceived: number;
  readonly #text: Buffer;
  #sideOf: Uint32Array | undefined;
  #span: { min: number; max: number } | undefined;

  /** @throws {RangeError} where the bytes are no batch. */
  constructor(given: Uint8Array) {
    // Columns are read in place: their offsets are multiples of what they hold, counted from the beginning.
    const bytes = given.byteOffset % 8 === 0 ? given : given.slice();
    const header = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (bytes.byteLength < HEADER_BYTES || header.getUint32(0) !== MAGIC) throw new RangeError('this is no batch');
    const count = header.getUint32(4);
    const sideTexts = header.getUint32(24);
    const layout = layoutOf(count, sideTexts);
    this.bytes = bytes;
    this.count = count;
    this.firstPosition = header.getFloat64(FIRST_POSITION_AT);
    this.#baseReceived = header.getFloat64(16);
    this.messagesAt = header.getUint32(28);
    this.sideAt = header.getUint32(32);
    if (header.getUint32(36) > bytes.byteLength) throw new RangeError('this batch is cut short');
    const { buffer, byteOffset } = bytes;
    this.#text = Buffer.from(buffer, byteOffset, bytes.byteLength);
    this.hub = this.#text.toString('latin1', HUB_AT, HUB_AT + HUB_CHARS);
    this.timeMs = new Float64Array(buffer, byteOffset + layout.timeMs, count);
    this.#position = new Uint32Array(buffer, byteOffset + layout.position, count);
    this.#received = new Int32Array(buffer, byteOffset + layout.received, count);
    this.nanos = new Uint32Array(buffer, byteOffset + layout.nanos, count);
    this.messageEnd = new Uint32Array(buffer, byteOffset + layout.messageEnd, count);
    this.sideEnd = new Uint32Array(buffer, byteOffset + layout.sideEnd, sideTexts);
    this.stream = new Uint16Array(buffer, byteOffset + layout.stream, count);
    this.flags = new Uint16Array(buffer, byteOffset + layout.flags, count);
    this.level = new Uint8Array(buffer, byteOffset + layout.level, count);
    const streams: unknown = JSON.parse(this.#text.toString('utf8', layout.rest, this.messagesAt));
    this.streams = (streams as (string | null)[][]).map(parseStream);
  }

  positionOf(row: number): number {
    return this.firstPosition + this.#position[row]!;
  }

  receivedAtMsOf(row: number): number {
    return this.#baseReceived + this.#received[row]!;
  }

  get lastPosition(): number {
    return this.positionOf(this.count - 1);
  }

  get minTimeMs(): number {
    return this.#timeSpan().min;
  }

  get maxTimeMs(): number {
    return this.#timeSpan().max;
  }

  get maxReceivedAtMs(): number {
    return this.#received.reduce((most, delta) => Math.max(most, this.#baseReceived + delta), 0);
  }

  #timeSpan(): { min: number; max: number } {
    if (this.#span === undefined) {
      this.#span = { min: Number.POSITIVE_INFINITY, max: Number.NEGATIVE_INFINITY };
      for (const time of this.timeMs) {
        if (time < this.#span.min) this.#span.min = time;
        if (time > this.#span.max) this.#span.max = time;
      }
    }
    return this.#span;
  }

  messageOf(row: number): string {
    return messageText(this.flags[row]!, this.#messageBytes(row));
  }

  #messageBytes(row: number): string {
    const start = this.messagesAt + (row === 0 ? 0 : this.messageEnd[row - 1]!);
    return this.#text.toString('utf8', start, this.messagesAt + this.messageEnd[row]!);
  }

  /** Index of the first side text of a row. */
  sideIndexOf(row: number): number {
    if (this.#sideOf === undefined) {
      this.#sideOf = new Uint32Array(this.count);
      let index = 0;
      for (let i = 0; i < this.count; i++) {
        this.#sideOf[i] = index;
        index += sideTextsOf(this.flags[i]!);
      }
    }
    return this.#sideOf[row]!;
  }

  sideText(index: number): string {
    const start = this.sideAt + (index === 0 ? 0 : this.sideEnd[index - 1]!);
    return this.#text.toString('utf8', start, this.sideAt + this.sideEnd[index]!);
  }

  eventOf(row: number): LogEvent {
    let index = this.sideIndexOf(row);
    return unpackEvent(this, row, this.#messageBytes(row), () => this.sideText(index++));
  }
}
