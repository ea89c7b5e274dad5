/**
 * NATS with JetStream as the engine: a stream a group, and for each hub a consumer that goes on where it was. A hub that was away gets
 * what it has missed, as far as the stream's bounds reach; what it does not acknowledge comes again.
 */

import {
  AckPolicy,
  DeliverPolicy,
  type JetStreamClient,
  jetstream,
  jetstreamManager,
  RetentionPolicy,
} from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { NatsLink } from './nats-link.ts';
import type { RelayTransport, TransportEvents } from './relay-transport.ts';

/** Bounds of the stream: what a hub may miss and still get. The oldest go first. */
const STREAM_MAX_BYTES = 1024 * 1024 * 1024;
const STREAM_MAX_AGE_MS = 24 * 3_600_000;

/** A hub that was away for longer is forgotten, and begins anew. */
const CONSUMER_MAX_IDLE_MS = STREAM_MAX_AGE_MS;

/** Messages that may be under way to a hub, and for how long before they come again. */
const MAX_UNACKNOWLEDGED = 256;
const ACK_WAIT_MS = 30_000;

const NANOS_PER_MS = 1e6;

export interface JetStreamOptions {
  readonly url: string;
  readonly group: string;
  /** Tag of this hub: names its consumer. */
  readonly hub: string;
}

export class JetStreamTransport implements RelayTransport {
  readonly name = 'jetstream';
  readonly #link: NatsLink;
  readonly #subject: string;
  readonly #stream: string;
  readonly #hub: string;
  #client: JetStreamClient | undefined;

  constructor({ url, group, hub }: JetStreamOptions) {
    this.#link = new NatsLink(url);
    this.#subject = `flywatch.${group}.kept`;
    this.#stream = `FLYWATCH_${group}`;
    this.#hub = hub;
  }

  get maxMessageBytes(): number {
    return this.#link.maxPayload;
  }

  start(events: TransportEvents): void {
    this.#link.start(events, async (connection) => {
      await this.#prepare(connection);
      const client = jetstream(connection);
      const consumer = await client.consumers.get(this.#stream, `hub_${this.#hub}`);
      const messages = await consumer.consume({ max_messages: MAX_UNACKNOWLEDGED });
      this.#client = client;
      void (async () => {
        for await (const message of messages) {
          await events.onMessage({ bytes: message.data, acknowledge: () => message.ack() });
        }
        // The messages have ended, and with them the connection: it is opened again.
        await connection.close();
      })().catch(() => connection.close().catch(() => {}));
    });
  }

  async publish(message: Uint8Array): Promise<void> {
    this.#link.connection();
    await this.#client!.publish(this.#subject, message);
  }

  stop(): Promise<void> {
    return this.#link.stop();
  }

  async #prepare(connection: NatsConnection): Promise<void> {
    const manager = await jetstreamManager(connection);
    const stream = {
      name: this.#stream,
      subjects: [this.#subject],
      retention: RetentionPolicy.Limits,
      max_bytes: STREAM_MAX_BYTES,
      max_age: STREAM_MAX_AGE_MS * NANOS_PER_MS,
    };
    await manager.streams.info(this.#stream).catch(() => manager.streams.add(stream));
    const consumer = {
      durable_name: `hub_${this.#hub}`,
      ack_policy: AckPolicy.Explicit,
      // What was sent before a hub has joined is not its own.
      deliver_policy: DeliverPolicy.New,
      ack_wait: ACK_WAIT_MS * NANOS_PER_MS,
      max_ack_pending: MAX_UNACKNOWLEDGED,
      inactive_threshold: CONSUMER_MAX_IDLE_MS * NANOS_PER_MS,
    };
    await manager.consumers
      .info(this.#stream, consumer.durable_name)
      .catch(() => manager.consumers.add(this.#stream, consumer));
  }
}
