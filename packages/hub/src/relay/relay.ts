/**
 * Shares live events with the other hubs of a group. Each hub sends what its own sources brought, and nothing that came from
 * another hub: so there are no loops. Each message tells how many events its sender has sent: so nothing is shown twice, and what
 * the engine loses is counted. It tells the sender's order too, in which events of others have their places: so readers can change
 * hubs (`orders.ts`). And it names the batches of clients that the sender keeps: a client that has not got the answer may send the
 * batch again, to another hub.
 *
 *   own events ─▶ gathered for some ms ─▶ outbox ─▶ Redis or NATS ─▶ other hubs ─▶ their rings, and their stores
 */

import type { LogEvent } from '@flywatch/core';
import { waitAtMost } from '../wait-at-most.ts';
import type { Orders } from './orders.ts';
import { Origins } from './origins.ts';
import { Outbox } from './outbox.ts';
import { decodeRelayMessage, encodeRelayMessage, type KeptBatch } from './relay-message.ts';
import type { RelayDelivery, RelayTransport, TransportState } from './relay-transport.ts';

/** What came from another hub. */
export interface RelayedBatch {
  readonly hub: string;
  readonly batch: Uint8Array;
  readonly count: number;
  /** Whether the sender keeps the events in a database that the group shares. */
  readonly keptInDatabase: boolean;
}

/** What must survive a crash of this hub: how far it has heard the others, kept together with what it has heard. */
export interface RelayKeeper {
  mark(mark: { readonly id: string; readonly taken: number; readonly complete: boolean }): void;
  batch(id: string): Promise<{ readonly taken: number } | undefined>;
  durable(): Promise<void>;
}

export interface RelayOptions {
  readonly transport: RelayTransport;
  /** Tag of this hub. */
  readonly hub: string;
  /** This run: greater than every earlier one's. */
  readonly run: number;
  readonly keptInDatabase: boolean;
  readonly encode: (events: readonly LogEvent[]) => Uint8Array;
  /**
   * Puts the events of another hub on their way, at consecutive positions; gives the first of those.
   * @throws where the batch is damaged, before any of it is taken
   */
  readonly accept: (batch: RelayedBatch) => number;
  /** Tells readers that so many events of another hub are missing here, by a mark in the ring. */
  readonly onLost: (count: number) => void;
  /** Another hub keeps a batch of a client. */
  readonly onKept: (batch: KeptBatch) => void;
  readonly keeper: RelayKeeper;
  /** Who has what, in which order. */
  readonly orders: Orders;
  readonly log: { info(message: string): void; warn(message: string): void };
  readonly bounds: RelayBounds;
}

export interface RelayBounds {
  /** Milliseconds for which events are gathered. */
  readonly gatherMs: number;
  readonly maxBatchEvents: number;
  readonly maxBatchChars: number;
  /** Batches of clients that are named in one message. */
  readonly maxKeptBatches: number;
  /** Milliseconds for which is gathered what there is to tell of the order, where no events of this hub's own come along. */
  readonly tellMs: number;
  /** Bytes that wait while the engine is away. */
  readonly maxOutboxBytes: number;
  /** Milliseconds that the others get to come back when the engine is back: what is sent before is lost to them. */
  readonly settleMs: number;
}

export interface RelayStatus {
  readonly name: 'relay';
  readonly state: TransportState;
  /** Since when, in milliseconds since 1970. */
  readonly sinceMs: number;
  readonly detail: string | undefined;
  readonly lastMessageAtMs: number | undefined;
  /** Events of other hubs that came. */
  readonly messages: number;
  readonly reconnects: number;
  /** Messages that could not be read or sent. */
  readonly errors: number;
  readonly sentEvents: number;
  /** Events of other hubs that were sent and did not come. */
  readonly lostEvents: number;
}

export class Relay {
  readonly #options: RelayOptions;
  readonly #origins: Origins;
  readonly #outbox: Outbox;
  #pending: LogEvent[] = [];
  #pendingChars = 0;
  #kept: KeptBatch[] = [];
  #timer: NodeJS.Timeout | undefined;
  #telling: NodeJS.Timeout | undefined;
  #settling: NodeJS.Timeout | undefined;
  #connections = 0;
  #sinceMs = Date.now();
  #lastMessageAtMs: number | undefined;
  #state: TransportState = 'connecting';
  #detail: string | undefined;
  #sent = 0;
  #received = 0;
  #lost = 0;
  #damaged = 0;
  /** The messages that came, one after the other. */
  #reading: Promise<void> = Promise.resolve();
  #tooLarge = 0;

  constructor(options: RelayOptions) {
    this.#options = options;
    const { transport, keeper, bounds } = options;
    this.#origins = new Origins({
      sentOf: async (hub, run) => (await keeper.batch(markOf(hub, run)))?.taken,
      isKnown: async (hub) => (await keeper.batch(markOf(hub))) !== undefined,
    });
    this.#outbox = new Outbox({ send: (message) => transport.publish(message), maxBytes: bounds.maxOutboxBytes });
  }

  get status(): RelayStatus {
    return {
      ...{ name: 'relay', state: this.#state, sinceMs: this.#sinceMs, detail: this.#detail },
      ...{ lastMessageAtMs: this.#lastMessageAtMs, messages: this.#received },
      reconnects: Math.max(0, this.#connections - 1),
      errors: this.#damaged + this.#tooLarge,
      ...{ sentEvents: this.#sent, lostEvents: this.#lost },
    };
  }

  start(): void {
    this.#options.transport.start({
      onMessage: (delivery) => {
        this.#reading = this.#reading.then(() => this.#receive(delivery));
        return this.#reading;
      },
      onState: (state, detail) => this.#become(state, detail),
    });
    // Whoever has not heard of this run before answers with what it has heard.
    this.#send();
  }

  /** Takes an event of this hub's own sources. Never waits. */
  offer(event: LogEvent): void {
    const { gatherMs, maxBatchEvents, maxBatchChars } = this.#options.bounds;
    this.#options.orders.offered(event.position);
    this.#pending.push(event);
    this.#pendingChars += event.message.length + (event.raw?.length ?? 0);
    if (this.#pending.length >= maxBatchEvents || this.#pendingChars >= maxBatchChars) this.#send();
    else this.#timer ??= setTimeout(() => this.#send(), gatherMs);
  }

  /** A batch of a client survives a crash of this hub: the others need not take it any more. Not before: what is shared may be lost here. */
  keeps(batch: KeptBatch): void {
    const { gatherMs, maxKeptBatches } = this.#options.bounds;
    this.#kept.push(batch);
    if (this.#kept.length >= maxKeptBatches) this.#send();
    else this.#timer ??= setTimeout(() => this.#send(), gatherMs);
  }

  async stop(patienceMs: number): Promise<void> {
    clearTimeout(this.#settling);
    if (this.#timer !== undefined || this.#telling !== undefined) this.#send();
    if (this.#state === 'connected') {
      this.#outbox.open();
      await waitAtMost(this.#outbox.drained(), patienceMs);
    }
    await this.#options.transport.stop();
    await this.#reading;
  }

  /** Tells of the order before long, with the events that come meanwhile. */
  #tellSoon(): void {
    this.#telling ??= setTimeout(() => this.#send(), this.#options.bounds.tellMs);
  }

  /** Sends what waits, and what there is to tell; that may be without events. */
  #send(): void {
    clearTimeout(this.#timer);
    clearTimeout(this.#telling);
    this.#timer = undefined;
    this.#telling = undefined;
    const events = this.#pending;
    const count = events.length;
    const kept = this.#kept;
    this.#kept = [];
    this.#pending = [];
    this.#pendingChars = 0;
    const { encode, orders, hub, run, keptInDatabase, transport, log } = this.#options;
    this.#sent += count;
    const told = orders.tell();
    const batch = count === 0 ? NO_EVENTS : encode(events);
    const message = encodeRelayMessage({ hub, run, keptInDatabase, sent: this.#sent, count, told, batch, kept });
    if (message.length <= transport.maxMessageBytes) {
      orders.told(told);
      this.#outbox.push(message);
      return;
    }
    // The others see from the next message that they have missed it.
    if (this.#tooLarge++ === 0) {
      log.warn(
        `relay: ${message.length} bytes are more than ${transport.name} takes (${transport.maxMessageBytes}): the other hubs do not get this line; said once`,
      );
    }
  }

  #become(state: TransportState, detail: string | undefined): void {
    const { log, transport, bounds } = this.#options;
    const was = this.#state;
    this.#detail = detail;
    if (state === was) return;
    this.#state = state;
    this.#sinceMs = Date.now();
    clearTimeout(this.#settling);
    if (state !== 'connected') {
      this.#outbox.close();
      if (was === 'connected' && state === 'disconnected') {
        log.warn(
          `relay: ${transport.name} is away: ${detail ?? 'the connection is lost'}; own events go on, and wait to be shared`,
        );
      }
      return;
    }
    log.info(`relay: live events are shared over ${transport.name}`);
    this.#settling = setTimeout(() => this.#outbox.open(), this.#connections++ === 0 ? 0 : bounds.settleMs);
  }

  /** Never rejects: a message that cannot be read must not end the stream. */
  async #receive(delivery: RelayDelivery): Promise<void> {
    const { hub: own, accept, onLost, onKept, orders, keeper, log } = this.#options;
    try {
      const message = decodeRelayMessage(delivery.bytes);
      const { hub, run, sent, batch, count, keptInDatabase, told } = message;
      if (hub !== own) {
        const { isNew, isFirst, heard, lost } = await this.#origins.judge(message);
        if (isFirst) orders.met(hub, { run, sent: heard });
        if (lost > 0) {
          this.#lost += lost;
          onLost(lost);
          orders.missed(hub, { run, sent: sent - count });
        }
        if (isNew && count > 0) {
          orders.took(hub, { first: accept({ hub, batch, count, keptInDatabase }), count, run, sent });
          this.#received += count;
          this.#lastMessageAtMs = Date.now();
        }
        // In the turn of its events, so that they are kept together.
        if (isNew || isFirst) keeper.mark({ id: markOf(hub, run), taken: Math.max(sent, heard), complete: false });
        if (isFirst) keeper.mark({ id: markOf(hub), taken: 1, complete: true });
        for (const kept of message.kept) {
          keeper.mark({ ...kept, complete: true });
          onKept(kept);
        }
        orders.hear(hub, told);
        // Not of messages without events: two idle hubs would tell each other so for ever.
        if (isFirst || (isNew && count > 0)) this.#tellSoon();
      }
    } catch (error) {
      if (this.#damaged++ === 0) {
        log.warn(`relay: a message could not be read and is left out: ${(error as Error).message}; said once`);
      }
    }
    const { acknowledge } = delivery;
    if (acknowledge === undefined) return;
    // What is not kept yet is delivered again.
    keeper.durable().then(acknowledge, () => {});
  }
}

const NO_EVENTS = new Uint8Array();

function markOf(hub: string, run?: number): string {
  return run === undefined ? `relay/${hub}` : `relay/${hub}/${run}`;
}
