/** `GET /status` of a real hub: it says what is, also where that is nothing. */

import { request } from 'node:http';
import { expect, test } from 'vitest';
import { startTestHub } from '../support/test-hub.ts';

interface Status {
  readonly ready: boolean;
  readonly sources: readonly {
    name: string;
    state: string;
    ready: boolean;
    events: number;
    last_event_at: string | null;
  }[];
  readonly ring: Readonly<Record<string, unknown>>;
  readonly store: Readonly<Record<string, unknown>>;
  readonly readers: { now: number; blocked: number; list: readonly Record<string, unknown>[] };
  readonly losses: Readonly<Record<string, number>>;
}

const statusOf = async (url: string) => (await (await fetch(`${url}/status`)).json()) as Status;

const post = (url: string, body: unknown) =>
  fetch(`${url}/ingest/logs`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });

test('a hub to which nothing has happened has zeros and nulls, and is ready', async () => {
  await using hub = await startTestHub();
  const { ready, sources, ring, readers, losses } = await statusOf(hub.url);
  expect(ready).toBe(true);
  expect(sources.map(({ name, state, events, last_event_at }) => [name, state, events, last_event_at])).toEqual([
    ['http', 'listening', 0, null],
    ['demo', 'off', 0, null],
  ]);
  expect(ring).toMatchObject({ events: 0, oldest_at: null, newest_at: null, events_total: 0 });
  expect(readers).toMatchObject({ now: 0, list: [] });
  expect(new Set(Object.values(losses))).toEqual(new Set([0]));
});

test('what arrives, is cut, repaired or refused is counted where it happened', async () => {
  await using hub = await startTestHub({ MAX_LINE_BYTES: '1024', LOG_RETENTION_DAYS: '7' });
  await post(hub.url, [{ message: 'x'.repeat(3000), time: '2026-11-21T02:40:52.113Z' }, { message: 'no time' }]);
  expect((await post(hub.url, '[{')).status).toBe(400);
  const { sources, ring, store, losses } = await statusOf(hub.url);
  expect(sources[0]).toMatchObject({ name: 'http', events: 2, last_event_at: expect.stringMatching(/^20/) });
  expect(ring).toMatchObject({ events: 2, events_total: 2 });
  expect(store).toMatchObject({
    kind: 'sqlite',
    state: 'ready',
    retention_days: 7,
    events_pending: 0,
    events_written: 2,
  });
  expect(losses).toMatchObject({ lines_cut: 1, times_replaced: 1, ingest_rejected: 1, store_dropped_events: 0 });
});

test('a bus that is away makes the hub not ready, and is named with the reason', async () => {
  const env = { FLY_ORG: 'acme', ACCESS_TOKEN: 'secret-of-acme', FLY_APP: '*', NATS_URL: 'nats://127.0.0.1:1' };
  await using hub = await startTestHub(env);
  await expect
    .poll(async () => (await statusOf(hub.url)).sources[0])
    .toMatchObject({
      name: 'fly',
      state: 'disconnected',
      ready: false,
      detail: expect.stringContaining('127.0.0.1:1'),
    });
  const { ready, ...rest } = await statusOf(hub.url);
  expect(ready).toBe(false);
  expect(JSON.stringify(rest)).not.toContain('secret-of-acme');
});

test('readers are listed with where they come from and what they asked for, those in trouble first', async () => {
  await using hub = await startTestHub();
  const headers = { 'user-agent': 'reader-of-this-test' };
  const following = await fetch(`${hub.url}/logs/stream?level=warn&app=shop,web&q=-health`, { headers });
  // A reader that takes nothing: what it has asked for is more than a socket holds.
  await post(
    hub.url,
    Array.from({ length: 400 }, (_, i) => ({ message: `${i} ${'y'.repeat(20_000)}` })),
  );
  const stuck = request(`${hub.url}/logs/stream?tail=400`, (response) => response.pause());
  stuck.on('error', () => {}).end();
  await expect
    .poll(async () => (await statusOf(hub.url)).readers)
    .toMatchObject({
      now: 2,
      blocked: 1,
      list: [
        { state: 'blocked', agent: null, filter: {} },
        {
          state: 'following',
          agent: 'reader-of-this-test',
          address: '127.0.0.1',
          over: 'sse',
          filter: { level: 'warn', app: 'shop,web', q: '-health' },
          behind: 0,
        },
      ],
    });
  stuck.destroy();
  await following.body?.cancel();
  await expect.poll(async () => (await statusOf(hub.url)).readers.now).toBe(0);
});

test('demo traffic runs until the first real event', async () => {
  await using hub = await startTestHub({ DEMO_RATE: '50' });
  const demo = async () => (await statusOf(hub.url)).sources.find(({ name }) => name === 'demo');
  await expect.poll(async () => (await demo())?.events).toBeGreaterThan(0);
  expect(await demo()).toMatchObject({ state: 'running' });
  await post(hub.url, { message: 'a real one' });
  expect(await demo()).toMatchObject({ state: 'off' });
});
