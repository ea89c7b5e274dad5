/**
 * A message between hubs: who sent it, how many events it has sent in this run with these, and the events.
 *
 *   "FWR1" | hub, 5 characters | flags | run, f64 | sent, f64 | count, u32 | padding | a batch of the store's format
 *
 * A receiver that knows `sent` of the last message knows how many events it has missed, whatever the engine did.
 */

const MAGIC = 0x46575231;

/** The batch begins at a multiple of eight: its columns are read in place. */
const HEADER_BYTES = 32;

const KEPT_IN_DATABASE = 1;

export interface RelayMessage {
  readonly hub: string;
  /** When the sender started, in microseconds since 1970: a later run has a greater number. */
  readonly run: number;
  /** Events that it has sent in this run, these included. */
  readonly sent: number;
  readonly count: number;
  /** Whether the sender keeps them in a database that the group shares. */
  readonly keptInDatabase: boolean;
  readonly batch: Uint8Array;
}

export function encodeRelayMessage({ hub, run, sent, count, keptInDatabase, batch }: RelayMessage): Uint8Array {
  const message = Buffer.alloc(HEADER_BYTES + batch.length);
  message.writeUInt32BE(MAGIC, 0);
  message.write(hub, 4, 5, 'latin1');
  message[9] = keptInDatabase ? KEPT_IN_DATABASE : 0;
  message.writeDoubleBE(run, 10);
  message.writeDoubleBE(sent, 18);
  message.writeUInt32BE(count, 26);
  message.set(batch, HEADER_BYTES);
  return message;
}

/** @throws {RangeError} where the bytes are no message of this version. */
export function decodeRelayMessage(bytes: Uint8Array): RelayMessage {
  const message = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (message.length < HEADER_BYTES || message.readUInt32BE(0) !== MAGIC) {
    throw new RangeError('this is no message of a hub of this version');
  }
  return {
    hub: message.toString('latin1', 4, 9),
    keptInDatabase: (message[9]! & KEPT_IN_DATABASE) !== 0,
    run: message.readDoubleBE(10),
    sent: message.readDoubleBE(18),
    count: message.readUInt32BE(26),
    batch: message.subarray(HEADER_BYTES),
  };
}
