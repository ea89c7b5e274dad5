import { type LogEvent, Normalizer } from '@flywatch/core';
import { expect, test } from 'vitest';
import { Backfill, type BackfillBounds } from './backfill.ts';
import { FlyLogApi } from './fly-log-api.ts';
import { answering, onlyFor, type StoredLine, silent, startFlyLogServer, timestamp } from './fly-log-server.fixture.ts';

/** As in production, but for what the API may lag, which only some tests wait for. */
const BOUNDS: BackfillBounds = {
  maxWindowMs: 86_400_000,
  marginMs: 10_000,
  lagMs: 120_000,
  retryMs: 300_000,
  sliceMs: 3_600_000,
  sliceKeys: 100_000,
  overlapKeys: 100_000,
};

const MACHINE = '4d891d77b05118';
const MINUTE_MS = 60_000;
const MINUTE_NS = 60_000_000_000n;

/** A hub in small: what the bus brings and what the backfill adds is kept, and known from then on. */
async function setup({
  apps = ['web'] as string[],
  bounds = {} as Partial<BackfillBounds>,
  maxLineBytes = 262_144,
  ownMachine = undefined as string | undefined,
} = {}) {
  const server = await startFlyLogServer();
  for (const app of apps) server.add(app);
  const kept: LogEvent[] = [];
  const loads: { readonly app: string; readonly fromMs: number; readonly toMs: number }[] = [];
  const logged: string[] = [];
  let position = 0;
  const normalizer = new Normalizer({
    hub: 'test0',
    nextPosition: () => ++position,
    maxLineBytes,
    maxParsedChars: 8 * maxLineBytes,
  });
  const tell = (message: string) => void logged.push(message);
  const store = { failure: undefined as Error | undefined };
  const backfill = new Backfill({
    apps: () => apps,
    api: new FlyLogApi({
      baseUrl: server.url,
      token: 'fm2_test',
      bounds: {
        requestTimeoutMs: 5000,
        maxAnswerBytes: 1_000_000,
        retryBaseMs: 1,
        retryMaxMs: 2,
        retryAfterMaxMs: 50,
        maxErrors: 10,
      },
    }),
    known: {
      async *load(app, fromMs, toMs) {
        loads.push({ app, fromMs, toMs });
        if (store.failure !== undefined) throw store.failure;
        const found = kept.filter((event) => event.app === app && event.timeMs >= fromMs && event.timeMs < toMs);
        yield* found.sort((a, b) => a.timeMs - b.timeMs);
      },
    },
    ownMachine,
    maxLineBytes,
    normalize: (payload, labels, receivedAtMs) => normalizer.fromPayload(payload, labels, receivedAtMs),
    accept: (event) => void kept.push(event),
    bounds: { ...BOUNDS, ...bounds },
    log: { debug: () => {}, info: tell, warn: tell, error: tell },
  });
  return {
    server,
    backfill,
    kept,
    loads,
    logged,
    store,
    /** The bus brings lines. */
    bus(app: string, ...lines: readonly StoredLine[]): void {
      for (const { ns, message, instance = MACHINE, meta = {} } of lines) {
        const { error } = meta;
        const envelope = {
          error,
          event: { provider: 'app' },
          fly: { app: { instance, name: app }, region: 'iad' },
          host: 'f442',
          log: { level: 'info' },
          message,
          timestamp: timestamp(ns),
        };
        const labels = { app, region: 'iad', instance: instance ?? undefined, wins: true };
        const event = normalizer.fromPayload(JSON.stringify(envelope), labels, Date.now());
        if (backfill.note(event)) kept.push(event);
      }
    },
    async [Symbol.asyncDispose](): Promise<void> {
      await backfill.stop();
      await server[Symbol.asyncDispose]();
    },
  };
}

/** Ten minutes ago, to fill up to five minutes ago: the API has come to know all of it. */
function settledTime() {
  const fromMs = Date.now() - 10 * MINUTE_MS;
  return { fromMs, toMs: fromMs + 5 * MINUTE_MS, ns: BigInt(fromMs) * 1_000_000n };
}

function numbered(ns: bigint, count: number, stepNs = 1_000_000n, text = 'line'): StoredLine[] {
  return Array.from({ length: count }, (_, i) => ({ ns: ns + BigInt(i) * stepNs, message: `${text} ${i}` }));
}

function shown(events: readonly LogEvent[]): string[] {
  return events.map(({ app, timeMs, timeNanos, message }) => `${app} ${timeMs}.${timeNanos} ${message}`).sort();
}

function expected(app: string, lines: readonly StoredLine[]): string[] {
  return lines.map(({ ns, message }) => `${app} ${ns / 1_000_000n}.${ns % 1_000_000n} ${message}`).sort();
}

async function until(test: () => boolean): Promise<void> {
  const deadline = Date.now() + 30_000;
  while (!test()) {
    if (Date.now() > deadline) throw new Error('waited for 30 s in vain');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

test('lines that the bus brought before and during a fill are there once each', async () => {
  await using hub = await setup({ apps: ['first', 'web'] });
  const { fromMs, toMs, ns } = settledTime();
  const all = numbered(ns, 1000);
  const part = (n: number) => all.filter((_, i) => i % 4 === n);
  hub.server.add('web', ...all);
  hub.bus('web', ...part(0));
  hub.server.trouble(
    () => {
      // While another app is filled: noted, and in the store when that is asked.
      hub.bus('web', ...part(1));
      return false;
    },
    () => {
      // The store was asked already: noted alone.
      hub.bus('web', ...part(2));
      return false;
    },
  );
  await hub.backfill.fill(fromMs, toMs, 'test');
  expect(shown(hub.kept)).toEqual(expected('web', all));
  expect(hub.backfill.status).toMatchObject({ state: 'idle', fetched: 1000, added: 250, duplicates: 750 });
});

test('equal lines that come over the bus while the store is asked for them count once each', async () => {
  await using hub = await setup({ apps: ['first', 'web'] });
  const { fromMs, toMs, ns } = settledTime();
  const line = { ns, message: 'the same' };
  hub.server.add('web', line, line);
  hub.server.trouble(() => {
    hub.bus('web', line);
    return false;
  });
  await hub.backfill.fill(fromMs, toMs, 'test');
  expect(hub.kept).toHaveLength(2);
});

test('around the moment of the reconnection the bus may be later than the API and nothing is there twice', async () => {
  await using hub = await setup();
  const nowMs = Date.now();
  const lines = numbered(BigInt(nowMs - 2000) * 1_000_000n, 300);
  hub.server.add('web', ...lines);
  hub.bus('web', ...lines.slice(0, 50));
  let request = 0;
  hub.server.always(() => {
    if (request++ === 1) hub.bus('web', ...lines.slice(80, 120), ...lines.slice(180, 220));
    return false;
  });
  await hub.backfill.fill(nowMs - MINUTE_MS, nowMs, 'reconnected');
  hub.bus('web', ...lines.slice(250));
  expect(shown(hub.kept)).toEqual(expected('web', lines));
  expect(hub.backfill.status).toMatchObject({ fetched: 300, forgotten: 0 });
  await hub.backfill.fill(nowMs - MINUTE_MS, nowMs, 'once more');
  expect(shown(hub.kept)).toEqual(expected('web', lines));
});

test.each([
  { bus: 0, api: 1, during: 0, after: 0, total: 1 },
  { bus: 1, api: 1, during: 0, after: 0, total: 1 },
  { bus: 1, api: 2, during: 0, after: 0, total: 2 },
  { bus: 2, api: 1, during: 0, after: 0, total: 2 },
  { bus: 0, api: 2, during: 2, after: 0, total: 2 },
  { bus: 1, api: 3, during: 1, after: 1, total: 3 },
  { bus: 0, api: 1, during: 0, after: 3, total: 3 },
  { bus: 1, api: 2, during: 0, after: 1, total: 2 },
  { bus: 3, api: 0, during: 0, after: 0, total: 3 },
])(
  'of equal lines, the bus bringing $bus before, $during during and $after after, and the API $api, there are $total',
  async (count) => {
    await using hub = await setup();
    const nowMs = Date.now();
    const line = { ns: BigInt(nowMs - 1000) * 1_000_000n + 123_456n, message: 'the same' };
    const times = (n: number) => Array.from({ length: n }, () => line);
    hub.server.add('web', ...times(count.api));
    hub.bus('web', ...times(count.bus));
    hub.server.trouble(() => {
      hub.bus('web', ...times(count.during));
      return false;
    });
    await hub.backfill.fill(nowMs - MINUTE_MS, nowMs, 'test');
    hub.bus('web', ...times(count.after));
    expect(hub.kept).toHaveLength(count.total);
    await hub.backfill.fill(nowMs - MINUTE_MS, nowMs, 'once more');
    expect(hub.kept).toHaveLength(count.total);
  },
);

test('lines a nanosecond apart, of another machine or of another app are other lines', async () => {
  await using hub = await setup({ apps: ['web', 'api'] });
  const { fromMs, toMs, ns } = settledTime();
  const line = { ns: ns + 5n, message: 'hello' };
  hub.bus('web', line);
  hub.server.add(
    'web',
    line,
    { ...line, ns: ns + 6n },
    { ...line, instance: 'e286de4f711e86' },
    { ...line, instance: null },
  );
  hub.server.add('api', line);
  await hub.backfill.fill(fromMs, toMs, 'test');
  expect(hub.kept).toHaveLength(5);
  expect(hub.backfill.status).toMatchObject({ fetched: 5, added: 4, duplicates: 1 });
});

test('times are compared as numbers, however many digits they have', async () => {
  await using hub = await setup();
  const { fromMs, toMs } = settledTime();
  const second = Math.ceil(fromMs / 1000);
  const line = { ns: BigInt(second) * 1_000_000_000n + 500_000_000n, message: 'half past' };
  hub.bus('web', line);
  const attributes = {
    timestamp: timestamp(line.ns).replace('.5Z', '.500000000Z'),
    message: line.message,
    instance: MACHINE,
  };
  hub.server.trouble(answering(200, JSON.stringify({ data: [{ id: 'a', attributes }] })));
  await hub.backfill.fill(fromMs, toMs, 'test');
  expect(hub.backfill.status).toMatchObject({ added: 0, duplicates: 1 });
});

test('lines that are cut and edge errors without a message are known again', async () => {
  await using hub = await setup({ maxLineBytes: 1000 });
  const { fromMs, toMs, ns } = settledTime();
  const lines: StoredLine[] = [
    { ns, message: 'ü'.repeat(5000) },
    { ns: ns + 1n, message: '', instance: null, meta: { error: { message: 'could not reach the machine' } } },
    { ns: ns + 2n, message: '' },
    { ns: ns + 3n, message: '  {"level":"error","msg":"\u001b[31mred\u001b[0m"}\t' },
  ];
  hub.bus('web', ...lines);
  hub.server.add('web', ...lines);
  await hub.backfill.fill(fromMs, toMs, 'test');
  expect(hub.backfill.status).toMatchObject({ fetched: 4, added: 0, duplicates: 4 });
});

test('a filled event is what the bus would have brought, and says that it was filled', async () => {
  await using hub = await setup();
  const { fromMs, toMs, ns } = settledTime();
  hub.server.add('web', { ns: ns + 7n, message: '{"level":"error","msg":"no","user":{"id":42}}' });
  await hub.backfill.fill(fromMs, toMs, 'test');
  const [event] = hub.kept;
  expect(event).toMatchObject({
    app: 'web',
    instance: MACHINE,
    region: 'iad',
    provider: 'app',
    level: 'error',
    time: timestamp(ns + 7n),
    timeMs: fromMs,
    timeNanos: 7,
    fields: { user: { id: 42 }, _backfilled: true },
    verbatim: true,
  });
  expect(event!.receivedAtMs).toBeGreaterThan(toMs);
  expect(JSON.parse(event!.raw!)).toMatchObject({ fly: { app: { name: 'web', instance: MACHINE } } });
});

test('lines that are known already take no position', async () => {
  await using hub = await setup();
  const { fromMs, toMs, ns } = settledTime();
  const lines = numbered(ns, 50);
  hub.bus('web', ...lines.slice(0, 40));
  hub.server.add('web', ...lines);
  await hub.backfill.fill(fromMs, toMs, 'test');
  expect(hub.kept.map(({ position }) => position)).toEqual(Array.from({ length: 50 }, (_, i) => i + 1));
});

test('lines of the machine that the hub runs on are left out', async () => {
  await using hub = await setup({ ownMachine: MACHINE });
  const { fromMs, toMs, ns } = settledTime();
  hub.server.add('web', { ns, message: 'own' }, { ns, message: 'other', instance: 'e286de4f711e86' });
  await hub.backfill.fill(fromMs, toMs, 'test');
  expect(hub.kept.map(({ message }) => message)).toEqual(['other']);
});

test('what is known is loaded by slices, by time and by number, and all of it counts', async () => {
  await using hub = await setup({ bounds: { sliceMs: MINUTE_MS, sliceKeys: 40 } });
  const { fromMs, toMs, ns } = settledTime();
  // Three lines a millisecond for 100 ms, and again two minutes later.
  const burst = (at: bigint) => numbered(at, 300, 333_333n);
  const lines = [...burst(ns), ...burst(ns + 2n * MINUTE_NS)];
  hub.bus('web', ...lines.filter((_, i) => i % 2 === 0));
  hub.server.add('web', ...lines);
  await hub.backfill.fill(fromMs, toMs, 'test');
  expect(shown(hub.kept)).toEqual(expected('web', lines));
  expect(hub.loads.length).toBeGreaterThan(8);
  expect(hub.loads.every((load) => load.toMs - load.fromMs <= MINUTE_MS)).toBe(true);
});

test('more lines in one millisecond than a slice should hold are one slice', async () => {
  await using hub = await setup({ bounds: { sliceKeys: 5 } });
  const { fromMs, toMs, ns } = settledTime();
  const lines = [...numbered(ns, 20, 1n), ...numbered(ns + 2_000_000n, 20, 1n)];
  hub.bus('web', ...lines);
  hub.server.add('web', ...lines);
  await hub.backfill.fill(fromMs, toMs, 'test');
  expect(hub.backfill.status).toMatchObject({ fetched: 40, added: 0, duplicates: 40 });
});

test('the window is bounded, and has a margin for clocks that differ', async () => {
  await using hub = await setup({ bounds: { maxWindowMs: 30 * MINUTE_MS } });
  const nowMs = Date.now();
  const at = (ms: number, message: string) => ({ ns: BigInt(nowMs + ms) * 1_000_000n, message });
  hub.server.add(
    'web',
    at(-31 * MINUTE_MS, 'too old'),
    at(-29 * MINUTE_MS, 'old'),
    at(-10 * MINUTE_MS + 9000, 'within the margin'),
    at(-10 * MINUTE_MS + 11_000, 'too new'),
  );
  await hub.backfill.fill(0, nowMs - 10 * MINUTE_MS, 'start');
  expect(hub.kept.map(({ message }) => message)).toEqual(['old', 'within the margin']);
  expect(hub.loads.at(-1)!.toMs).toBe(nowMs - 10 * MINUTE_MS + 10_000);
});

test.each([
  ['ends before it begins', Date.now(), Date.now() - MINUTE_MS],
  ['is older than the bound', 0, 1000],
  ['is no window', Number.NaN, Date.now()],
])('a window that %s is not asked for', async (_what, fromMs, toMs) => {
  await using hub = await setup();
  await hub.backfill.fill(fromMs, toMs, 'test');
  expect(hub.server.requests).toHaveLength(0);
  expect(hub.backfill.status.state).toBe('idle');
});

test('the future is not asked for', async () => {
  await using hub = await setup();
  await hub.backfill.fill(Date.now() - MINUTE_MS, Date.now() + 60 * MINUTE_MS, 'test');
  expect(hub.loads[0]!.toMs).toBeLessThanOrEqual(Date.now() + BOUNDS.marginMs);
});

test('what the API did not know yet comes with the follow-up, once', async () => {
  await using hub = await setup({ bounds: { lagMs: 400, marginMs: 50 } });
  const nowMs = Date.now();
  const lines = numbered(BigInt(nowMs - 200) * 1_000_000n, 100).map((line, i) => ({
    ...line,
    visibleAtMs: i < 30 ? 0 : nowMs + 150 + i,
  }));
  hub.server.add('web', ...lines);
  await hub.backfill.fill(nowMs - MINUTE_MS, nowMs, 'reconnected');
  expect(hub.kept).toHaveLength(30);
  const { length } = hub.server.requests;
  await until(() => hub.backfill.status.fetched > 30 && hub.backfill.status.state === 'idle');
  expect(shown(hub.kept)).toEqual(expected('web', lines));
  // Only of the tail, and only once.
  expect(hub.server.requests[length]!.startNs).toBeGreaterThan(BigInt(nowMs - 1000) * 1_000_000n);
  const after = hub.server.requests.length;
  await new Promise((resolve) => setTimeout(resolve, 700));
  expect(hub.server.requests).toHaveLength(after);
});

test('an app that shows up after the fill gets the whole window with the follow-up', async () => {
  const apps: string[] = [];
  await using hub = await setup({ apps, bounds: { lagMs: 200, marginMs: 10 } });
  const nowMs = Date.now();
  const lines = numbered(BigInt(nowMs - 5 * MINUTE_MS) * 1_000_000n, 20);
  hub.server.add('late', ...lines);
  await hub.backfill.fill(nowMs - 10 * MINUTE_MS, nowMs, 'start');
  expect(hub.server.requests).toHaveLength(0);
  apps.push('late');
  await until(() => hub.kept.length === 20);
  expect(shown(hub.kept)).toEqual(expected('late', lines));
});

test('one app that fails does not keep others from being filled, and is filled when it can be again', async () => {
  await using hub = await setup({ apps: ['web', 'broken', 'api'], bounds: { retryMs: 100, lagMs: 0 } });
  const { fromMs, toMs, ns } = settledTime();
  for (const app of ['web', 'broken', 'api']) hub.server.add(app, ...numbered(ns, 150));
  hub.server.always(onlyFor('broken', answering(503)));
  await hub.backfill.fill(fromMs, toMs, 'test');
  expect(hub.kept.filter(({ app }) => app !== 'broken')).toHaveLength(300);
  expect(hub.backfill.status).toMatchObject({ state: 'failed', failed: 1, added: 300 });
  expect(hub.backfill.status.detail).toMatch(/broken.*503/);
  await until(() => hub.backfill.status.failed > 2);
  expect(hub.logged.filter((message) => message.includes('503'))).toHaveLength(1);
  hub.server.always(undefined);
  await until(() => hub.backfill.status.state === 'idle');
  expect(hub.kept).toHaveLength(450);
  expect(hub.backfill.status).toMatchObject({ detail: undefined, added: 450, duplicates: 0 });
});

test('a fill that fails half-way goes on where it was, without repeating a line', async () => {
  await using hub = await setup({ bounds: { retryMs: 50, sliceMs: MINUTE_MS } });
  const { fromMs, toMs, ns } = settledTime();
  const lines = numbered(ns, 500, MINUTE_NS / 100n);
  hub.server.add('web', ...lines);
  let request = 0;
  hub.server.always((message, response) =>
    ++request > 6 && request <= 16 ? answering(500)(message, response) : false,
  );
  await hub.backfill.fill(fromMs, toMs, 'test');
  expect(hub.backfill.status.state).toBe('failed');
  const { added } = hub.backfill.status;
  expect(added).toBeGreaterThan(100);
  await until(() => hub.backfill.status.state === 'idle');
  expect(shown(hub.kept)).toEqual(expected('web', lines));
  expect(hub.backfill.status.fetched).toBeLessThan(500 + 200);
});

test('a refusal is not asked again until the next fill, which makes up for it', async () => {
  await using hub = await setup({ bounds: { retryMs: 10, lagMs: 0 } });
  const { fromMs, toMs, ns } = settledTime();
  hub.server.add('web', ...numbered(ns, 10));
  hub.server.always(answering(401));
  await hub.backfill.fill(fromMs, toMs, 'test');
  expect(hub.backfill.status).toMatchObject({ state: 'failed', failed: 1 });
  expect(hub.backfill.status.detail).toMatch(/refuses the token/);
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(hub.server.requests).toHaveLength(2);
  hub.server.always(undefined);
  await hub.backfill.fill(Date.now() - 1000, Date.now() - 500, 'reconnected');
  expect(hub.kept).toHaveLength(10);
});

test('an app that is unknown to the API is left alone', async () => {
  await using hub = await setup({ bounds: { retryMs: 10, lagMs: 0 } });
  const { fromMs, toMs } = settledTime();
  hub.server.always(answering(404));
  await hub.backfill.fill(fromMs, toMs, 'test');
  expect(hub.backfill.status).toMatchObject({ state: 'failed', failed: 1 });
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(hub.server.requests).toHaveLength(1);
});

test('while the store cannot be read nothing is added, since it could be there already', async () => {
  await using hub = await setup({ bounds: { retryMs: 50 } });
  const { fromMs, toMs, ns } = settledTime();
  hub.server.add('web', ...numbered(ns, 10));
  hub.bus('web', ...numbered(ns, 5));
  hub.store.failure = new Error('the disk is gone');
  await hub.backfill.fill(fromMs, toMs, 'test');
  expect(hub.kept).toHaveLength(5);
  expect(hub.backfill.status.detail).toMatch(/the disk is gone/);
  hub.store.failure = undefined;
  await until(() => hub.backfill.status.state === 'idle');
  expect(hub.kept).toHaveLength(10);
});

test('one fill runs at a time, and what is asked for meanwhile is one more', async () => {
  await using hub = await setup();
  const { fromMs, toMs, ns } = settledTime();
  hub.server.add('web', ...numbered(ns, 10), ...numbered(ns + 3n * MINUTE_NS, 10));
  const fills: Promise<void>[] = [];
  hub.server.trouble(() => {
    expect(hub.backfill.status.state).toBe('filling');
    for (let minute = 1; minute < 5; minute++) {
      fills.push(hub.backfill.fill(fromMs + minute * MINUTE_MS, toMs, `minute ${minute}`));
    }
    return false;
  });
  await hub.backfill.fill(fromMs, fromMs + MINUTE_MS, 'first');
  await Promise.all(fills);
  expect(hub.kept).toHaveLength(20);
  expect(hub.loads.map(({ fromMs: from }) => Math.round((from - fromMs + BOUNDS.marginMs) / MINUTE_MS))).toEqual([
    0, 1,
  ]);
});

test('stop ends a fill that waits for an answer, may be called twice, and nothing begins after it', async () => {
  await using hub = await setup();
  const { fromMs, toMs, ns } = settledTime();
  hub.server.add('web', ...numbered(ns, 250));
  hub.server.trouble(() => false, silent);
  const fill = hub.backfill.fill(fromMs, toMs, 'test');
  await until(() => hub.server.requests.length === 2);
  const startedAt = Date.now();
  await Promise.all([hub.backfill.stop(), hub.backfill.stop(), fill]);
  await hub.backfill.stop();
  expect(Date.now() - startedAt).toBeLessThan(1000);
  expect(hub.kept).toHaveLength(100);
  await hub.backfill.fill(fromMs, toMs, 'after');
  expect(hub.server.requests).toHaveLength(2);
  expect(hub.logged.filter((message) => message.includes('could not be had'))).toEqual([]);
});

test('stop ends a wait for a follow-up', async () => {
  await using hub = await setup({ bounds: { lagMs: 100, marginMs: 10 } });
  await hub.backfill.fill(Date.now() - MINUTE_MS, Date.now(), 'test');
  await hub.backfill.stop();
  const { length } = hub.server.requests;
  await new Promise((resolve) => setTimeout(resolve, 250));
  expect(hub.server.requests).toHaveLength(length);
});

test('beyond the bound of what is remembered of the overlap, lines are counted', async () => {
  await using hub = await setup({ bounds: { overlapKeys: 10 } });
  const nowMs = Date.now();
  hub.server.add('web', ...numbered(BigInt(nowMs - 1000) * 1_000_000n, 30));
  await hub.backfill.fill(nowMs - MINUTE_MS, nowMs, 'test');
  expect(hub.kept).toHaveLength(30);
  expect(hub.backfill.status.forgotten).toBe(20);
});
