/** What the store in PostgreSQL does while the server, or the hub, goes away and comes back. */

import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import pg from 'pg';
import { expect, test } from 'vitest';
import { encodeBatch } from '../format/batch.ts';
import { makeEvent } from '../made-event.fixture.ts';
import { page } from '../store.contract.ts';
import { StoreUnavailableError } from '../store.ts';
import type { PostgresStore } from './postgres-store.ts';
import { nextPosition, until, useStores } from './store-place.fixture.ts';

const places = useStores();
const { setup } = places;

async function positionsIn(url: string): Promise<number[]> {
  const rows = await places.server.query<{ position: string }>(
    url,
    'SELECT position FROM log_entries ORDER BY position',
  );
  return rows.map(({ position }) => Number(position));
}

/** Appends some events every few milliseconds until it is told to end. */
function load(store: PostgresStore) {
  const sent: number[] = [];
  const timer = setInterval(() => {
    for (let i = 0; i < 50; i++) {
      const event = makeEvent(nextPosition());
      sent.push(event.position);
      store.append(event);
    }
  }, 5);
  return {
    sent,
    end: async () => {
      clearInterval(timer);
      await store.durable(30_000);
    },
  };
}

test('a server that is stopped under load gets everything once when it is back', async () => {
  const { url, open, lines } = await setup();
  const store = open();
  const { sent, end } = load(store);
  await until(() => store.status.shippedEvents > 500, 'shipping');
  await places.server.stop();
  // Until the last of its processes is gone, it may still say that it shuts down.
  await until(() => store.status.state === 'away' && /ECONNREFUSED/.test(store.status.detail ?? ''), 'the refusal');
  await store.durable(30_000);
  await expect(store.ask(page())).rejects.toThrow(StoreUnavailableError);
  await until(() => store.status.spooledEvents > 10_000, 'the spool to fill');
  await places.server.start();
  await until(() => store.status.state === 'ready', 'the state');
  await end();
  await until(() => store.status.spooledEvents === 0, 'the spool to be empty');
  expect(await positionsIn(url)).toEqual(sent);
  expect((await store.ask(page())).rows).toHaveLength(100);
  expect(store.status).toMatchObject({ state: 'ready', detail: undefined, droppedEvents: 0 });
  expect(lines.join('')).not.toContain(places.server.password);
});

test('a server that is killed again and again while it is written to gets everything once', async () => {
  const { url, open } = await setup();
  const store = open();
  const { sent, end } = load(store);
  for (let round = 0; round < 5; round++) {
    const before = store.status.shippedEvents;
    await until(() => store.status.shippedEvents > before + 200, 'shipping');
    await places.server.kill();
    await places.server.start();
  }
  await end();
  await until(() => store.status.spooledEvents === 0, 'the spool to be empty');
  expect(await positionsIn(url)).toEqual(sent);
});

test('a hub that is killed again and again while it takes over its spool loses nothing and repeats nothing', async () => {
  const { url, options, open } = await setup();
  const durable: (readonly [first: number, last: number])[] = [];
  let first = 5_000_000;
  for (let round = 0; round < 6; round++) {
    const child = spawn(
      process.execPath,
      [new URL('./crashing-hub.fixture.ts', import.meta.url).pathname, url, options.spoolPath, String(first)],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const last = await lastBeforeKill(child, round * 300);
    durable.push([first, last]);
    first = last + 100_000;
  }
  const store = open();
  await until(() => store.status.state === 'ready' && store.status.spooledEvents === 0, 'the spool to be empty');
  const found = await positionsIn(url);
  expect(new Set(found).size).toBe(found.length);
  const held = new Set(found);
  const lost: number[] = [];
  for (const [from, to] of durable) {
    for (let position = from; position <= to; position++) if (!held.has(position)) lost.push(position);
  }
  expect(lost).toEqual([]);
  expect(found.length).toBeGreaterThan(4000);
});

/** Kills it when the database has got so many events from it, in the midst of the next; resolves with the last position that was durable. */
async function lastBeforeKill(child: ChildProcess, shipped: number): Promise<number> {
  let last: readonly number[] = [];
  // A line is one small write: it is whole or not there.
  for await (const line of createInterface(child.stdout!)) {
    last = line.split(' ').map(Number);
    if (last[1]! >= shipped) child.kill('SIGKILL');
  }
  return last[0]!;
}

test('what is committed without the hub hearing of it is not inserted again', async () => {
  const { url, options, open } = await setup();
  const store = open();
  for (let i = 0; i < 300; i++) store.append(makeEvent(nextPosition()));
  await until(() => store.status.shippedEvents === 300, 'shipping');
  await store.stop();
  // The spool as it was before the hub had heard: the same batches once more, by a hub of the same spool.
  const first = nextPosition(100) - 300;
  const events = Array.from({ length: 400 }, (_, i) => makeEvent(first + i));
  const bytes = encodeBatch(events);
  const db = new DatabaseSync(options.spoolPath);
  db.prepare(
    "INSERT INTO head (hub, first_position, last_position, min_time, max_time, events, bytes, data) VALUES ('test0', ?, ?, 0, 1e15, 400, ?, ?)",
  ).run(events[0]!.position, events[399]!.position, bytes.length, bytes as Uint8Array);
  db.close();
  const again = open();
  await until(() => again.status.state === 'ready' && again.status.spooledEvents === 0, 'the spool to be empty');
  expect(await positionsIn(url)).toEqual(events.map(({ position }) => position));
});

test('a spool that is full takes nothing more, says so, and goes on when there is room', async () => {
  const { url, open, lines } = await setup({ maxSpoolBytes: 200_000 });
  const store = open();
  await until(() => store.status.state === 'ready', 'the state');
  await places.server.stop();
  await until(() => store.status.state === 'away', 'the state');
  let appended = 0;
  await until(async () => {
    for (let i = 0; i < 200; i++, appended++) store.append(makeEvent(nextPosition()));
    return await store.durable(30_000).then(
      () => false,
      (error) => error instanceof StoreUnavailableError,
    );
  }, 'the limit');
  expect(store.status.spooledBytes).toBeLessThan(400_000);
  store.append(makeEvent(nextPosition()));
  store.mark({ id: 'full', taken: 1, complete: true });
  expect(store.status.droppedEvents).toBeGreaterThan(0);
  expect(await store.batch('full')).toBeUndefined();
  expect(lines.filter((line) => line.includes('the spool in front of PostgreSQL has reached'))).toHaveLength(1);
  await places.server.start();
  await until(() => store.status.state === 'ready' && store.status.spooledEvents === 0, 'the spool to be empty');
  store.append(makeEvent(nextPosition()));
  await store.durable(30_000);
  await until(() => store.status.spooledEvents === 0, 'the spool to be empty');
  expect(await positionsIn(url)).toHaveLength(appended + 1 - store.status.droppedEvents + 1);
});

test.each([
  [
    'a wrong password',
    () => places.server.urlOf('postgres', 'a-very-wrong-secret'),
    /password authentication failed for user "fly"/,
  ],
  ['a database that is not there', () => places.server.urlOf('nowhere'), /database "nowhere" does not exist/],
  ['no URL at all', () => 'postgres//fly:a-very-wrong-secret@', /./],
])('%s is told in clear words and without the secret, and what arrives is kept', async (_, urlOf, words) => {
  const { open, lines } = await setup({ url: urlOf() });
  const store = open();
  store.append(makeEvent(nextPosition()));
  await store.durable(30_000);
  await until(() => store.status.state === 'away', 'the state');
  expect(store.status.detail).toMatch(words);
  const refusal = await store.ask(page()).catch((error: Error) => error);
  expect(refusal).toBeInstanceOf(StoreUnavailableError);
  const said = `${store.status.detail}\n${(refusal as Error).message}\n${lines.join('')}`;
  expect(said).not.toContain('a-very-wrong-secret');
  expect(said).not.toContain(places.server.password);
});

test('a question that nobody waits for any more ends in the server too', async () => {
  const { url, open, query } = await setup();
  const store = open();
  await store.ask(page());
  const other = new pg.Client({ connectionString: url });
  await other.connect();
  await other.query('BEGIN; LOCK TABLE log_entries IN ACCESS EXCLUSIVE MODE');
  const running = () =>
    query(`SELECT FROM pg_stat_activity WHERE state = 'active' AND query LIKE 'SELECT (extract(epoch FROM min(timestamp))%'
      AND datname = current_database() AND pid <> pg_backend_pid()`);
  const aborted = new AbortController();
  const answer = store.ask(page(), { signal: aborted.signal });
  await until(async () => (await running()).length === 1, 'the query');
  aborted.abort(new Error('gone'));
  await expect(answer).rejects.toThrow('gone');
  await until(async () => (await running()).length === 0, 'its end');
  await other.end();
  expect((await store.ask(page())).rows).toEqual([]);
});
