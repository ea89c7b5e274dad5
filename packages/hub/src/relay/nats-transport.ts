/** NATS as the engine: one subject a group. What a hub that is away does not hear is gone; JetStream keeps it (`jetstream-transport.ts`). */

import type { NatsConnection } from '@nats-io/transport-node';
import { NatsLink } from './nats-link.ts';
import type { RelayTransport, TransportEvents } from './relay-transport.ts';

export class NatsTransport implements RelayTransport {
  readonly name = 'nats';
  readonly #link: NatsLink;
  readonly #subject: string;
  #flushing: Promise<void> | undefined;

  constructor(url: string, group: string) {
    this.#subject = `flywatch.${group}.events`;
    this.#link = new NatsLink(url);
  }

  get maxMessageBytes(): number {
    return this.#link.maxPayload;
  }

  start(events: TransportEvents): void {
    this.#link.start(events, async (connection) => {
      connection.subscribe(this.#subject, {
        callback: (error, message) => {
          if (error === null) void events.onMessage({ bytes: message.data });
        },
      });
      await connection.flush();
    });
  }

  async publish(message: Uint8Array): Promise<void> {
    const connection = this.#link.connection();
    connection.publish(this.#subject, message);
    // What is published in one turn is confirmed by one round trip.
    this.#flushing ??= this.#flush(connection);
    await this.#flushing;
  }

  async #flush(connection: NatsConnection): Promise<void> {
    await Promise.resolve();
    this.#flushing = undefined;
    await connection.flush();
  }

  stop(): Promise<void> {
    return this.#link.stop();
  }
}
