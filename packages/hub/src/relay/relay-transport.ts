/** What carries messages between the hubs of a group: Redis or NATS. The engine does the distributed work; a transport is the glue. */

export interface RelayDelivery {
  readonly bytes: Uint8Array;
  /** Of an engine that keeps messages: to be called when it survives a crash of this hub; it is delivered again otherwise. */
  readonly acknowledge?: () => void;
}

export type TransportState = 'connecting' | 'connected' | 'disconnected' | 'stopped';

export interface TransportEvents {
  /** In the order in which they were sent. Resolves when it is dealt with, for an engine that can wait. */
  readonly onMessage: (delivery: RelayDelivery) => Promise<void>;
  /** `detail` is a sentence for a person, without secrets. */
  readonly onState: (state: TransportState, detail: string | undefined) => void;
}

export interface RelayTransport {
  /** `redis`, `nats` or `jetstream`. */
  readonly name: string;
  /** Largest message that the engine takes, in bytes. */
  readonly maxMessageBytes: number;
  /** Begins, and tries for ever; returns at once. Called once. */
  start(events: TransportEvents): void;
  /** Resolves when the engine has the message; rejects where that is not known. */
  publish(message: Uint8Array): Promise<void>;
  stop(): Promise<void>;
}
