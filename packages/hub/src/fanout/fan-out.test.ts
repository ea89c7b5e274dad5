import { formatEventId, type LogEvent } from '@flywatch/core';
import { expect, test } from 'vitest';
import { makeEvent } from '../buffer/event.fixture.ts';
import { EventBuffer } from '../buffer/event-buffer.ts';
import type { Start } from './begin.ts';
import type { CatchUp } from './catch-up.ts';
import type { Clock } from './clock.ts';
import { FanOut } from './fan-out.ts';
import { isWithin, type OtherHubs, type Place } from './other-hubs.ts';
import type { CloseReason, Sink } from './reader.ts';
import type { LiveReader, Subscription } from './subscription.ts';

const HUB = 'test0';
/** Where the run begins: its first event has position 101. */
const START = 100;

/** Time that passes when a test says so. */
class ManualClock implements Clock {
  #nowMs = 0;
  #timers = new Map<object, { at: number; run: () => void }>();

  nowMs(): number {
    return this.#nowMs;
  }

  setTimeout(run: () => void, ms: number): unknown {
    const timer = {};
    this.#timers.set(timer, { at: this.#nowMs + ms, run });
    return timer;
  }

  clearTimeout(timer: unknown): void {
    this.#timers.delete(timer as object);
  }

  /** Work that takes time: timers wait until it is done. */
  spend(ms: number): void {
    this.#nowMs += ms;
  }

  get pending(): number {
    return this.#timers.size;
  }

  pass(ms: number): void {
    const end = this.#nowMs + ms;
    for (;;) {
      const next = [...this.#timers].filter(([, { at }]) => at <= end).sort((a, b) => a[1].at - b[1].at)[0];
      if (next === undefined) break;
      this.#timers.delete(next[0]);
      this.#nowMs = next[1].at;
      next[1].run();
    }
    this.#nowMs = Math.max(this.#nowMs, end);
  }
}

/** A socket that takes bytes until it is told to be full. */
class TestSink implements Sink {
  openedAt: string | undefined;
  text = '';
  writes = 0;
  full = false;
  closedFor: CloseReason | undefined;

  opened(id: string): void {
    this.openedAt = id;
  }

  write(bytes: Uint8Array): boolean {
    this.text += Buffer.from(bytes).toString();
    this.writes++;
    return !this.full;
  }

  close(reason: CloseReason): void {
    this.closedFor = reason;
  }

  /** Positions of the events that arrived, in order. */
  get positions(): number[] {
    return [...this.text.matchAll(/"message":"line (\d+)[ "]/g)].map((match) => Number(match[1]));
  }

  get gaps(): { from: string; to: string; count: number | null; reason: string }[] {
    return [...this.text.matchAll(/event: gap\nid: \S+\ndata: (.*)\n/g)].map((match) => JSON.parse(match[1]!));
  }
}

interface Options {
  readonly maxEntries?: number;
  readonly batchMaxBytes?: number;
  readonly otherHubs?: OtherHubs;
  readonly catchUp?: CatchUp;
}

function setup(options: Options = {}) {
  const clock = new ManualClock();
  const buffer = new EventBuffer({ maxEntries: options.maxEntries ?? 1000, maxAgeMs: 1e9, maxChars: 1e9 }, START);
  const fanOut = new FanOut({
    buffer,
    hub: HUB,
    flushMaxDelayMs: 25,
    readersPerFlushMs: 20,
    batchMaxBytes: options.batchMaxBytes ?? 64 * 1024,
    keepAliveIntervalMs: 12_000,
    stallLimitMs: 300_000,
    otherHubs: options.otherHubs,
    catchUp: options.catchUp,
    clock,
  });
  fanOut.start();
  let position = START;
  const publish = (count = 1, more = '') => {
    for (let i = 0; i < count; i++) {
      position++;
      buffer.push(makeEvent(position, `line ${position}${more === '' ? '' : ` ${more}`}`));
      fanOut.published();
    }
  };
  const read = (
    start: Start = { from: 'now' },
    more: Partial<Subscription> = {},
    isFull = false,
  ): { sink: TestSink; reader: LiveReader } => {
    const sink = new TestSink();
    sink.full = isFull;
    const reader = fanOut.subscribe(
      {
        wire: 'sse-identity',
        format: 'flat',
        filterKey: '',
        matches: () => true,
        selection: { lists: {} },
        start,
        ...more,
      },
      sink,
    );
    return { sink, reader };
  };
  return { clock, buffer, fanOut, publish, read };
}

const after = (position: number): Start => ({ from: 'after', position, hub: HUB });
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);
const odd = { filterKey: 'odd', matches: (event: LogEvent) => event.position % 2 === 1 };

test('a reader gets what comes after it, all of it, in order, and nothing from before', () => {
  const { clock, publish, read } = setup();
  publish(3);
  const { sink } = read();
  publish(5);
  clock.pass(30);
  publish(2);
  clock.pass(30);
  expect(sink.positions).toEqual(range(104, 110));
  expect(sink.openedAt).toBe(formatEventId(103, HUB));
});

test('readers of one kind share their bytes: one write each, one encoding for all', () => {
  const { clock, publish, read } = setup();
  const sinks = [read(), read(), read()].map(({ sink }) => sink);
  publish(50);
  clock.pass(30);
  expect(sinks.map((sink) => sink.writes)).toEqual([1, 1, 1]);
  expect(new Set(sinks.map((sink) => sink.text)).size).toBe(1);
});

test('a large backlog of a flush is split into batches', () => {
  const { clock, publish, read } = setup({ batchMaxBytes: 1000 });
  const { sink } = read();
  publish(50);
  clock.pass(30);
  expect(sink.writes).toBeGreaterThan(5);
  expect(sink.positions).toEqual(range(101, 150));
});

test('a full socket makes a cursor of its reader; it goes on where it was and then keeps pace again', () => {
  const { clock, publish, read } = setup();
  const slow = read();
  const quick = read();
  slow.sink.full = true;
  publish(10);
  clock.pass(30);
  publish(10);
  clock.pass(30);
  expect(slow.sink.positions).toEqual(range(101, 110));
  expect(quick.sink.positions).toEqual(range(101, 120));
  slow.sink.full = false;
  slow.reader.drained();
  expect(slow.sink.positions).toEqual(range(101, 120));
  publish(5);
  clock.pass(30);
  expect(slow.sink.positions).toEqual(range(101, 125));
  expect(slow.sink.gaps).toEqual([]);
});

test('a reader that the ring has passed jumps to the head and is told the gap; nobody else notices', () => {
  const { clock, publish, read, fanOut } = setup({ maxEntries: 100 });
  const stuck = read();
  const quick = read();
  stuck.sink.full = true;
  publish(10);
  clock.pass(30);
  for (let i = 0; i < 50; i++) {
    publish(10);
    clock.pass(30);
  }
  expect(fanOut.blocked).toBe(1);
  stuck.sink.full = false;
  stuck.reader.drained();
  publish(5);
  clock.pass(30);
  expect(stuck.sink.gaps).toEqual([
    { type: 'gap', from: formatEventId(110, HUB), to: formatEventId(610, HUB), count: 500, reason: 'lagged' },
  ]);
  expect(stuck.sink.positions).toEqual([...range(101, 110), ...range(611, 615)]);
  expect(quick.sink.positions).toEqual(range(101, 615));
  expect(fanOut.counters).toMatchObject({ gaps: 1, eventsSkipped: 500 });
  expect(fanOut.blocked).toBe(0);
});

test('more events in one turn than the ring holds reach a reader that reads: a flush does not wait for its timer', () => {
  const { clock, publish, read } = setup({ maxEntries: 100 });
  const { sink } = read();
  publish(1000);
  clock.pass(30);
  expect(sink.positions).toEqual(range(101, 1100));
  expect(sink.gaps).toEqual([]);
});

test.each([0, 1, 5, 49, 50])('resuming after %i events gives the rest once, then live', (seen) => {
  const { clock, publish, read } = setup();
  publish(50);
  const { sink } = read(after(START + seen));
  publish(3);
  clock.pass(30);
  expect(sink.positions).toEqual(range(START + seen + 1, 153));
  expect(sink.gaps).toEqual([]);
});

test('a reader that resumes while a flush is due is not shown again what it has seen', () => {
  const { clock, publish, read } = setup();
  const live = read();
  publish(10);
  const resumed = read(after(108));
  clock.pass(30);
  expect(resumed.sink.positions).toEqual([109, 110]);
  expect(live.sink.positions).toEqual(range(101, 110));
});

test('resuming after what the ring has let go of begins with a gap that says how much', () => {
  const { clock, publish, read } = setup({ maxEntries: 20 });
  publish(100);
  const { sink } = read(after(150));
  clock.pass(30);
  expect(sink.gaps).toEqual([
    { type: 'gap', from: formatEventId(150, HUB), to: formatEventId(180, HUB), count: 30, reason: 'expired' },
  ]);
  expect(sink.positions).toEqual(range(181, 200));
  expect(sink.openedAt).toBe(formatEventId(150, HUB));
});

test('resuming after an id of an earlier run begins with a gap of unknown size', () => {
  const { publish, read } = setup();
  publish(5);
  const { sink } = read(after(START - 50));
  expect(sink.gaps).toEqual([
    { type: 'gap', from: formatEventId(50, HUB), to: formatEventId(100, HUB), count: null, reason: 'expired' },
  ]);
  expect(sink.positions).toEqual(range(101, 105));
});

test('an id of another hub gives a gap that says so, then live', () => {
  const { clock, publish, read } = setup();
  publish(5);
  const { sink } = read({ from: 'after', position: 102, hub: 'other' });
  publish(1);
  clock.pass(30);
  expect(sink.gaps).toEqual([
    { type: 'gap', from: formatEventId(102, 'other'), to: formatEventId(105, HUB), count: null, reason: 'other_hub' },
  ]);
  expect(sink.positions).toEqual([106]);
});

/** A hub of the group that has told where its readers go on. */
const other = (place: Partial<Place>, settled?: Promise<void>): OtherHubs => ({
  settled: () => settled,
  placeOf: () => ({ after: START, seen: [], isWhole: true, ...place }),
});
const afterOther: Start = { from: 'after', position: 7, hub: 'other' };

test('a reader of another hub goes on at its place, without what it has seen, and then as any reader', () => {
  const seen = [
    { from: 104, to: 105 },
    { from: 107, to: 107 },
  ];
  const { clock, publish, read, fanOut } = setup({ otherHubs: other({ after: 102, seen }) });
  publish(10);
  const live = read();
  const moved = read(afterOther);
  const filtered = read(afterOther, odd);
  publish(3);
  clock.pass(30);
  expect(moved.sink.positions).toEqual([103, 106, ...range(108, 113)]);
  expect(filtered.sink.positions).toEqual([103, 109, 111, 113]);
  expect(live.sink.positions).toEqual(range(111, 113));
  expect(moved.sink.gaps).toEqual([]);
  expect(fanOut.groups).toBe(2);
  // What it has seen is told by the id that it came with, until it has the rest.
  expect(moved.sink.openedAt).toBe(formatEventId(7, 'other'));
});

test('a place that leaves nothing out is an id of this hub', () => {
  const { publish, read } = setup({ otherHubs: other({ after: 102 }) });
  publish(4);
  const { sink } = read(afterOther);
  expect(sink.openedAt).toBe(formatEventId(102, HUB));
  expect(sink.positions).toEqual([103, 104]);
});

test('where something may be missing a gap says so before the reader goes on', () => {
  const { publish, read } = setup({ otherHubs: other({ after: 102, isWhole: false }) });
  publish(4);
  const { sink } = read(afterOther);
  const [from, to] = [formatEventId(7, 'other'), formatEventId(102, HUB)];
  expect(sink.gaps).toEqual([{ type: 'gap', from, to, count: null, reason: 'other_hub' }]);
  expect(sink.positions).toEqual([103, 104]);
});

test('a reader whose place is asked for counts, gets nothing before, and may leave', async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const { publish, read, fanOut } = setup({ otherHubs: other({ after: 102 }, promise) });
  const stays = read(afterOther);
  const leaves = read(afterOther);
  publish(4);
  leaves.reader.closed();
  expect(fanOut.readers).toBe(2);
  expect(stays.sink.openedAt).toBeUndefined();
  resolve();
  await promise;
  expect(fanOut.readers).toBe(1);
  expect(stays.sink.positions).toEqual([103, 104]);
  expect(leaves.sink.text).toBe('');
});

test('a stop ends a reader whose place is asked for', async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const { read, fanOut } = setup({ otherHubs: other({}, promise) });
  const { sink } = read(afterOther);
  fanOut.stop();
  resolve();
  await promise;
  expect(sink.closedFor).toBe('shutdown');
  expect(fanOut.readers).toBe(0);
});

test('what a reader has seen at another hub is left out of history too', async () => {
  const catchUp: CatchUp = {
    read: async (position, _maxBytes, { until }) => {
      const positions = range(position + 1, until);
      const rows = positions.map((row) => `{"message":"line ${row} of history"}`);
      return { rows, positions, reached: until, droppedTo: 0 };
    },
    start: async () => 0,
    urlOf: () => '',
  };
  const seen = [{ from: 103, to: 110 }];
  const otherHubs = other({ after: 101, seen });
  const { clock, publish, read } = setup({ otherHubs, catchUp, maxEntries: 20, batchMaxBytes: 1 });
  publish(12);
  const { sink, reader } = read(afterOther, {}, true);
  publish(30);
  sink.full = false;
  reader.drained();
  // Answers of history, and turns in which the reader goes on.
  for (let turn = 0; turn < 5; turn++) {
    await new Promise(setImmediate);
    clock.pass(100);
  }
  expect(sink.positions).toEqual([102, ...range(111, 142)]);
});

test.each([
  [102, false],
  [103, true],
  [105, true],
  [106, false],
  [107, true],
  [108, false],
])('position %i is within the spans: %s', (position, expected) => {
  const spans = [
    { from: 103, to: 105 },
    { from: 107, to: 107 },
  ];
  expect(isWithin(spans, position)).toBe(expected);
});

test('after an id that was not given yet, what follows is what is greater', () => {
  const { clock, publish, read } = setup();
  publish(5);
  const { sink } = read(after(107));
  publish(5);
  clock.pass(30);
  expect(sink.positions).toEqual(range(108, 110));
});

test('tail counts matching events, and live follows', () => {
  const { clock, publish, read } = setup();
  publish(20);
  const { sink } = read({ from: 'backlog', tail: 3, sinceMs: undefined }, odd);
  publish(2);
  clock.pass(30);
  expect(sink.positions).toEqual([115, 117, 119, 121]);
  expect(sink.openedAt).toBe(formatEventId(114, HUB));
});

test('since takes what is not older in source time, tail the last of those', () => {
  const { buffer, read } = setup();
  for (const [position, timeMs] of [
    [101, 500],
    [102, 100],
    [103, 900],
    [104, 600],
  ] as const) {
    buffer.push(makeEvent(position, `line ${position}`, timeMs));
  }
  expect(read({ from: 'backlog', tail: undefined, sinceMs: 500 }).sink.positions).toEqual([101, 103, 104]);
  expect(read({ from: 'backlog', tail: 2, sinceMs: 500 }).sink.positions).toEqual([103, 104]);
  expect(read({ from: 'backlog', tail: 0, sinceMs: undefined }).sink.positions).toEqual([]);
});

test('a quiet filter moves its cursor with the ping, so that a reconnect does not replay the world', () => {
  const { clock, publish, read } = setup();
  const { sink } = read({ from: 'now' }, { filterKey: 'none', matches: () => false });
  publish(40);
  clock.pass(12_000);
  expect(sink.positions).toEqual([]);
  expect(sink.text).toContain(`: ping\n\nevent: ping\nid: ${formatEventId(140, HUB)}\n`);
});

test('a WebSocket reader that asked for it gets its cursor after each burst and while quiet; others get nothing unasked', () => {
  const { clock, publish, read } = setup();
  const asking = read({ from: 'now' }, { wire: 'ws', control: true });
  const plain = read({ from: 'now' }, { wire: 'ws' });
  publish(3);
  clock.pass(30);
  expect(asking.sink.text).toContain(`{"type":"cursor","id":"${formatEventId(103, HUB)}"}`);
  clock.pass(12_000);
  expect(asking.sink.text.match(/"cursor"/g)).toHaveLength(2);
  expect(plain.sink.text).not.toContain('cursor');
  expect(plain.sink.writes).toBe(1);
});

test('a reader that takes nothing for too long is closed', () => {
  const { clock, publish, read, fanOut } = setup();
  const { sink } = read();
  sink.full = true;
  publish(1);
  clock.pass(299_000);
  expect(sink.closedFor).toBeUndefined();
  clock.pass(20_000);
  expect(sink.closedFor).toBe('stalled');
  expect([fanOut.readers, fanOut.blocked, fanOut.groups]).toEqual([0, 0, 0]);
});

test('notices reach who asked for them, a full socket the newest one when it drains', () => {
  const { publish, read, fanOut, clock } = setup();
  const listening = read({ from: 'now' }, { notices: true });
  const full = read({ from: 'now' }, { notices: true });
  const other = read();
  full.sink.full = true;
  publish(1);
  clock.pass(30);
  fanOut.notify(() => Buffer.from('data: "lost"\n\n'));
  fanOut.notify(() => Buffer.from('data: "found"\n\n'));
  full.sink.full = false;
  full.reader.drained();
  expect(listening.sink.text).toMatch(/lost.*found/s);
  expect(full.sink.text).toContain('found');
  expect(full.sink.text).not.toContain('lost');
  expect(other.sink.text).not.toContain('found');
});

test('stop serves what is there, closes everybody and leaves no timer', () => {
  const { clock, publish, read, fanOut } = setup();
  const { sink } = read();
  publish(3);
  fanOut.stop();
  expect(sink.positions).toEqual([101, 102, 103]);
  expect(sink.closedFor).toBe('shutdown');
  expect([fanOut.readers, fanOut.groups, clock.pending]).toEqual([0, 0, 0]);
});

test('ten thousand readers that come and go leave nothing behind', () => {
  const { clock, publish, read, fanOut } = setup();
  for (let i = 0; i < 10_000; i++) {
    const { sink, reader } = read({ from: 'now' }, { filterKey: `f${i % 7}` });
    sink.full = i % 3 === 0;
    if (i % 100 === 0) {
      publish(2);
      clock.pass(30);
    }
    reader.closed();
    reader.drained();
  }
  expect([fanOut.readers, fanOut.blocked, fanOut.groups]).toEqual([0, 0, 0]);
  expect(clock.pending).toBe(1);
});

test('any order of publishing, draining, filling and resuming gives every reader each matching event once, or a gap', () => {
  for (let seed = 1; seed <= 200; seed++) {
    let state = seed;
    const random = (below: number) => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return Math.floor((state / 2 ** 32) * below);
    };
    const { clock, publish, read, buffer } = setup({ maxEntries: 60, batchMaxBytes: 600 });
    const readers = Array.from({ length: 4 }, (_, i) => ({
      ...read({ from: 'now' }, i % 2 === 0 ? odd : {}),
      odd: i % 2 === 0,
    }));
    for (let step = 0; step < 100; step++) {
      publish(random(8));
      if (random(3) > 0) clock.pass(random(40));
      const { sink, reader } = readers[random(readers.length)]!;
      sink.full = random(2) === 0;
      if (!sink.full) reader.drained();
    }
    for (let round = 0; round < 10; round++) {
      for (const { sink, reader } of readers) {
        sink.full = false;
        reader.drained();
      }
    }
    clock.pass(100);
    for (const { sink, odd: onlyOdd } of readers) {
      const skipped = new Set(sink.gaps.flatMap((gap) => range(positionOf(gap.from) + 1, positionOf(gap.to))));
      const expected = range(START + 1, buffer.headPosition).filter(
        (p) => !skipped.has(p) && (!onlyOdd || p % 2 === 1),
      );
      expect(sink.positions, `seed ${seed}`).toEqual(expected);
    }
  }
});

function positionOf(id: string): number {
  return Number.parseInt(id.slice(0, 11), 36);
}

/** A filter that takes its time, on the clock of the test. */
function slow(clock: ManualClock, ms: number, matches: (event: LogEvent) => boolean): Partial<Subscription> {
  return {
    filterKey: `slow ${ms}`,
    matches: (event) => {
      clock.spend(ms);
      return matches(event);
    },
  };
}

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));
const long = 'x'.repeat(5000);

test('a filter that takes long gets a turn at a time, and others are served in between', async () => {
  const { clock, publish, read } = setup();
  const slowReader = read(
    { from: 'now' },
    slow(clock, 8, () => true),
  ).sink;
  const { sink } = read();
  publish(100, long);
  const before = clock.nowMs();
  clock.pass(30);
  expect(clock.nowMs() - before).toBeLessThan(60);
  await nextTurn();
  await nextTurn();
  expect(sink.positions).toEqual(range(101, 200));
  expect(slowReader.positions.length).toBeLessThan(10);
  for (let turn = 0; turn < 100; turn++) await nextTurn();
  expect(slowReader.positions).toEqual(range(101, 200));
  publish(1);
  clock.pass(30);
  expect(slowReader.positions.at(-1)).toBe(201);
});

test('the last n under a filter that takes long are looked for in turns, and found', async () => {
  const { clock, publish, read } = setup();
  publish(200, long);
  const { sink } = read(
    { from: 'backlog', tail: 3, sinceMs: undefined },
    slow(clock, 8, (event) => event.position < 120),
  );
  expect(sink.openedAt).toBeUndefined();
  publish(1);
  for (let turn = 0; turn < 400; turn++) await nextTurn();
  expect(sink.positions).toEqual([117, 118, 119]);
  expect(sink.openedAt).toBe(formatEventId(116, HUB));
});

test('a reader that joins a group which is late gets nothing twice', async () => {
  const { clock, publish, read } = setup();
  const kind = slow(clock, 8, () => true);
  const first = read({ from: 'now' }, kind).sink;
  publish(50, long);
  clock.pass(30);
  const second = read(after(110), kind).sink;
  const third = read({ from: 'now' }, kind).sink;
  for (let turn = 0; turn < 200; turn++) await nextTurn();
  publish(2);
  clock.pass(30);
  for (let turn = 0; turn < 10; turn++) await nextTurn();
  expect(first.positions).toEqual(range(101, 152));
  expect(second.positions).toEqual(range(111, 152));
  expect(third.positions).toEqual([151, 152]);
});
