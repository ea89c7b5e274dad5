import { hostname } from 'node:os';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createLog } from '../log.ts';
import type { FigureKind } from '../store/figures.ts';
import type { SummaryRow } from './fleet.ts';
import { OwnHost, type OwnHostOptions } from './own-host.ts';

const INTERVAL_MS = 60_000;

const stops: (() => void)[] = [];

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
});
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
  vi.useRealTimers();
});

/** A watched host, and what is kept of it. */
function watch(more: Partial<OwnHostOptions>, hosts: () => Partial<SummaryRow>[] = () => []) {
  const kept: Record<string, unknown>[] = [];
  const lines: string[] = [];
  const ownHost = new OwnHost({
    wish: 'auto',
    name: 'web-1',
    isFlyMachine: false,
    isFirstStart: false,
    fleet: {
      take: async (_kind: FigureKind, texts: readonly string[]) => {
        kept.push(...texts.map((text) => JSON.parse(text) as Record<string, unknown>));
        return { accepted: texts.length, duplicate: false };
      },
      summary: async () => hosts() as (SummaryRow & Record<string, unknown>)[],
    },
    intervalMs: INTERVAL_MS,
    log: createLog('info', (line) => lines.push(line)),
    ...more,
  });
  stops.push(() => ownHost.stop());
  ownHost.start();
  return { ownHost, kept, lines };
}

/** Collecting takes turns of its own, which no clock drives. */
async function pass(ms: number, isDone: () => boolean): Promise<void> {
  await vi.advanceTimersByTimeAsync(ms);
  await vi.waitUntil(isDone, { timeout: 30_000, interval: 5 });
}

const settled = () => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));

test('a row comes soon after the start, then one a minute, which says how often they come', async () => {
  const { kept } = watch({ name: hostname() });
  await pass(5000, () => kept.length === 1);
  expect(kept[0]).toMatchObject({
    vps_name: hostname(),
    app_name: 'flywatch',
    memory_percent: expect.any(Number),
    interval_seconds: 60,
    figures: { uptime: { seconds: expect.any(Number) } },
  });
  await pass(INTERVAL_MS, () => kept.length === 2);
});

test('on the first start of a hub nobody is asked whether an agent reports; an hour later somebody is', async () => {
  let asked = 0;
  const { kept } = watch({ isFirstStart: true }, () => {
    asked++;
    return [];
  });
  await pass(5000, () => kept.length === 1);
  expect(asked).toBe(0);
  await pass(3_600_000, () => asked === 1);
});

test.each([
  ['where that is switched off', { wish: false }],
  ['on a Fly machine', { isFlyMachine: true }],
  ['under a name that a container runtime made up', { name: '3f2a9c41d0be' }],
] as const)('the hub does not watch its host %s', async (_why, more) => {
  const { kept } = watch(more);
  await vi.advanceTimersByTimeAsync(10 * INTERVAL_MS);
  await settled();
  expect(kept).toEqual([]);
});

test.each([{ isFlyMachine: true }, { name: '3f2a9c41d0be' }])('it does where that is wished: %o', async (more) => {
  const { kept } = watch({ wish: true, ...more });
  await pass(5000, () => kept.length === 1);
});

test('an agent that reports under the same name takes over, and leaves it again after a day of silence', async () => {
  let hosts: Partial<SummaryRow>[] = [
    { vps_name: 'web-2', app_name: 'shop', last_seen: new Date().toISOString() },
    { vps_name: 'web-1', app_name: 'flywatch', last_seen: new Date().toISOString() },
  ];
  const { kept, lines } = watch({ intervalMs: 3_600_000 }, () => hosts);
  await pass(5000, () => kept.length === 1);
  hosts = [{ vps_name: 'web-1', app_name: 'shop', last_seen: new Date().toISOString() }];
  await pass(3_600_000, () => lines.length === 1);
  expect(lines[0]).toContain('an agent reports figures of this host, for shop');
  await vi.advanceTimersByTimeAsync(20 * 3_600_000);
  await settled();
  expect(kept).toHaveLength(1);
  await pass(6 * 3_600_000, () => kept.length > 1);
});

test('a store that does not take them is told of once', async () => {
  const take = vi.fn(async () => Promise.reject(new Error('the disk is full')));
  const { lines } = watch({ fleet: { take, summary: async () => [] } });
  await pass(5000, () => take.mock.calls.length === 1);
  await pass(INTERVAL_MS, () => take.mock.calls.length === 2);
  await settled();
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain('figures of this host are not kept: the disk is full');
});
