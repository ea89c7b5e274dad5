import type { Tail, TailItem } from '@flywatch/client';
import { expect, test } from 'vitest';
import type { ReconnectedItem, StreamItem } from './items.ts';
import { createLogStream, type LogStream, type LogStreamOptions } from './log-stream.ts';

/** A tail that yields what the test says, when it says so: the contract of the client, which is ours. */
class ScriptedTail {
  readonly opened: (string | undefined)[] = [];
  #waiting: ((batch: readonly TailItem[]) => void) | undefined;
  #queue: (readonly TailItem[])[] = [];
  #cursor: string | undefined;

  open: NonNullable<LogStreamOptions['openTail']> = (options) => {
    const self = this;
    const { signal } = options;
    const tail: Partial<Tail> = {
      get cursor() {
        return self.#cursor ?? options.after;
      },
      async *batches() {
        self.opened.push(options.after);
        while (signal?.aborted !== true) {
          const batch = self.#queue.shift() ?? (await self.#next(signal!));
          for (const item of batch) if (item.type === 'event') self.#cursor = item.event.id;
          if (!signal!.aborted) yield batch;
        }
      },
    };
    return tail as Tail;
  };

  say(...items: TailItem[]): void {
    if (this.#waiting === undefined) this.#queue.push(items);
    else this.#waiting(items);
    this.#waiting = undefined;
  }

  #next(signal: AbortSignal): Promise<readonly TailItem[]> {
    return new Promise((resolve) => {
      this.#waiting = resolve;
      signal.addEventListener('abort', () => resolve([]));
    });
  }
}

const CONNECTING: TailItem = { type: 'state', state: 'connecting', after: null };
const OPEN: TailItem = { type: 'state', state: 'open', resumed: false };
const REOPENED: TailItem = { type: 'state', state: 'open', resumed: true };
const LOST = {
  type: 'state',
  state: 'waiting',
  delayMs: 500,
  failures: 1,
  reason: 'lost',
  silentMs: 0,
  error: null,
} as const;

let position = 0;
const line = (message: string, level: 'info' | 'error' = 'info', ageMs = 0): TailItem => {
  const time = new Date(Date.now() - ageMs).toISOString();
  const id = `${String(++position).padStart(11, '0')}-ab12z`;
  return { type: 'event', event: { id, time, receivedAt: time, level, message } };
};

const words = (item: StreamItem) => (item.type === 'line' ? item.event.message : item.type);
const shown = (stream: LogStream) => [...stream.getSnapshot().logs].map(words);

function setup(options: LogStreamOptions = {}) {
  const script = new ScriptedTail();
  const stream = createLogStream({ url: 'http://hub.test', batchMs: 0, openTail: script.open, ...options });
  let changed = () => {};
  const unsubscribe = stream.subscribe(() => changed());
  /** Resolves when the snapshot is as asked. */
  const until = (isSo: () => boolean) =>
    new Promise<void>((resolve) => {
      changed = () => {
        if (isSo()) resolve();
      };
      changed();
    });
  return { script, stream, until, unsubscribe };
}

test('lines are handed over in batches, and the snapshot changes with each', async () => {
  const { script, stream, until } = setup();
  const before = stream.getSnapshot();
  script.say(OPEN, line('a'), line('b'));
  await until(() => stream.getSnapshot().logs.length === 2);
  expect(shown(stream)).toEqual(['a', 'b']);
  expect(stream.getSnapshot()).toMatchObject({ connected: true, linesReceived: 2, linesDropped: 0 });
  expect(before.logs.length).toBe(0);
});

test('the oldest lines go when there are too many, and are counted', async () => {
  const { script, stream, until } = setup({ maxLines: 3 });
  script.say(OPEN, ...['a', 'b', 'c', 'd', 'e'].map((text) => line(text)));
  await until(() => stream.getSnapshot().linesReceived === 5);
  expect(shown(stream)).toEqual(['c', 'd', 'e']);
  expect(stream.getSnapshot().linesDropped).toBe(2);
});

test('while paused the list stands still, what comes is counted by level, and resume shows it', async () => {
  const { script, stream, until } = setup();
  script.say(OPEN, line('a'));
  await until(() => stream.getSnapshot().logs.length === 1);
  stream.pause();
  const { logs } = stream.getSnapshot();
  script.say(line('b'), line('c', 'error'));
  await until(() => stream.getSnapshot().held.lines === 2);
  expect(stream.getSnapshot().logs).toBe(logs);
  expect(stream.getSnapshot().held.byLevel).toEqual({ info: 1, error: 1 });
  stream.resume();
  expect(shown(stream)).toEqual(['a', 'b', 'c']);
  expect(stream.getSnapshot().held.lines).toBe(0);
});

test('a pause holds at most maxLines, and says what went', async () => {
  const { script, stream, until } = setup({ maxLines: 2 });
  script.say(OPEN);
  stream.pause();
  script.say(line('a'), line('b'), line('c'));
  await until(() => stream.getSnapshot().held.lines === 3);
  stream.resume();
  expect(shown(stream)).toEqual(['b', 'c']);
  expect(stream.getSnapshot().linesDropped).toBe(1);
});

test('a gap is an item in the place where lines are missing', async () => {
  const { script, stream, until } = setup();
  const url = '/logs/history?order=asc&after=x&until=y';
  script.say(
    OPEN,
    line('a'),
    { type: 'gap', from: 'x', to: 'y', count: 7, reason: 'lagged', details: { url } },
    line('b'),
  );
  await until(() => stream.getSnapshot().logs.length === 3);
  expect(shown(stream)).toEqual(['a', 'gap', 'b']);
  expect([...stream.getSnapshot().logs][1]).toMatchObject({ count: 7, reason: 'lagged', url });
});

test('an address of a gap that is not on the hub is no address', async () => {
  const { script, stream, until } = setup();
  const details = { url: 'https://evil.example/' };
  script.say(OPEN, { type: 'gap', from: null, to: null, count: null, reason: 'lagged', details });
  await until(() => stream.getSnapshot().logs.length === 1);
  expect([...stream.getSnapshot().logs][0]).toMatchObject({ type: 'gap', url: undefined });
});

test('a reconnection is an item before the lines that were caught up, and counts them', async () => {
  const { script, stream, until } = setup();
  script.say(OPEN, line('a'), LOST);
  await until(() => stream.getSnapshot().state.type === 'waiting');
  script.say(REOPENED, line('b', 'info', 5000), line('c', 'info', 4000));
  await until(() => stream.getSnapshot().logs.length === 4);
  expect(shown(stream)).toEqual(['a', 'reconnected', 'b', 'c']);
  script.say(line('d', 'info', 3000), line('e', 'info', -1000));
  await until(() => stream.getSnapshot().logs.length === 6);
  expect([...stream.getSnapshot().logs][1]).toMatchObject({ type: 'reconnected', caughtUp: 3, complete: true });
});

test('a silence was away as long as nothing came, and is so while it is tried again', async () => {
  const { script, stream, until } = setup();
  script.say(OPEN, line('a'), { ...LOST, reason: 'silent', silentMs: 20_000 }, CONNECTING);
  await until(() => stream.getSnapshot().state.type === 'connecting');
  expect(stream.getSnapshot()).toMatchObject({ connected: false, state: { sinceMs: expect.any(Number) } });
  script.say(REOPENED);
  await until(() => stream.getSnapshot().logs.length === 2);
  const [, band] = stream.getSnapshot().logs;
  expect((band as ReconnectedItem).awayMs).toBeGreaterThanOrEqual(20_000);
});

test('the first try is no connection that is away', async () => {
  const { script, stream, until } = setup();
  script.say(CONNECTING);
  await until(() => stream.getSnapshot().state.type === 'connecting');
  expect(stream.getSnapshot().state).toEqual({ type: 'connecting', sinceMs: undefined });
});

test('the last subscriber to leave disconnects, and the next one goes on after the last line', async () => {
  const { script, stream, until, unsubscribe } = setup();
  script.say(OPEN, line('a'));
  await until(() => stream.getSnapshot().logs.length === 1);
  const last = [...stream.getSnapshot().logs][0]!.key;
  unsubscribe();
  await Promise.resolve();
  stream.subscribe(() => {})();
  stream.subscribe(() => {});
  await Promise.resolve();
  expect(script.opened).toEqual([undefined, last]);
});

test('other filters begin again with an empty list', async () => {
  const { script, stream, until } = setup();
  script.say(OPEN, line('a'));
  await until(() => stream.getSnapshot().logs.length === 1);
  stream.setFilters({ level: 'warn' });
  expect(shown(stream)).toEqual([]);
  expect(script.opened).toEqual([undefined, undefined]);
});

test.each([
  [{ maxLines: 0 }, 'maxLines: expected a whole number of at least 1, not 0'],
  [{ url: 'ftp://x' }, 'url: expected http: or https:, not ftp:'],
  [{ url: 'http://u:p@hub' }, 'url: no user or password in the address'],
  [{ tail: 20_000 }, 'tail: expected a whole number from 0 to 10000'],
] as const)('the options %j are refused where they are given', (options, message) => {
  expect(() => createLogStream({ url: 'http://hub.test', ...options })).toThrow(message);
});
