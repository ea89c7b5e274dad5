import { LEVELS } from '@flywatch/core';
import { expect, test, vi } from 'vitest';
import { makeEvent } from '../store/made-event.fixture.ts';
import { setupManager } from './manager.fixture.ts';
import { makeSummary, makeTopError } from './snapshot.fixture.ts';

const SECOND_MS = 1000;
const MINUTE_MS = 60_000;
const FIVE_MINUTES_MS = 5 * MINUTE_MS;

function never<T>(): Promise<T> {
  return new Promise(() => {});
}

test('a snapshot has what the wire asks for', async () => {
  const { manager } = setupManager();
  const snapshot = await manager.take('manual', 'before the deploy');
  expect(snapshot).toEqual({
    id: expect.stringMatching(/^[\w-]+$/),
    trigger: 'manual',
    reason: 'before the deploy',
    timestamp: '2026-11-20T10:00:00.000Z',
    metrics: { uptime_seconds: 0 },
    logs: { from: '2026-11-20T09:55:00.000Z', to: '2026-11-20T10:00:00.000Z', ...makeSummary() },
    sources: { fly: 'connected' },
    notes: [],
  });
  expect(await manager.get(snapshot.id)).toEqual(snapshot);
  expect(await manager.list(10)).toEqual([snapshot]);
  expect(await manager.get('unknown')).toBeUndefined();
});

test('texts in it are bounded', async () => {
  const { manager, world } = setupManager();
  world.summarize = async () => makeSummary(Array.from({ length: 50 }, () => makeTopError('x'.repeat(262_144))));
  const snapshot = await manager.take('manual', 'y'.repeat(262_144));
  expect(JSON.stringify(snapshot).length).toBeLessThan(15_000);
});

// Errors

test('ten errors make no snapshot, the eleventh makes one within ten seconds, with the figures', async () => {
  const { manager, clock, errors, triggers, said } = setupManager();
  manager.start();
  errors(10);
  await clock.pass(10 * SECOND_MS);
  expect(await triggers()).toEqual([]);
  errors(1);
  await clock.pass(10 * SECOND_MS);
  const [snapshot] = await manager.list(10);
  expect(snapshot).toMatchObject({
    trigger: 'error_spike',
    reason: '11 errors within 10.0 s, more than 10 in a minute',
  });
  expect(said).toEqual(['info snapshots: one is taken']);
});

test.each(LEVELS)('whether a line of level %s counts', async (level) => {
  const { manager, clock, triggers } = setupManager();
  manager.start();
  for (let i = 0; i < 100; i++) manager.observe(makeEvent(1, { level }));
  await clock.pass(10 * SECOND_MS);
  expect(await triggers()).toEqual(level === 'error' || level === 'fatal' ? ['error_spike'] : []);
});

test('the snapshot of a spike is taken a little later, so that it has what follows the first errors', async () => {
  const { manager, clock, errors, world } = setupManager();
  const ranges: number[][] = [];
  world.summarize = async (...range) => {
    ranges.push(range.map((ms) => ms - clock.wallOffsetMs));
    return makeSummary();
  };
  manager.start();
  errors(11);
  await clock.pass(1999);
  expect(ranges).toEqual([]);
  await clock.pass(1);
  expect(ranges).toEqual([[2000 - FIVE_MINUTES_MS, 2000]]);
});

test('an incident of ten hours that flaps makes one snapshot, and the next after calm makes another', async () => {
  const { manager, clock, errors, triggers } = setupManager();
  manager.start();
  for (let minute = 0; minute < 600; minute++) {
    errors(minute % 2 === 0 ? 30 : 6);
    await clock.pass(MINUTE_MS);
  }
  expect(await triggers()).toEqual(['error_spike']);
  await clock.pass(2 * MINUTE_MS);
  errors(11);
  await clock.pass(10 * SECOND_MS);
  expect(await triggers()).toEqual(['error_spike', 'error_spike']);
});

test('errors before a start and after a stop make none', async () => {
  const { manager, clock, errors, triggers } = setupManager();
  errors(100);
  manager.start();
  errors(10);
  await manager.stop();
  errors(100);
  await clock.pass(MINUTE_MS);
  expect(await triggers()).toEqual([]);
});

// Memory

test('memory above the threshold for three samples makes one, and no other until it was low for a minute', async () => {
  const { manager, clock, world, triggers } = setupManager();
  manager.start();
  world.memoryPercent = () => 91.26;
  await clock.pass(4 * SECOND_MS);
  expect(await triggers()).toEqual([]);
  await clock.pass(2 * SECOND_MS);
  expect(await manager.list(1)).toMatchObject([
    { trigger: 'memory_high', reason: '91.3 % of memory in use, more than 85 %' },
  ]);
  await clock.pass(60 * MINUTE_MS);
  world.memoryPercent = () => 80;
  await clock.pass(58 * SECOND_MS);
  world.memoryPercent = () => 90;
  await clock.pass(60 * MINUTE_MS);
  expect(await triggers()).toEqual(['memory_high']);
  world.memoryPercent = () => 80;
  await clock.pass(60 * SECOND_MS);
  world.memoryPercent = () => 90;
  await clock.pass(60 * MINUTE_MS);
  expect(await triggers()).toEqual(['memory_high', 'memory_high']);
});

test('memory that cannot be read makes none, and is said once', async () => {
  const { manager, clock, world, triggers, warnings } = setupManager();
  manager.start();
  world.memoryPercent = () => undefined;
  await clock.pass(MINUTE_MS);
  world.memoryPercent = () => {
    throw new Error('no such file');
  };
  await clock.pass(MINUTE_MS);
  expect(await triggers()).toEqual([]);
  expect(warnings()).toEqual(['warn snapshots: the memory figure fails; that is said once until it works again']);
});

// Schedule

test('a scheduled one comes at each interval and none at the start', async () => {
  const { manager, clock, triggers } = setupManager({ intervalMs: FIVE_MINUTES_MS });
  manager.start();
  await clock.pass(FIVE_MINUTES_MS - 1);
  expect(await triggers()).toEqual([]);
  await clock.pass(1);
  expect(await manager.list(9)).toMatchObject([
    { trigger: 'scheduled', reason: 'the interval of 5 min has passed', timestamp: '2026-11-20T10:05:00.000Z' },
  ]);
  await clock.pass(11 * FIVE_MINUTES_MS);
  expect(await triggers()).toEqual(Array(12).fill('scheduled'));
});

test('an interval of 0 is no schedule', async () => {
  const { manager, clock, triggers } = setupManager({ intervalMs: 0 });
  manager.start();
  await clock.pass(60 * MINUTE_MS);
  expect(await triggers()).toEqual([]);
});

test('scheduled ones together count each event once, whatever is taken in between', async () => {
  const { manager, clock } = setupManager({ intervalMs: FIVE_MINUTES_MS });
  manager.start();
  await clock.pass(FIVE_MINUTES_MS + MINUTE_MS);
  await manager.take('manual');
  await clock.pass(FIVE_MINUTES_MS);
  const ranges = (await manager.list(9)).map(({ trigger, logs }) => `${trigger} ${logs?.from} ${logs?.to}`).reverse();
  expect(ranges).toEqual([
    'scheduled 2026-11-20T10:00:00.000Z 2026-11-20T10:05:00.000Z',
    'manual 2026-11-20T10:01:00.000Z 2026-11-20T10:06:00.000Z',
    'scheduled 2026-11-20T10:05:00.000Z 2026-11-20T10:10:00.000Z',
  ]);
});

test('a clock that is set back makes neither an interval that runs backwards nor an order that does', async () => {
  const { manager, clock } = setupManager({ intervalMs: FIVE_MINUTES_MS });
  manager.start();
  await clock.pass(FIVE_MINUTES_MS);
  clock.wallOffsetMs -= 60 * MINUTE_MS;
  await clock.pass(FIVE_MINUTES_MS);
  expect((await manager.list(9)).map(({ logs }) => `${logs?.from} ${logs?.to}`)).toEqual([
    '2026-11-20T09:05:00.000Z 2026-11-20T09:10:00.000Z',
    '2026-11-20T10:00:00.000Z 2026-11-20T10:05:00.000Z',
  ]);
});

// At the same time

test('triggers of one moment make one each', async () => {
  const { manager, clock, world, errors, triggers } = setupManager({ intervalMs: 6 * SECOND_MS });
  world.memoryPercent = () => 99;
  manager.start();
  await clock.pass(4 * SECOND_MS);
  errors(50);
  await clock.pass(2 * SECOND_MS);
  expect((await triggers()).toSorted()).toEqual(['error_spike', 'memory_high', 'scheduled']);
});

test('who asks while one is under way gets that one, and later another', async () => {
  const { manager, world } = setupManager();
  const summarize = vi.fn(async () => makeSummary());
  world.summarize = summarize;
  const [first, second] = await Promise.all([manager.take('manual'), manager.take('manual')]);
  expect(second).toBe(first);
  expect(summarize).toHaveBeenCalledTimes(1);
  expect((await manager.take('manual')).id).not.toBe(first!.id);
});

// Failures

test('a snapshot without its logs says so; the log says it once, and once that it is over', async () => {
  const { manager, clock, world, said } = setupManager({ intervalMs: MINUTE_MS });
  world.summarize = () => Promise.reject(new Error('the store is away: /secret/path'));
  manager.start();
  await clock.pass(3 * MINUTE_MS);
  const list = await manager.list(9);
  expect(list).toHaveLength(3);
  for (const { logs, metrics, notes } of list) {
    expect(logs).toBeNull();
    expect(metrics).not.toBeNull();
    expect(notes).toEqual(["The log summary is missing: it failed, and the hub's own log says why."]);
  }
  world.summarize = async () => makeSummary();
  await clock.pass(MINUTE_MS);
  expect(await manager.list(1)).toMatchObject([{ logs: { total: 60 }, notes: [] }]);
  expect(said).toEqual([
    'warn snapshots: the log summary fails; that is said once until it works again',
    'info snapshots: the log summary works again',
  ]);
});

test('logs that never come hold up a snapshot for four seconds', async () => {
  const { manager, clock, world } = setupManager();
  world.summarize = never;
  const taking = manager.take('manual');
  await clock.pass(4 * SECOND_MS);
  expect(await taking).toMatchObject({ logs: null, metrics: { uptime_seconds: 0 } });
  expect(clock.pending).toBe(0);
});

test('metrics, sources and a summary that throw at once are left out', async () => {
  const { manager, world } = setupManager();
  const fail = () => {
    throw new Error('no');
  };
  Object.assign(world, { metrics: fail, sources: fail, summarize: fail });
  const snapshot = await manager.take('manual');
  expect(snapshot).toMatchObject({ metrics: null, sources: {}, logs: null });
  expect(snapshot.notes).toHaveLength(3);
});

test('while the storage fails, snapshots are made, listed and kept; all are saved when it works again', async () => {
  const { manager, clock, world, storage, said } = setupManager({ intervalMs: MINUTE_MS });
  const { save } = world;
  manager.start();
  await clock.pass(MINUTE_MS);
  world.save = () => Promise.reject(new Error('the disk is full'));
  await clock.pass(2 * MINUTE_MS);
  const byHand = await manager.take('manual');
  const listed = await manager.list(9);
  expect(listed.map(({ trigger }) => trigger)).toEqual(['manual', 'scheduled', 'scheduled', 'scheduled']);
  expect(await manager.list(1)).toEqual([byHand]);
  expect(await manager.get(byHand.id)).toEqual(byHand);
  expect(await storage.list(9)).toHaveLength(1);
  world.save = save;
  await clock.pass(MINUTE_MS);
  expect(await storage.list(9)).toHaveLength(5);
  expect((await manager.list(9)).slice(1)).toEqual(listed);
  expect(said).toEqual([
    'warn snapshots: the storage fails; that is said once until it works again',
    'info snapshots: the storage works again',
  ]);
});

test('a list of a storage that fails is refused, not empty', async () => {
  const fail = () => Promise.reject(new Error('the disk is gone'));
  const { manager } = setupManager({ storage: { save: fail, list: fail, get: fail } });
  const { id } = await manager.take('manual');
  await expect(manager.list(9)).rejects.toThrow('the disk is gone');
  await expect(manager.get('other')).rejects.toThrow('the disk is gone');
  expect(await manager.get(id)).toMatchObject({ trigger: 'manual' });
});

// Start and stop

test('after a stop there are no timers, and nothing is taken by itself', async () => {
  const { manager, clock, triggers } = setupManager({ intervalMs: MINUTE_MS });
  manager.start();
  manager.start();
  expect(clock.pending).toBe(2);
  const stopping = manager.stop();
  expect(clock.pending).toBe(0);
  expect(manager.stop()).toBe(stopping);
  await stopping;
  manager.start();
  await clock.pass(60 * MINUTE_MS);
  expect(clock.pending).toBe(0);
  expect(await triggers()).toEqual([]);
});

test('one that was never started can be stopped', async () => {
  await setupManager().manager.stop();
});

test('a stop waits for the snapshot that is under way, with all its timers', async () => {
  const { manager, clock, world, triggers } = setupManager({ intervalMs: MINUTE_MS });
  world.summarize = never;
  manager.start();
  await clock.pass(MINUTE_MS);
  let stopped = false;
  const stopping = manager.stop().then(() => {
    stopped = true;
  });
  await clock.pass(3 * SECOND_MS);
  expect(stopped).toBe(false);
  await clock.pass(1 * SECOND_MS);
  await stopping;
  expect(await triggers()).toEqual(['scheduled']);
  expect(clock.pending).toBe(0);
});

test('a spike right before a stop gets its snapshot', async () => {
  const { manager, clock, errors, triggers } = setupManager();
  manager.start();
  errors(11);
  await manager.stop();
  expect(await triggers()).toEqual(['error_spike']);
  expect(clock.pending).toBe(0);
});

test('a stop tries once more to save what waits, and says what is lost', async () => {
  const { manager, world, storage, warnings } = setupManager();
  const { save } = world;
  world.save = () => Promise.reject(new Error('busy'));
  await manager.take('manual');
  world.save = save;
  await manager.stop();
  expect(await storage.list(9)).toHaveLength(1);

  const other = setupManager();
  other.world.save = () => Promise.reject(new Error('busy'));
  await other.manager.take('manual');
  await other.manager.stop();
  expect(other.warnings().at(-1)).toMatch(/not all could be saved/);
  expect(warnings()).toHaveLength(1);
});

test.each([
  { intervalMs: -1 },
  { intervalMs: 2 ** 31 },
  { intervalMs: Number.NaN },
  { errorThreshold: -1 },
  { errorThreshold: 1.5 },
  { errorThreshold: 100_001 },
  { memoryThresholdPercent: Number.NaN },
  { memoryThresholdPercent: -1 },
])('%j is refused, by name', (given) => {
  expect(() => setupManager(given)).toThrow(Object.keys(given)[0]!);
});
