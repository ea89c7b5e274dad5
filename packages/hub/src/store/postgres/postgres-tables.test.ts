/** The tables in PostgreSQL: how they are made, kept in order, and shared with agents and with people who write SQL. */

import { readFile } from 'node:fs/promises';
import { parseSelection, renderFlat } from '@flywatch/core';
import pg from 'pg';
import { expect, test } from 'vitest';
import { makeEvent } from '../made-event.fixture.ts';
import { idsOf, page } from '../store.contract.ts';
import { DAY_MS } from './days.ts';
import { migrate, NewerTablesError } from './migrate.ts';
import { MIGRATIONS } from './schema.ts';
import { nextPosition, shipped, until, useStores } from './store-place.fixture.ts';

const places = useStores();
const { setup, cleanups } = places;

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  cleanups.push(() => client.end());
  return client;
}

/** All there is in a database, days' partitions left out, as text that can be compared. */
async function catalogOf(url: string): Promise<unknown> {
  const parts = [
    `SELECT table_name, column_name, data_type, is_nullable, column_default, is_identity, ordinal_position
     FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1, ordinal_position`,
    `SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1, 2`,
    `SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
     WHERE connamespace = 'public'::regnamespace ORDER BY 1, 2`,
    `SELECT relname, relkind, pg_get_partkeydef(oid), pg_get_expr(relpartbound, oid) FROM pg_class
     WHERE relnamespace = 'public'::regnamespace ORDER BY 1`,
    'SELECT version FROM flywatch_migrations ORDER BY 1',
  ];
  return Promise.all(parts.map((sql) => places.server.query(url, sql)));
}

test('fleet_hub/schema.sql makes the same tables as the hub, which finds them and goes on', async () => {
  const [byFile, bySteps] = [await places.server.createDatabase(), await places.server.createDatabase()];
  const file = await readFile(new URL('../../../../../fleet_hub/schema.sql', import.meta.url), 'utf8');
  await places.server.query(byFile, file);
  await migrate(await connect(bySteps));
  const catalog = await catalogOf(byFile);
  expect(catalog).toEqual(await catalogOf(bySteps));
  await migrate(await connect(byFile));
  expect(await catalogOf(byFile)).toEqual(catalog);
});

test('hubs that start at once make the tables once, older tables are brought up to date, newer ones left alone', async () => {
  const url = await places.server.createDatabase();
  const clients = await Promise.all([1, 2, 3, 4].map(() => connect(url)));
  await Promise.all(clients.map((client) => migrate(client, MIGRATIONS.slice(0, 1))));
  await Promise.all(clients.map((client) => migrate(client)));
  const fresh = await places.server.createDatabase();
  await migrate(await connect(fresh));
  expect(await catalogOf(url)).toEqual(await catalogOf(fresh));

  await places.server.query(url, 'INSERT INTO flywatch_migrations (version) VALUES (99)');
  await expect(migrate(clients[0]!)).rejects.toThrow(NewerTablesError);
  const { open } = await setup({ url });
  const store = open();
  await until(() => store.status.state === 'away', 'the state');
  expect(store.status.detail).toMatch(/made by a later version of Flywatch \(schema 99/);
});

test('tables that Observ made step aside, and what they hold is in history', async () => {
  const { url, open, query } = await setup();
  await query(`
    CREATE TABLE log_entries (id SERIAL PRIMARY KEY, timestamp TIMESTAMP NOT NULL, vps_name VARCHAR(255) NOT NULL,
      app_name VARCHAR(255) NOT NULL, level VARCHAR(20) NOT NULL, message TEXT NOT NULL, context JSONB, created_at TIMESTAMP DEFAULT NOW());
    CREATE INDEX idx_logs_text ON log_entries USING gin (to_tsvector('english', message));
    CREATE TABLE health_checks (id SERIAL PRIMARY KEY, timestamp TIMESTAMP NOT NULL, vps_name VARCHAR(255) NOT NULL,
      app_name VARCHAR(255) NOT NULL, url TEXT NOT NULL, status_code INTEGER, response_time_ms FLOAT, success BOOLEAN NOT NULL, error_message TEXT);
    INSERT INTO log_entries (timestamp, vps_name, app_name, level, message, context)
      SELECT (now() AT TIME ZONE 'UTC') - interval '1 day', 'vps1', 'shop', 'WARNING', 'old line ' || n, '{"n": 1}' FROM generate_series(1, 30) AS n;
    INSERT INTO health_checks (timestamp, vps_name, app_name, url, success) VALUES (now() AT TIME ZONE 'UTC', 'vps1', 'shop', 'http://x', true)`);
  const store = open();
  const answer = await store.ask(page({ q: '"old line 7"' }));
  expect(answer.rows.map((row) => JSON.parse(row))).toMatchObject([
    { message: 'old line 7', level: 'warn', app: 'shop', host: 'vps1', fields: { n: 1 } },
  ]);
  expect((await store.ask(page({ level: 'warn' }))).rows).toHaveLength(30);
  expect(await places.server.query(url, 'SELECT vps_name FROM health_checks')).toEqual([{ vps_name: 'vps1' }]);
});

test('days have partitions of their own, which retention drops; what lies in the default one is deleted', async () => {
  const { open, query } = await setup({ logRetentionMs: 10 * DAY_MS, metricsRetentionMs: 20 * DAY_MS });
  const nowMs = Date.now();
  const store = open();
  await until(() => store.status.state === 'ready', 'the state');
  for (const day of [0, 3, 6, 9])
    store.append(makeEvent(nextPosition(), { timeMs: nowMs - day * DAY_MS, message: `day ${day}` }));
  store.append(makeEvent(nextPosition(), { timeMs: nowMs - 40 * DAY_MS, message: 'day 40' }));
  await shipped(store);
  const where = () =>
    query<{ name: string; message: string }>(
      'SELECT tableoid::regclass::text AS name, message FROM log_entries ORDER BY timestamp',
    );
  const nameOf = (ms: number) => `log_entries_${new Date(ms).toISOString().slice(0, 10).replaceAll('-', '')}`;
  expect(await where()).toEqual([
    { name: 'log_entries_default', message: 'day 40' },
    ...[9, 6, 3, 0].map((day) => ({ name: nameOf(nowMs - day * DAY_MS), message: `day ${day}` })),
  ]);
  const ahead = await query(`SELECT to_regclass('${nameOf(nowMs + DAY_MS)}') AS name`);
  expect(ahead).toEqual([{ name: nameOf(nowMs + DAY_MS) }]);
  await query(
    `INSERT INTO vps_metrics (timestamp, vps_name, app_name) VALUES (now(), 'v', 'a'), (now() - interval '30 days', 'v', 'a')`,
  );
  await store.stop();

  // A hub with less patience takes what is older.
  const url = (await query<{ name: string }>('SELECT current_database() AS name'))[0]!.name;
  const shorter = await setup({
    url: places.server.urlOf(url),
    logRetentionMs: 5 * DAY_MS,
    metricsRetentionMs: 20 * DAY_MS,
  });
  const other = shorter.open();
  await until(async () => (await where()).length === 2, 'retention');
  expect((await where()).map(({ message }) => message)).toEqual(['day 3', 'day 0']);
  expect(await query(`SELECT to_regclass('${nameOf(nowMs - 6 * DAY_MS)}') AS name`)).toEqual([{ name: null }]);
  await until(async () => (await query('SELECT FROM vps_metrics')).length === 1, 'retention of figures');
  await until(async () => (await other.ask({ kind: 'extent' })).droppedTo > 0, 'the mark');
  expect(await other.ask({ kind: 'extent' })).toMatchObject({ events: 2, droppedTo: nextPosition() - 6 });
});

test('a day whose rows lie in the default partition already gets its own with them', async () => {
  const { url, open, query } = await setup();
  await migrate(await connect(url));
  await query(
    `INSERT INTO log_entries (message, vps_name, app_name) SELECT 'early ' || n, 'v', 'a' FROM generate_series(1, 100) AS n`,
  );
  await query(`INSERT INTO vps_metrics (vps_name, app_name, cpu_percent) VALUES ('v', 'a', 5)`);
  const store = open();
  await until(() => store.status.state === 'ready', 'the state');
  expect(await query('SELECT FROM log_entries_default')).toEqual([]);
  expect(await query('SELECT FROM vps_metrics_default')).toEqual([]);
  expect((await store.ask(page({ q: 'early', app: 'a' }))).rows).toHaveLength(100);
});

test('rows that agents write are in history at once and told once, within seconds', async () => {
  const { open, query, foreign } = await setup();
  const store = open();
  await until(() => store.status.state === 'ready', 'the state');
  const insert = (level: string, message: string, context: unknown = null) =>
    query(
      'INSERT INTO log_entries (timestamp, vps_name, app_name, level, message, context) VALUES (now(), $1, $2, $3, $4, $5)',
      ['vps1', 'shop', level, message, context === null ? null : JSON.stringify(context)],
    );
  await insert('CRITICAL', 'the disk of vps1 is full', { order_id: 456, note: 'Refunded.Twice' });
  const [line] = (await store.ask(page())).rows.map((row) => JSON.parse(row) as { [name: string]: unknown });
  expect(line).toMatchObject({
    ...{ message: 'the disk of vps1 is full', level: 'fatal', app: 'shop', host: 'vps1', provider: 'agent' },
    fields: { order_id: 456, note: 'Refunded.Twice' },
  });
  await until(() => foreign.length === 1, 'being told');
  expect(JSON.parse(renderFlat(foreign[0]!))).toEqual({ ...line, receivedAt: expect.anything() });
  await insert('warn', 'second');
  const sinceMs = Date.now();
  await until(() => foreign.length === 2, 'being told');
  expect(Date.now() - sinceMs).toBeLessThan(5000);
  for (const q of ['note:refunded', 'full', 'order_id:456', '"disk of"'])
    expect((await store.ask(page({ q }))).rows, q).toHaveLength(1);
  expect((await store.ask(page({ level: 'warn' }))).rows).toHaveLength(2);
  const position = foreign[0]!.position;
  const after = await store.ask({
    ...{ kind: 'after', selection: parseSelection({}), range: {}, form: 'fly', maxBytes: 1e6 },
    position: position - 1,
    until: position + 10,
  });
  expect(after.positions).toEqual([position, position + 1]);
  expect(await query('SELECT FROM log_entries WHERE position IS NULL')).toEqual([]);
  await store.stop();
  const again = open();
  expect((await again.ask(page())).rows).toHaveLength(2);
  expect(foreign).toHaveLength(2);
});

test('two hubs of one database adopt each row once, and both see all events', async () => {
  const first = await setup();
  const second = await setup({ url: first.url, hub: 'test1' });
  const stores = [first.open(), second.open()];
  await until(() => stores.every((store) => store.status.state === 'ready'), 'the state');
  await first.query(`INSERT INTO log_entries (message) SELECT 'row ' || n FROM generate_series(1, 3000) AS n`);
  stores[0]!.append(makeEvent(nextPosition(), { message: 'of the first' }));
  stores[1]!.append(makeEvent(nextPosition(), { message: 'of the second', hub: 'test1' }));
  await Promise.all(stores.map(shipped));
  const totals = stores.map((store) =>
    store.ask({ kind: 'histogram', selection: parseSelection({}), range: {}, intervalMs: 1000, maxBuckets: 100 }),
  );
  for (const { total } of await Promise.all(totals)) expect(total).toBe(3002);
  for (const store of stores) expect((await store.ask(page({ q: '"of the"' }))).rows).toHaveLength(2);
  await until(() => first.foreign.length + second.foreign.length === 3000, 'being told');
  const told = [...first.foreign, ...second.foreign].map(({ message }) => message);
  expect(new Set(told).size).toBe(3000);
});

test('people who write SQL find lines by what they are, and texts that the database cannot hold as escapes', async () => {
  const { open, query } = await setup();
  const store = open();
  const huge = Array.from({ length: 200_000 }, (_, i) => `http://host${i}.example.com/p${i}`).join(' ');
  const events = [
    makeEvent(nextPosition(), {
      ...{ message: '{"msg":"paid","order":7}', level: 'warn', instance: 'i-1' },
      ...{ structure: { msg: 'paid', order: 7 }, structureInMessage: true },
    }),
    makeEvent(nextPosition(), {
      message: 'nul \0 and half \ud800 of a pair',
      level: 'fatal',
      instance: undefined,
      host: 'vps1',
    }),
    makeEvent(nextPosition(), {
      message: 'tab\tline\nback\\slash \\N \\.',
      raw: 'raw \0',
      app: 'a\0b',
      extras: { 'k\0': ['\udc00'] },
    }),
    makeEvent(nextPosition(), { message: huge }),
    makeEvent(nextPosition(), { message: '\\.', app: undefined, instance: undefined }),
    makeEvent(nextPosition(), {
      message: `${'{"a":'.repeat(700)}1${'}'.repeat(700)}`,
      structure: { deep: JSON.parse(`${'['.repeat(200)}${']'.repeat(200)}`) },
    }),
  ];
  for (const event of events) store.append(event);
  await shipped(store);
  expect(store.status.droppedEvents).toBe(0);
  const rows = await query<{ message: string }>(
    'SELECT level, vps_name, app_name, context, message FROM log_entries ORDER BY position',
  );
  expect(rows.slice(0, 2)).toEqual([
    {
      level: 'WARNING',
      vps_name: 'i-1',
      app_name: 'web',
      context: { msg: 'paid', order: 7 },
      message: events[0]!.message,
    },
    {
      level: 'CRITICAL',
      vps_name: 'vps1',
      app_name: 'web',
      context: null,
      message: 'nul \\u0000 and half \\ud800 of a pair',
    },
  ]);
  expect(
    await query(`SELECT id FROM log_entries WHERE to_tsvector('english', message) @@ plainto_tsquery('english', 'pairs')
      AND context IS NULL`),
  ).toHaveLength(1);
  const answer = await store.ask(page({}, { order: 'asc', form: 'flat-raw' }));
  expect(answer.rows.map((row) => JSON.parse(row))).toEqual(
    events.map((event) => JSON.parse(renderFlat(event, { raw: true }))),
  );
  expect(idsOf(await store.ask(page({ q: 'p199999' })))).toEqual([events[3]!.id]);
  expect(idsOf(await store.ask(page({ q: '"nul \\u0000"' })))).toEqual([]);
});

test('snapshots are kept beside the spool', async () => {
  const { open } = await setup();
  const store = open();
  await store.saveSnapshot('s1', Date.now(), '{"a":1}');
  await store.stop();
  const again = open();
  expect(await again.readSnapshot('s1')).toBe('{"a":1}');
  expect(await again.listSnapshots(5)).toEqual(['{"a":1}']);
});

test('rows of agents that were shown and not yet committed keep their positions, and are not shown again', async () => {
  const { url, open, query, foreign } = await setup();
  const store = open();
  await until(() => store.status.state === 'ready', 'the state');
  // What the hub writes into these rows is refused for a while.
  await query(`CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'not now'; END $$;
    CREATE TRIGGER refusing BEFORE UPDATE ON log_entries FOR EACH ROW EXECUTE FUNCTION refuse()`);
  await query(`INSERT INTO log_entries (message) VALUES ('one'), ('two')`);
  await until(() => foreign.length === 2, 'being shown');
  await query(`INSERT INTO log_entries (message) VALUES ('three')`);
  await until(() => foreign.length === 3, 'being shown');
  await query('DROP TRIGGER refusing ON log_entries');
  expect(idsOf(await store.ask(page({}, { order: 'asc' })))).toEqual(foreign.map(({ id }) => id));
  expect(foreign.map(({ message }) => message)).toEqual(['one', 'two', 'three']);
  expect(await places.server.query(url, 'SELECT FROM log_entries')).toHaveLength(3);
});
