import type { LogEvent } from '@flywatch/core';
import { expect, test } from 'vitest';
import { Orders } from './orders.ts';
import { Relay } from './relay.ts';
import { decodeRelayMessage } from './relay-message.ts';
import type { RelayTransport, TransportEvents } from './relay-transport.ts';

const GATHER_MS = 2;
const TELL_MS = 10;

/** An engine in memory. */
class Bus {
  readonly listeners = new Map<string, TransportEvents>();
  /** A hub that it loses messages to. */
  deaf: string | undefined;
  /** Who has sent, and how many events. */
  readonly messages: string[] = [];

  transport(hub: string): RelayTransport {
    return {
      name: 'memory',
      maxMessageBytes: 1e6,
      start: (events) => {
        this.listeners.set(hub, events);
        events.onState('connected', undefined);
      },
      publish: async (bytes) => {
        this.messages.push(`${hub} ${decodeRelayMessage(bytes).count}`);
        for (const [to, { onMessage }] of this.listeners) if (to !== this.deaf) void onMessage({ bytes });
      },
      stop: async () => {
        this.listeners.delete(hub);
      },
    };
  }
}

/** A hub of which nothing is there but its relay; `onTaken` is called after it has taken events of another one. */
function join(bus: Bus, hub: string, run: number, onTaken = () => {}) {
  const ring = { evictedTo: run, headPosition: run };
  const orders = new Orders({ hub, run, ring, patienceMs: 60_000 });
  const relay = new Relay({
    transport: bus.transport(hub),
    ...{ hub, run, orders },
    keptInDatabase: false,
    encode: (events) => new Uint8Array(events.length),
    accept: ({ count }) => {
      queueMicrotask(onTaken);
      ring.headPosition += count;
      return ring.headPosition - count + 1;
    },
    onLost: () => {
      ring.headPosition++;
    },
    onKept: () => {},
    keeper: { mark: () => {}, batch: async () => undefined, durable: async () => {} },
    log: { info: () => {}, warn: (message) => expect.unreachable(message) },
    bounds: {
      ...{ gatherMs: GATHER_MS, tellMs: TELL_MS, maxBatchEvents: 500, maxBatchChars: 1e6, maxKeptBatches: 500 },
      ...{ maxOutboxBytes: 1e6, settleMs: 0 },
    },
  });
  relay.start();
  const take = (count = 1) => {
    for (let i = 0; i < count; i++) relay.offer({ position: ++ring.headPosition, message: '' } as LogEvent);
  };
  return { ring, orders, relay, take };
}

/** Far longer than anything that is still to be told takes. */
const quiet = () => new Promise((resolve) => setTimeout(resolve, 10 * TELL_MS));

test('hubs that meet tell each other where they are, and then an idle group is silent', async () => {
  const bus = new Bus();
  const a = join(bus, 'aaaaa', 1000);
  const b = join(bus, 'bbbbb', 2000);
  await quiet();
  expect(bus.messages.toSorted()).toEqual(['aaaaa 0', 'aaaaa 0', 'bbbbb 0', 'bbbbb 0']);
  expect(a.orders.placeOf('bbbbb', 2000)).toMatchObject({ isWhole: true });
  expect(b.orders.placeOf('aaaaa', 1000)).toMatchObject({ isWhole: true });
  await Promise.all([a.relay.stop(100), b.relay.stop(100)]);
});

test('what a hub has taken from another one it tells once', async () => {
  const bus = new Bus();
  const a = join(bus, 'aaaaa', 1000);
  const b = join(bus, 'bbbbb', 2000);
  await quiet();
  bus.messages.length = 0;
  a.take(3);
  await quiet();
  expect(bus.messages).toEqual(['aaaaa 3', 'bbbbb 0']);
  expect(a.orders.placeOf('bbbbb', b.ring.headPosition)).toMatchObject({ after: a.ring.headPosition, isWhole: true });
  await Promise.all([a.relay.stop(100), b.relay.stop(100)]);
});

test('what a hub has taken is told with its own events where it has some', async () => {
  const bus = new Bus();
  const a = join(bus, 'aaaaa', 1000);
  const b = join(bus, 'bbbbb', 2000, () => b.take(4));
  await quiet();
  bus.messages.length = 0;
  a.take(2);
  await quiet();
  expect(bus.messages).toEqual(['aaaaa 2', 'bbbbb 4', 'aaaaa 0']);
  await Promise.all([a.relay.stop(100), b.relay.stop(100)]);
});

test('a stop tells what there is to tell', async () => {
  const bus = new Bus();
  const a = join(bus, 'aaaaa', 1000);
  const b = join(bus, 'bbbbb', 2000);
  await quiet();
  b.take();
  await expect.poll(() => a.ring.headPosition, { interval: 1 }).toBe(1001);
  await a.relay.stop(1000);
  expect(b.orders.placeOf('aaaaa', 1001)).toMatchObject({ after: b.ring.headPosition, isWhole: true });
  await b.relay.stop(100);
});

test('a reader that has not seen what was lost here goes on with the mark of it, one that has seen it does not', async () => {
  const bus = new Bus();
  const a = join(bus, 'aaaaa', 1000);
  const b = join(bus, 'bbbbb', 2000);
  const c = join(bus, 'ccccc', 3000);
  await quiet();
  bus.deaf = 'bbbbb';
  a.take(2);
  await expect.poll(() => c.ring.headPosition, { interval: 1 }).toBe(3002);
  bus.deaf = undefined;
  a.take(3);
  await quiet();
  // The mark at 2001, then three events.
  expect(b.ring.headPosition).toBe(2004);
  expect(b.orders.placeOf('ccccc', 3001)).toMatchObject({ after: 2000, seen: [] });
  expect(b.orders.placeOf('ccccc', 3002)).toMatchObject({ after: 2001, seen: [] });
  expect(b.orders.placeOf('ccccc', 3003)).toMatchObject({ after: 2002, seen: [] });
  await Promise.all([a, b, c].map(({ relay }) => relay.stop(100)));
});
