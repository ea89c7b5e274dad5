/** Two hubs that share their live events over a real Redis, a real NATS, and JetStream: as processes, killed and started again. */

import { afterAll, describe, expect, onTestFinished, test } from 'vitest';
import {
  createHubPlaces,
  gapsOf,
  JETSTREAM,
  messagesOf,
  NATS,
  numbered,
  post,
  REDIS,
  stream,
} from '../support/hub-group.ts';
import { NATS_PASSWORD, NATS_USER, startNatsServer } from '../support/nats-server.ts';
import { startPostgres } from '../support/postgres.ts';
import { isLogBlock } from '../support/readers.ts';
import { startRedisServer } from '../support/redis-server.ts';
import { type HubProcess, spawnHub } from '../support/test-hub.ts';

const { place, remove } = createHubPlaces();
afterAll(remove);

const pendingOf = async (hub: HubProcess) =>
  ((await (await fetch(`${hub.url}/metrics`)).json()) as { store_pending_events: number }).store_pending_events;
describe.each([REDIS, NATS, JETSTREAM])('$name', ({ keeps, begin }) => {
  test('a reader on either hub gets the events of both, each once and in the order of its hub', async () => {
    await using engine = await begin();
    await using a = await (await place(engine.env))();
    await using b = await (await place(engine.env))();
    const readers = await Promise.all([stream(a), stream(b)]);
    await Promise.all([post(a, 0, 3000, 'left'), post(b, 0, 3000, 'right')]);
    for (const reader of readers) {
      await reader.until(6000, isLogBlock, 20_000);
      const messages = messagesOf(reader.items);
      expect(messages.filter((message) => message.startsWith('left'))).toEqual(numbered('left', 0, 3000));
      expect(messages.filter((message) => message.startsWith('right'))).toEqual(numbered('right', 0, 3000));
      expect(gapsOf(reader.items)).toEqual([]);
      reader.close();
    }
    // Each hub keeps all of it, and labels as they were.
    for (const hub of [a, b]) {
      const { facets } = (await (await fetch(`${hub.url}/logs/facets?field=app`)).json()) as {
        facets: { app: { value: string; count: number }[] };
      };
      expect(facets.app.sort((x, y) => (x.value < y.value ? -1 : 1))).toEqual([
        { value: 'left', count: 3000 },
        { value: 'right', count: 3000 },
      ]);
    }
  });

  test('a batch whose answer was lost is there once, whatever hub it is sent to again', async () => {
    await using engine = await begin();
    await using a = await (await place(engine.env))();
    await using b = await (await place(engine.env))();
    const reader = await stream(b);
    const send = (hub: HubProcess) =>
      fetch(`${hub.url}/ingest/logs?app=left`, {
        method: 'POST',
        headers: { 'content-type': 'text/plain', 'batch-id': 'agent/vps-1/boot/1/7' },
        body: numbered('left', 0, 700).join('\n'),
      });
    expect(await (await send(a)).json()).toEqual({ accepted: 700 });
    // What comes after it tells that B knows of it.
    await post(a, 0, 1, 'after');
    await reader.until(701, isLogBlock);
    expect(await (await send(b)).json()).toEqual({ accepted: 700, duplicate: true });
    await post(b, 1, 1, 'after');
    expect(messagesOf(await reader.until(702, isLogBlock))).toEqual([
      ...numbered('left', 0, 700),
      ...numbered('after', 0, 2),
    ]);
    reader.close();
    for (const hub of [a, b]) {
      const { total } = (await (await fetch(`${hub.url}/logs/histogram?app=left`)).json()) as { total: number };
      expect(total).toBe(700);
    }
  });

  test('a hub that was killed goes on: what it has missed comes, or is counted and shown as a gap', async () => {
    await using engine = await begin();
    await using a = await (await place(engine.env))();
    const startB = await place(engine.env);
    let b = await startB();
    const before = await stream(b);
    await post(a, 0, 500, 'left');
    const seen = await before.until(500, isLogBlock);
    // What was shown in the last moment before a kill is not on disk yet, nor is how far the others were heard.
    await expect.poll(() => pendingOf(b)).toBe(0);
    await b.end('SIGKILL');
    await post(a, 500, 700, 'left');
    b = await startB();
    const after = await stream(b, { 'last-event-id': seen.at(-1)!.id! });
    await post(a, 1200, 300, 'left');
    await post(b, 0, 1, 'right');
    const wanted = keeps ? 1001 : 301;
    await after.until(wanted, isLogBlock, 20_000);
    const messages = messagesOf(after.items).filter((message) => message.startsWith('left'));
    if (keeps) {
      expect(messages).toEqual(numbered('left', 500, 1000));
      expect(gapsOf(after.items)).toEqual([]);
    } else {
      expect(messages).toEqual(numbered('left', 1200, 300));
      expect(gapsOf(after.items)).toMatchObject([{ reason: 'relay', count: 700 }]);
    }
    const { losses } = (await (await fetch(`${b.url}/status`)).json()) as { losses: { relay_lost_events: number } };
    expect(losses.relay_lost_events).toBe(keeps ? 0 : 700);
    before.close();
    after.close();
    await b.end('SIGKILL');
  });

  test('an engine that was killed and started again carries on, with what has waited', async () => {
    await using engine = await begin();
    await using a = await (await place(engine.env))();
    await using b = await (await place(engine.env))();
    const reader = await stream(b);
    await post(a, 0, 100, 'left');
    await reader.until(100, isLogBlock);
    await engine.kill();
    await Promise.all([a.logged(/is away/), b.logged(/is away/)]);
    // Each hub goes on for its own readers.
    await post(a, 100, 100, 'left');
    await post(b, 0, 10, 'right');
    await reader.until(110, isLogBlock);
    await engine.start();
    await post(a, 200, 100, 'left');
    await reader.until(310, isLogBlock, 20_000);
    expect(messagesOf(reader.items).filter((message) => message.startsWith('left'))).toEqual(numbered('left', 0, 300));
    expect(gapsOf(reader.items)).toEqual([]);
    reader.close();
  });
});

test('a database that two hubs share has each event once', async () => {
  await using engine = await startRedisServer();
  const postgres = await startPostgres();
  onTestFinished(() => postgres.remove());
  const url = await postgres.createDatabase();
  const env = { REDIS_URL: engine.url, DATABASE_URL: url };
  await using a = await (await place(env))();
  await using b = await (await place(env))();
  const readers = await Promise.all([stream(a), stream(b)]);
  await Promise.all([post(a, 0, 1000, 'left'), post(b, 0, 1000, 'right')]);
  for (const reader of readers) {
    await reader.until(2000, isLogBlock, 20_000);
    reader.close();
  }
  const count = async () =>
    (
      await postgres.query<{ rows: string; lines: string }>(
        url,
        'SELECT count(*) AS rows, count(DISTINCT message) AS lines FROM log_entries',
      )
    )[0]!;
  await expect.poll(count, { timeout: 15_000 }).toEqual({ rows: '2000', lines: '2000' });
  // Either hub finds all of it.
  for (const hub of [a, b]) {
    const { total } = (await (await fetch(`${hub.url}/logs/histogram`)).json()) as { total: number };
    expect(total).toBe(2000);
  }
});

test('hubs of a group hear the bus as one: each line comes to one of them, and is seen on both', async () => {
  await using bus = await startNatsServer();
  await using engine = await startRedisServer();
  const env = { REDIS_URL: engine.url, NATS_URL: bus.url, FLY_ORG: NATS_USER, ACCESS_TOKEN: NATS_PASSWORD };
  await using a = await (await place(env))();
  await using b = await (await place(env))();
  for (const hub of [a, b]) {
    await expect.poll(async () => (await fetch(`${hub.url}/ready`)).status, { timeout: 10_000 }).toBe(200);
  }
  const readers = await Promise.all([stream(a), stream(b)]);
  const client = await bus.client();
  for (let i = 0; i < 1000; i++) {
    const payload = { event: { provider: 'app' }, fly: { app: { name: 'web', instance: 'm1' }, region: 'fra' } };
    client.publish('logs.web.fra.m1', JSON.stringify({ ...payload, log: { level: 'info' }, message: `line ${i}` }));
  }
  await client.flush();
  for (const reader of readers) {
    await reader.until(1000, isLogBlock, 20_000);
    expect(messagesOf(reader.items).sort()).toEqual(numbered('line', 0, 1000).sort());
    reader.close();
  }
});

test('both engines at once, or a durable relay without NATS, are mistakes that are told', async () => {
  const both = spawnHub({ REDIS_URL: 'redis://localhost', RELAY_NATS_URL: 'nats://localhost' });
  await expect(both).rejects.toThrow(/REDIS_URL and RELAY_NATS_URL are both set/);
  await expect(spawnHub({ RELAY_DURABLE: 'true' })).rejects.toThrow(/RELAY_DURABLE needs RELAY_NATS_URL/);
  const wrong = spawnHub({ REDIS_URL: 'http://:kept-out@localhost' });
  await expect(wrong).rejects.toThrow(/expected an address such as redis/);
  await expect(wrong).rejects.not.toThrow(/kept-out/);
});
