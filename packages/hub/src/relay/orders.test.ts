/** Hubs that tell each other their orders, without an engine: messages lie in queues until a test delivers them. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Orders, type Place } from './orders.ts';
import type { Told } from './told-order.ts';

interface Shown {
  readonly position: number;
  /** `a3`: the third event of hub `a`. */
  readonly name: string;
}

interface Message {
  readonly sent: number;
  readonly names: readonly string[];
  readonly told: Told;
}

class SimulatedHub {
  readonly tag: string;
  readonly run: number;
  readonly orders: Orders;
  /** Its ring. */
  readonly shown: Shown[] = [];
  /** Messages of others that are under way to it. */
  readonly inbox = new Map<SimulatedHub, Message[]>();
  readonly ring: { evictedTo: number; headPosition: number };
  readonly #heard = new Map<string, { run: number; sent: number }>();
  #pending: string[] = [];
  #sent = 0;

  constructor(tag: string, run: number, patienceMs = 60_000) {
    this.tag = tag;
    this.run = run;
    this.ring = { evictedTo: run, headPosition: run };
    this.orders = new Orders({ hub: tag, run, ring: this.ring, patienceMs });
  }

  /** An event of its own sources. */
  take(): void {
    const name = `${this.tag}${++this.#sent}`;
    this.#pending.push(name);
    this.orders.offered(this.#show(name));
  }

  /** Something that is not shared: it takes a position all the same. */
  mark(): void {
    this.#show('mark');
  }

  send(): void {
    const told = this.orders.tell();
    this.orders.told(told);
    for (const other of group) {
      if (other === this) continue;
      const queue = other.inbox.get(this) ?? [];
      other.inbox.set(this, queue);
      queue.push({ sent: this.#sent, names: this.#pending, told });
    }
    this.#pending = [];
  }

  /** The next message of another hub; false where there is none. */
  receive(from: SimulatedHub): boolean {
    const message = this.inbox.get(from)?.shift();
    if (message === undefined) return false;
    const { sent, names, told } = message;
    const heard = this.#heard.get(from.tag);
    if (heard?.run !== from.run) {
      this.orders.met(from.tag, { run: from.run, sent: heard === undefined ? sent - names.length : 0 });
    }
    this.#heard.set(from.tag, { run: from.run, sent });
    const first = this.ring.headPosition + 1;
    for (const name of names) this.#show(name);
    if (names.length > 0) this.orders.took(from.tag, { first, count: names.length, run: from.run, sent });
    this.orders.hear(from.tag, told);
    return true;
  }

  evict(count: number): void {
    const gone = this.shown.splice(0, count).at(-1);
    if (gone !== undefined) this.ring.evictedTo = gone.position;
  }

  #show(name: string): number {
    this.ring.headPosition++;
    this.shown.push({ position: this.ring.headPosition, name });
    return this.ring.headPosition;
  }
}

let group: SimulatedHub[] = [];

function createGroup(...tags: string[]): SimulatedHub[] {
  group = tags.map((tag, i) => new SimulatedHub(tag, 1000 * (i + 1) ** 3));
  exchange();
  return group;
}

/** Everybody tells what there is, and hears it. */
function exchange(): void {
  for (const hub of group) hub.send();
  for (const hub of group) for (const other of group) while (hub.receive(other));
}

/** What a reader at a place gets of a hub's ring. */
const readOn = ({ shown }: SimulatedHub, { after, seen }: Place) =>
  shown.filter(({ position }) => position > after && !seen.some(({ from, to }) => position >= from && position <= to));
const names = (shown: readonly Shown[]) => shown.map(({ name }) => name);
const placeOf = (hub: SimulatedHub, from: SimulatedHub, position = from.ring.headPosition) =>
  hub.orders.placeOf(from.tag, position);

const TAGS = ['aaaaa', 'bbbbb', 'ccccc'];

/** What happens, in numbers that are taken modulo what there is. */
const step = fc.record({
  what: fc.constantFrom('take', 'take', 'take', 'send', 'receive', 'receive', 'mark', 'move'),
  hub: fc.nat(),
  other: fc.nat(),
  reads: fc.nat({ max: 20 }),
});

test('a reader that changes hubs at any point gets every event once, and those of each hub in order', () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 3 }), fc.array(step, { minLength: 100, maxLength: 300 }), (hubs, steps) => {
      createGroup(...TAGS.slice(0, hubs));
      let at = group[0]!;
      let position = at.ring.headPosition;
      const got: string[] = [];
      /** Reads so many events that come next, or all of them. */
      const read = (count = Number.POSITIVE_INFINITY) => {
        const next = at.shown.filter((event) => event.position > position).slice(0, count);
        got.push(...names(next));
        position = next.at(-1)?.position ?? position;
      };
      const move = (to: SimulatedHub) => {
        // What the hub that it leaves tells before long, and what is under way.
        for (let tries = 0; to.orders.settled(at.tag, position) !== undefined; tries++) {
          if (tries === 0) for (const hub of group) hub.send();
          for (const hub of group) to.receive(hub);
        }
        const place = placeOf(to, at, position)!;
        expect(place.isWhole).toBe(true);
        const until = place.seen.at(-1)?.to ?? place.after;
        got.push(...names(readOn(to, place).filter((event) => event.position <= until)));
        at = to;
        position = until;
      };
      for (const { what, hub, other, reads } of steps) {
        const one = group[hub % hubs]!;
        const another = group[other % hubs]!;
        if (what === 'move') {
          read(reads);
          if (one !== at) move(one);
        } else if (what === 'receive') one.receive(another);
        else one[what]();
      }
      exchange();
      read();
      const events = got.filter((name) => name !== 'mark');
      const shared = at.shown.map(({ name }) => name).filter((name) => name !== 'mark');
      expect([...events].sort()).toEqual([...shared].sort());
      for (const tag of TAGS) {
        const numbers = events.filter((name) => name.startsWith(tag)).map((name) => Number(name.slice(tag.length)));
        expect(numbers).toEqual(numbers.map((_, i) => i + 1));
      }
    }),
    { numRuns: 500 },
  );
});

test('a reader goes on after what it has seen, and what it has seen beyond that is left out', () => {
  const [a, b] = createGroup('aaaaa', 'bbbbb') as [SimulatedHub, SimulatedHub];
  a.take();
  b.take();
  b.take();
  exchange();
  exchange();
  // At a: a1 b1 b2; at b: b1 b2 a1.
  expect(names(a.shown)).toEqual(['aaaaa1', 'bbbbb1', 'bbbbb2']);
  const place = placeOf(b, a, a.shown[0]!.position)!;
  expect(names(readOn(b, place))).toEqual(['bbbbb1', 'bbbbb2']);
  expect(place.seen).toEqual([{ from: b.shown[2]!.position, to: b.shown[2]!.position }]);
  expect(names(readOn(b, placeOf(b, a)!))).toEqual([]);
});

test('a hub that nobody has heard of, and a position from before it was heard, have no place', () => {
  const [a, b] = createGroup('aaaaa', 'bbbbb') as [SimulatedHub, SimulatedHub];
  expect(b.orders.placeOf('other', 5)).toBeUndefined();
  expect(placeOf(b, a, a.run - 1)).toBeUndefined();
  expect(b.orders.settled('other', 5)).toBeUndefined();
});

test('what the ring has let go of, and the reader has not seen, leaves it without a place', () => {
  const [a, b] = createGroup('aaaaa', 'bbbbb') as [SimulatedHub, SimulatedHub];
  for (let i = 0; i < 10; i++) {
    a.take();
    exchange();
  }
  b.evict(5);
  expect(placeOf(b, a, a.shown[3]!.position)).toBeUndefined();
  expect(names(readOn(b, placeOf(b, a, a.shown[4]!.position)!))).toHaveLength(5);
});

test('beyond what a killed hub has told, a reader goes on at what it has told, and may have missed something', async () => {
  const patienceMs = 100;
  const [a, b] = [new SimulatedHub('aaaaa', 1000), new SimulatedHub('bbbbb', 8000, patienceMs)];
  group = [a, b];
  exchange();
  a.take();
  exchange();
  a.take();
  b.take();
  const began = performance.now();
  await b.orders.settled('aaaaa', a.ring.headPosition);
  expect(performance.now() - began).toBeGreaterThan(patienceMs - 10);
  const place = placeOf(b, a)!;
  expect(place.isWhole).toBe(false);
  expect(names(readOn(b, place))).toEqual(['bbbbb1']);
});

test('a place is waited for until the hub has told it, and what its reader has seen is here', async () => {
  const [a, b, c] = createGroup(...TAGS) as [SimulatedHub, SimulatedHub, SimulatedHub];
  b.take();
  b.send();
  a.receive(b);
  a.take();
  let isSettled = false;
  const settled = c.orders.settled('aaaaa', a.ring.headPosition)!.then(() => {
    isSettled = true;
  });
  a.send();
  c.receive(a);
  await new Promise(setImmediate);
  expect(isSettled).toBe(false);
  c.receive(b);
  await settled;
  expect(names(readOn(c, placeOf(c, a)!))).toEqual([]);
});

test('a hub that was started again is a stranger to those who left before, and not to those who left after', () => {
  const [a, b] = createGroup('aaaaa', 'bbbbb') as [SimulatedHub, SimulatedHub];
  a.take();
  exchange();
  const before = a.ring.headPosition;
  b.take();
  exchange();
  const again = new SimulatedHub('bbbbb', b.run + 100);
  group = [a, again];
  exchange();
  expect(placeOf(again, a, before)).toBeUndefined();
  exchange();
  a.take();
  again.take();
  exchange();
  expect(names(readOn(again, placeOf(again, a, a.shown.at(-2)!.position)!))).toEqual(['bbbbb1']);
});

test('readers of a hub that was started again come with ids of both of its runs', () => {
  const [a, b] = createGroup('aaaaa', 'bbbbb') as [SimulatedHub, SimulatedHub];
  a.take();
  a.take();
  exchange();
  const again = new SimulatedHub('aaaaa', a.run + 100);
  group = [again, b];
  exchange();
  again.take();
  b.take();
  exchange();
  expect(names(readOn(b, placeOf(b, a, a.shown[0]!.position)!))).toEqual(['aaaaa2', 'bbbbb1', 'aaaaa1']);
  expect(names(readOn(b, placeOf(b, again, again.shown[0]!.position)!))).toEqual(['bbbbb1']);
});

test('a hub that starts again and has nothing to say yet is no loss to those who have not heard of it', () => {
  const [a, b, c] = createGroup(...TAGS) as [SimulatedHub, SimulatedHub, SimulatedHub];
  c.take();
  exchange();
  exchange();
  b.orders.met('ccccc', { run: c.run + 100, sent: 0 });
  group = [a, b];
  a.take();
  exchange();
  b.evict(b.shown.length);
  expect(placeOf(b, a)).toMatchObject({ after: b.ring.headPosition, isWhole: true });
});

test('a hub that ended before another one began does not keep readers of that one from a place', () => {
  const [a, b, c] = createGroup(...TAGS) as [SimulatedHub, SimulatedHub, SimulatedHub];
  c.take();
  exchange();
  const later = new SimulatedHub('ddddd', 500_000);
  group = [a, b, later];
  exchange();
  exchange();
  a.take();
  exchange();
  expect(names(readOn(b, placeOf(b, later, later.run)!))).toEqual(['aaaaa1']);
});

test('a message that did not arrive makes a hole, whose positions are unknown', () => {
  const [a, b] = createGroup('aaaaa', 'bbbbb') as [SimulatedHub, SimulatedHub];
  a.take();
  exchange();
  a.take();
  a.take();
  a.send();
  b.inbox.get(a)!.pop();
  a.take();
  exchange();
  // What it is at the end of the hole is told with the next message.
  const isKnown = a.shown.map(({ position }) => placeOf(b, a, position)!.isWhole);
  expect(isKnown).toEqual([true, false, true, true]);
});

test('an event has its other names, whatever hub is asked for them', () => {
  const [a, b] = createGroup('aaaaa', 'bbbbb') as [SimulatedHub, SimulatedHub];
  b.take();
  a.take();
  exchange();
  exchange();
  const atA = { hub: 'aaaaa', position: a.shown[0]!.position };
  const atB = { hub: 'bbbbb', position: b.shown.find(({ name }) => name === 'aaaaa1')!.position };
  for (const { orders } of [a, b]) {
    for (const id of [atA, atB]) expect(orders.nameAtOrigin(id)).toEqual(atA);
  }
  for (const id of [atA, atB]) {
    expect(a.orders.nameHere(id)).toEqual(atA);
    expect(b.orders.nameHere(id)).toEqual(atB);
  }
  expect(a.orders.nameHere({ hub: 'aaaaa', position: 7 })).toBeUndefined();
  expect(a.orders.nameHere({ hub: 'other', position: 7 })).toBeUndefined();
});

test('what is held is bounded: of what is too old nothing is known', () => {
  const [a, b] = createGroup('aaaaa', 'bbbbb') as [SimulatedHub, SimulatedHub];
  for (let i = 0; i < 6000; i++) {
    a.take();
    b.take();
    exchange();
  }
  expect(placeOf(b, a, a.shown[10]!.position)).toBeUndefined();
  expect(placeOf(b, a, a.shown.at(-10)!.position)).toBeDefined();
});
