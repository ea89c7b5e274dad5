/**
 * A message between hubs: who sent it, how many events it has sent in this run with these, what it has told of its order with
 * this, the events, if there are any, and the batches of clients that it keeps by now.
 *
 *   "FWR2" | hub, 5 characters | flags | stretches, u16 | count, u32 | run, f64 | sent, f64 | since, f64 | head, f64 | kept bytes, f64
 *   a stretch: origin, 5 characters | count, u24 | run, f64 | sent, f64 | first, f64
 *   a batch of the store's format
 *   batches that are kept, as JSON: [[id, taken], …]
 *
 * A receiver that knows `sent` of the last message knows how many events it has missed, whatever the engine did; one that knows
 * `head` knows whether it has missed something of the order.
 */

import type { OriginStretch, Told } from './told-order.ts';

const VERSION = 'FWR2';

/** The batch begins at a multiple of eight, behind head and stretches: its columns are read in place. */
const HEADER_BYTES = 56;
const STRETCH_BYTES = 32;

const TAG_CHARS = 5;

const KEPT_IN_DATABASE = 1;

const NO_MESSAGE = 'this is no message of a hub';

/** A batch of a client, all of which the sender keeps. */
export interface KeptBatch {
  /** Its `Batch-Id`. */
  readonly id: string;
  /** Lines in it. */
  readonly taken: number;
}

export interface RelayMessage {
  readonly hub: string;
  /** When the sender started, in microseconds since 1970: a later run has a greater number. */
  readonly run: number;
  /** Events that it has sent in this run, these included. */
  readonly sent: number;
  readonly count: number;
  /** Whether the sender keeps them in a database that the group shares. */
  readonly keptInDatabase: boolean;
  readonly told: Told;
  /** Empty where there are no events. */
  readonly batch: Uint8Array;
  readonly kept: readonly KeptBatch[];
}

export function encodeRelayMessage(parts: RelayMessage): Uint8Array {
  const { hub, run, sent, count, keptInDatabase, told, batch, kept } = parts;
  const { since, head, stretches } = told;
  const keptText = kept.length === 0 ? '' : JSON.stringify(kept.map(({ id, taken }) => [id, taken]));
  const keptBytes = Buffer.byteLength(keptText);
  const batchAt = HEADER_BYTES + stretches.length * STRETCH_BYTES;
  const message = Buffer.alloc(batchAt + batch.length + keptBytes);
  message.write(VERSION, 0, 'latin1');
  message.write(hub, 4, TAG_CHARS, 'latin1');
  message[9] = keptInDatabase ? KEPT_IN_DATABASE : 0;
  message.writeUInt16BE(stretches.length, 10);
  message.writeUInt32BE(count, 12);
  message.writeDoubleBE(run, 16);
  message.writeDoubleBE(sent, 24);
  message.writeDoubleBE(since, 32);
  message.writeDoubleBE(head, 40);
  message.writeDoubleBE(keptBytes, 48);
  for (const [i, stretch] of stretches.entries()) {
    const at = HEADER_BYTES + i * STRETCH_BYTES;
    message.write(stretch.origin, at, TAG_CHARS, 'latin1');
    message.writeUIntBE(stretch.count, at + 5, 3);
    message.writeDoubleBE(stretch.run, at + 8);
    message.writeDoubleBE(stretch.sent, at + 16);
    message.writeDoubleBE(stretch.first, at + 24);
  }
  message.set(batch, batchAt);
  message.write(keptText, batchAt + batch.length);
  return message;
}

/** @throws {RangeError} where the bytes are no message of this version. */
export function decodeRelayMessage(bytes: Uint8Array): RelayMessage {
  const message = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const version = message.toString('latin1', 0, VERSION.length);
  if (version !== VERSION && /^FWR\d$/.test(version)) {
    throw new RangeError(
      `it is of another version of Flywatch (${version}, expected ${VERSION}): update all hubs of the group`,
    );
  }
  if (version !== VERSION || message.length < HEADER_BYTES) throw new RangeError(NO_MESSAGE);
  const batchAt = HEADER_BYTES + message.readUInt16BE(10) * STRETCH_BYTES;
  const keptAt = message.length - message.readDoubleBE(48);
  if (!(keptAt >= batchAt && keptAt <= message.length)) throw new RangeError(NO_MESSAGE);
  const stretches: OriginStretch[] = [];
  for (let at = HEADER_BYTES; at < batchAt; at += STRETCH_BYTES) {
    stretches.push({
      origin: message.toString('latin1', at, at + TAG_CHARS),
      count: message.readUIntBE(at + 5, 3),
      run: message.readDoubleBE(at + 8),
      sent: message.readDoubleBE(at + 16),
      first: message.readDoubleBE(at + 24),
    });
  }
  return {
    hub: message.toString('latin1', 4, 4 + TAG_CHARS),
    keptInDatabase: (message[9]! & KEPT_IN_DATABASE) !== 0,
    count: message.readUInt32BE(12),
    run: message.readDoubleBE(16),
    sent: message.readDoubleBE(24),
    told: { since: message.readDoubleBE(32), head: message.readDoubleBE(40), stretches },
    batch: message.subarray(batchAt, keptAt),
    kept: keptAt === message.length ? [] : parseKept(message.toString('utf8', keptAt)),
  };
}

function parseKept(text: string): KeptBatch[] {
  try {
    return (JSON.parse(text) as [string, number][]).map(([id, taken]) => ({ id: String(id), taken: Number(taken) }));
  } catch (cause) {
    throw new RangeError(NO_MESSAGE, { cause });
  }
}
