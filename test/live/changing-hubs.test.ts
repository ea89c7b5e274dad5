/** Readers that change from one hub of a group to another, as behind a load balancer: hubs are processes, the engines are real. */

import { request } from 'node:http';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import { createHubPlaces, gapsOf, messagesOf, NATS, numbered, post, REDIS, stream } from '../support/hub-group.ts';
import { startPostgres } from '../support/postgres.ts';
import { isLogBlock, readSse, readWs } from '../support/readers.ts';
import type { HubProcess } from '../support/test-hub.ts';

const { place, remove } = createHubPlaces();
afterAll(remove);

/** Lines that each hub gets, so many at a time. */
const LINES = 6000;
const LINES_AT_ONCE = 40;
const PAUSE_MS = 12;

/** Lines that a reader takes before it changes hubs. */
const LINES_A_VISIT = 800;

async function write(hub: HubProcess, name: string, lines = LINES): Promise<void> {
  for (let from = 0; from < lines; from += LINES_AT_ONCE) {
    await post(hub, from, LINES_AT_ONCE, name);
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}

/** What a reader has got at one hub: its lines and gaps, and where it goes on. */
interface Visit {
  readonly messages: readonly string[];
  readonly gaps: readonly unknown[];
  readonly lastId: string | undefined;
}

type Visiting = (hub: HubProcess, after: string | undefined, lines: number) => Promise<Visit>;

const overSse =
  (path: string): Visiting =>
  async (hub, after, lines) => {
    const reader = await readSse(`${hub.url}${path}`, after === undefined ? {} : { 'last-event-id': after });
    await reader.until(lines, isLogBlock, 30_000);
    const items = [...reader.items];
    reader.close();
    const lastId = items.findLast(({ id }) => id !== undefined)?.id;
    return { messages: messagesOf(items), gaps: gapsOf(items), lastId };
  };

const overWs =
  (path: string): Visiting =>
  async (hub, after, lines) => {
    const reader = await readWs(`${hub.url}${path}${after === undefined ? '' : `&after=${after}`}`);
    await reader.until(lines, undefined, 30_000);
    const items = [...reader.items].map((text) => JSON.parse(text) as { id: string; type?: string; message: string });
    reader.close();
    const gaps = items.filter(({ type }) => type === 'gap');
    const messages = items.filter(({ type }) => type !== 'gap').map(({ message }) => message);
    return { messages, gaps, lastId: items.at(-1)?.id ?? after };
  };

/** Goes from hub to hub until it has so many lines. */
async function travel(visit: Visiting, hubs: readonly HubProcess[], total: number) {
  const messages: string[] = [];
  const gaps: unknown[] = [];
  let after: string | undefined;
  let visits = 0;
  while (messages.length < total) {
    const hub = hubs[visits++ % hubs.length]!;
    const visited = await visit(hub, after, Math.min(LINES_A_VISIT, total - messages.length));
    messages.push(...visited.messages);
    gaps.push(...visited.gaps);
    after = visited.lastId;
  }
  return { messages, gaps, visits };
}

const linesOf = (messages: readonly string[], name: string) => messages.filter((text) => text.startsWith(`${name} `));

test.each([REDIS, NATS])(
  'over $name readers go back and forth between hubs under load, and get each line once',
  async ({ begin }) => {
    await using engine = await begin();
    const starts = await Promise.all([place(engine.env), place(engine.env), place(engine.env)]);
    await using a = await starts[0]();
    await using b = await starts[1]();
    await using c = await starts[2]();
    const travels = [
      travel(overSse('/logs/stream?format=flat'), [a, b], 2 * LINES),
      travel(overSse('/api/logs?format=flat'), [b, c, a], 2 * LINES),
      travel(overWs('/logs/ws?format=flat'), [c, a, b, a], 2 * LINES),
      travel(overWs('/logs/ws?format=flat&q=/[05]$/'), [a, b], (2 * LINES) / 5),
    ];
    // Once all of them read: a reader without an id begins at the live edge.
    await expect.poll(async () => (await Promise.all([a, b, c].map(readersOf))).reduce((x, y) => x + y)).toBe(4);
    await Promise.all([write(a, 'left'), write(b, 'right')]);
    const [all, natstream, sockets, filtered] = await Promise.all(travels);
    for (const { messages, gaps, visits } of [all!, natstream!, sockets!]) {
      expect(linesOf(messages, 'left')).toEqual(numbered('left', 0, LINES));
      expect(linesOf(messages, 'right')).toEqual(numbered('right', 0, LINES));
      expect(gaps).toEqual([]);
      expect(visits).toBeGreaterThan(5);
    }
    const wanted = (text: string) => /[05]$/.test(text);
    expect(linesOf(filtered!.messages, 'left')).toEqual(numbered('left', 0, LINES).filter(wanted));
    expect(linesOf(filtered!.messages, 'right')).toEqual(numbered('right', 0, LINES).filter(wanted));
    expect(filtered!.gaps).toEqual([]);
  },
  60_000,
);

async function readersOf(hub: HubProcess): Promise<number> {
  const { active_connections } = (await (await fetch(`${hub.url}/health`)).json()) as { active_connections: number };
  return active_connections;
}

test('a reader of a hub that is killed goes on at another one where it was', async () => {
  await using engine = await REDIS.begin();
  await using a = await (await place(engine.env))();
  await using b = await (await place(engine.env))();
  const reader = await stream(a);
  await post(a, 0, 100, 'left');
  await post(b, 0, 100, 'right');
  const seen = await reader.until(200, isLogBlock);
  // What a has of b is told within moments; until then a gap would say that it was not.
  const gapsAfterAll = async () => {
    const next = await stream(b, { 'last-event-id': seen.at(-1)!.id! });
    next.close();
    return gapsOf(next.items);
  };
  await expect.poll(gapsAfterAll).toEqual([]);
  await a.end('SIGKILL');
  const after = await stream(b, { 'last-event-id': seen[49]!.id! });
  await post(b, 100, 10, 'right');
  await after.until(160, isLogBlock);
  const messages = [...messagesOf(seen.slice(0, 50)), ...messagesOf(after.items)];
  expect(linesOf(messages, 'left')).toEqual(numbered('left', 0, 100));
  expect(linesOf(messages, 'right')).toEqual(numbered('right', 0, 110));
  expect(gapsOf(after.items)).toEqual([]);
  after.close();
});

test('a hub that is killed under load costs its readers no line of another hub', async () => {
  const lines = 60 * LINES_AT_ONCE;
  await using engine = await REDIS.begin();
  await using a = await (await place(engine.env))();
  await using b = await (await place(engine.env))();
  const reader = await stream(a);
  const writing = write(b, 'right', lines);
  await reader.until(1000, isLogBlock);
  await a.end('SIGKILL');
  await reader.ended;
  const lastId = reader.items.findLast(({ id }) => id !== undefined)!.id!;
  const after = await stream(b, { 'last-event-id': lastId });
  await writing;
  await expect.poll(() => messagesOf(after.items).at(-1), { timeout: 10_000 }).toBe(`right ${lines - 1}`);
  after.close();
  // What a has shown and could not tell any more comes again, and a gap says that lines of its own may be missing.
  const again = messagesOf(after.items);
  const repeated = messagesOf(reader.items).length + again.length - lines;
  expect(again).toEqual(numbered('right', lines - again.length, again.length));
  expect(repeated).toBeGreaterThanOrEqual(0);
  expect(gapsOf(after.items).map(({ reason }) => reason)).toEqual(repeated === 0 ? [] : ['other_hub']);
}, 30_000);

test('a hub that was started again says so to readers that left another one before', async () => {
  await using engine = await NATS.begin();
  await using a = await (await place(engine.env))();
  const startB = await place(engine.env);
  await using b = await startB();
  const reader = await stream(a);
  await post(a, 0, 10, 'left');
  const seen = await reader.until(10, isLogBlock);
  await b.end('SIGKILL');
  await post(a, 10, 10, 'left');
  await using again = await startB();
  const stranger = await stream(again, { 'last-event-id': seen.at(-1)!.id! });
  await expect.poll(() => gapsOf(stranger.items)).toMatchObject([{ reason: 'other_hub', from: seen.at(-1)!.id! }]);
  await post(a, 20, 10, 'left');
  await stranger.until(10, isLogBlock);
  expect(messagesOf(stranger.items)).toEqual(numbered('left', 20, 10));
  // And who leaves from now on is known.
  await reader.until(30, isLogBlock);
  reader.close();
  const lastId = reader.items.findLast(({ id }) => id !== undefined)!.id!;
  const known = await stream(again, { 'last-event-id': lastId });
  await post(again, 0, 10, 'right');
  await known.until(10, isLogBlock);
  expect(messagesOf(known.items)).toEqual(numbered('right', 0, 10));
  expect(gapsOf(known.items)).toEqual([]);
  for (const open of [stranger, known]) open.close();
});

test('what the last request before a stop brings is shared', async () => {
  await using engine = await REDIS.begin();
  await using a = await (await place(engine.env))();
  await using b = await (await place(engine.env))();
  const reader = await stream(b);
  const headers = { 'content-type': 'text/plain', expect: '100-continue' };
  const last = request(`${a.url}/ingest/logs?app=left`, { method: 'POST', headers });
  await new Promise((resolve) => last.once('continue', resolve));
  last.write('left 0\nleft 1\n');
  const ended = a.end('SIGTERM');
  await a.logged(/stop|SIGTERM/i);
  const status = new Promise((resolve) => last.once('response', ({ statusCode }) => resolve(statusCode)));
  last.end('left 2');
  expect(await status).toBe(200);
  expect(await ended).toBe(0);
  await reader.until(3, isLogBlock);
  expect(messagesOf(reader.items)).toEqual(numbered('left', 0, 3));
  reader.close();
});

interface Context {
  readonly before?: readonly { readonly message: string }[];
  readonly line?: { readonly message: string };
  readonly after?: readonly { readonly message: string }[];
}

test('a line is found by the id that it has on any hub of the group', async () => {
  await using engine = await REDIS.begin();
  const postgres = await startPostgres();
  onTestFinished(() => postgres.remove());
  for (const env of [
    engine.env,
    { ...engine.env, RELAY_GROUP: 'kept', DATABASE_URL: await postgres.createDatabase() },
  ]) {
    await using a = await (await place(env))();
    await using b = await (await place(env))();
    const readers = await Promise.all([stream(a), stream(b)]);
    await post(a, 0, 5, 'left');
    const ids = await Promise.all(readers.map(async (reader) => (await reader.until(5, isLogBlock))[2]!.id!));
    expect(ids[0]).not.toBe(ids[1]);
    for (const hub of [a, b]) {
      for (const id of ids) {
        const found = async () => {
          const answer = await fetch(`${hub.url}/logs/context?id=${id}&before=1&after=1&scope=all`);
          const { before = [], line, after = [] } = (await answer.json()) as Context;
          return [...before, line, ...after].map((row) => row?.message);
        };
        await expect.poll(found, { timeout: 10_000 }).toEqual(numbered('left', 1, 3));
        const history = await fetch(`${hub.url}/logs/history?order=asc&after=${id}`);
        const { logs } = (await history.json()) as { logs: { message: string }[] };
        expect(logs.map(({ message }) => message)).toEqual(numbered('left', 3, 2));
      }
    }
    for (const reader of readers) reader.close();
  }
}, 30_000);
