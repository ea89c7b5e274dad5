/** Redis as the engine: publish and subscribe on one channel a group. What nobody listens to when it is published is gone. */

import { Redis } from 'ioredis';
import type { RelayTransport, TransportEvents } from './relay-transport.ts';

/** Redis takes 512 MB; a message that a hub has to hold several times should be far smaller. */
const MAX_MESSAGE_BYTES = 64 * 1024 * 1024;

/** Milliseconds between attempts: hubs should be back before those who publish go on. */
const RETRY_MAX_MS = 500;

export class RedisTransport implements RelayTransport {
  readonly name = 'redis';
  readonly maxMessageBytes = MAX_MESSAGE_BYTES;
  readonly #channel: string;
  /** A connection that subscribes can do nothing else. */
  readonly #publisher: Redis;
  readonly #subscriber: Redis;
  #events: TransportEvents | undefined;
  #isSubscribed = false;
  #problem: string | undefined;

  constructor(url: string, group: string) {
    this.#channel = `flywatch:${group}:events`;
    const options = {
      lazyConnect: true,
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      autoResubscribe: false,
      retryStrategy: (attempt: number) => Math.min(RETRY_MAX_MS, 50 * attempt),
    };
    this.#publisher = new Redis(url, { ...options, connectionName: 'flywatch-publish' });
    this.#subscriber = new Redis(url, { ...options, connectionName: 'flywatch-subscribe' });
  }

  start(events: TransportEvents): void {
    this.#events = events;
    this.#subscriber.on('messageBuffer', (_channel: Buffer, bytes: Buffer) => {
      void events.onMessage({ bytes });
    });
    this.#subscriber.on('ready', () => {
      this.#subscriber.subscribe(this.#channel).then(
        () => {
          this.#isSubscribed = true;
          this.#tell();
        },
        (error: Error) => this.#failed(error),
      );
    });
    this.#publisher.on('ready', () => this.#tell());
    for (const connection of [this.#publisher, this.#subscriber]) {
      connection.on('error', (error: Error) => this.#failed(error));
      connection.on('close', () => {
        if (connection === this.#subscriber) this.#isSubscribed = false;
        this.#tell();
      });
      // It is tried again, for ever; that it failed is told by `error`.
      connection.connect().catch(() => {});
    }
  }

  async publish(message: Uint8Array): Promise<void> {
    await this.#publisher.publish(this.#channel, Buffer.from(message.buffer, message.byteOffset, message.byteLength));
  }

  async stop(): Promise<void> {
    const events = this.#events;
    this.#events = undefined;
    this.#publisher.disconnect();
    this.#subscriber.disconnect();
    events?.onState('stopped', undefined);
  }

  #failed(error: Error): void {
    this.#problem = error.message;
    this.#tell();
  }

  #tell(): void {
    const isConnected = this.#isSubscribed && this.#publisher.status === 'ready';
    if (isConnected) this.#problem = undefined;
    this.#events?.onState(isConnected ? 'connected' : 'disconnected', this.#problem);
  }
}
