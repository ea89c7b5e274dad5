/** A hub over PostgreSQL: the same answers, and nothing lost or repeated while the server is away. */

import { afterAll, beforeAll, expect, test } from 'vitest';
import { type PostgresServer, startPostgres } from '../support/postgres.ts';
import { isLogBlock, readSse } from '../support/readers.ts';
import { startTestHub } from '../support/test-hub.ts';

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
}, 60_000);
afterAll(() => server?.remove());

async function post(url: string, lines: readonly string[]): Promise<number> {
  const response = await fetch(`${url}/ingest/logs`, {
    method: 'POST',
    body: lines.join('\n'),
    headers: { 'content-type': 'text/plain' },
  });
  return response.status;
}

const get = async <T>(url: string): Promise<T> => (await (await fetch(url)).json()) as T;

test('while the server is away everything goes on, and when it is back all of it is there once', {
  timeout: 120_000,
}, async () => {
  const url = await server.createDatabase();
  await using hub = await startTestHub({ DATABASE_URL: url });
  await expect.poll(async () => (await fetch(`${hub.url}/ready`)).status).toBe(200);
  const reader = await readSse(`${hub.url}/logs/stream?format=flat`);
  const sent: string[] = [];
  let over = false;
  const load = (async () => {
    for (let i = 0; !over; i++) {
      const lines = Array.from({ length: 20 }, (_, j) => `line ${i * 20 + j} is written`);
      expect(await post(hub.url, lines)).toBe(200);
      sent.push(...lines);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  })();
  await expect.poll(() => sent.length).toBeGreaterThan(500);
  await server.stop();
  await expect.poll(async () => (await fetch(`${hub.url}/ready`)).status).toBe(503);
  const whileAway = sent.length;
  expect((await fetch(`${hub.url}/logs/history`)).status).toBe(503);
  await expect.poll(() => sent.length).toBeGreaterThan(whileAway + 500);
  await server.start();
  await expect.poll(async () => (await fetch(`${hub.url}/ready`)).status).toBe(200);
  over = true;
  await load;
  const live = await reader.until(sent.length, isLogBlock, 20_000);
  expect(live.map(({ data }) => (JSON.parse(data) as { message: string }).message)).toEqual(sent);
  const inDatabase = async () =>
    (await server.query(url, 'SELECT message FROM log_entries ORDER BY position')).map(
      (row) => (row as { message: string }).message,
    );
  await expect.poll(async () => (await inDatabase()).length).toBe(sent.length);
  expect(await inDatabase()).toEqual(sent);
  const { total } = await get<{ total: number }>(`${hub.url}/logs/histogram`);
  expect(total).toBe(sent.length);
  reader.close();
});

test('a row that an agent writes is in history at once and in live streams within five seconds', {
  timeout: 60_000,
}, async () => {
  const url = await server.createDatabase();
  await using hub = await startTestHub({ OBSERV_DB_URL: url });
  await expect.poll(async () => (await fetch(`${hub.url}/ready`)).status).toBe(200);
  const reader = await readSse(`${hub.url}/logs/stream?format=flat`);
  await server.query(
    url,
    `INSERT INTO log_entries (timestamp, vps_name, app_name, level, message, context)
     VALUES (now(), 'vps-1', 'shop', 'ERROR', 'payment failed', '{"order_id": 456}')`,
  );
  const { logs } = await get<{ logs: object[] }>(`${hub.url}/logs/history?q=payment`);
  expect(logs).toMatchObject([{ app: 'shop', level: 'error', message: 'payment failed', fields: { order_id: 456 } }]);
  const [block] = await reader.until(1, isLogBlock, 5000);
  expect(JSON.parse(block!.data)).toMatchObject(logs[0]!);
  expect(await get(`${hub.url}/api/logs/search?query=PAYMENT&vps_name=vps-1`)).toMatchObject([
    { vps_name: 'vps-1', app_name: 'shop', level: 'ERROR', context: { order_id: 456 } },
  ]);
  expect(await get(`${hub.url}/logs/facets?field=app`)).toMatchObject({
    facets: { app: [{ value: 'shop', count: 1 }] },
  });
  reader.close();
});
