/** The way to a hub that is there, away, slow, picky, or loses its answers: the app never notices, and no line is there twice. */

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { getLogger, labelsFromFly } from '@flywatch/logger';
import { expect, test } from 'vitest';
import { startGate } from '../support/gate.ts';
import { spawnHub, startTestHub } from '../support/test-hub.ts';
import { startWriter, upTo } from './writers.ts';

interface HistoryRow {
  readonly level: string;
  readonly message: string;
  readonly app?: string;
  readonly instance?: string;
  readonly region?: string;
  readonly provider?: string;
  readonly source?: string;
  readonly fields?: Readonly<Record<string, unknown>>;
}

async function history(url: string, query = ''): Promise<HistoryRow[]> {
  const response = await fetch(`${url}/logs/history?order=asc&limit=1000${query}`);
  return ((await response.json()) as { logs: HistoryRow[] }).logs;
}

test('a hub has the lines within a second, with level, logger, labels, context and exception', async () => {
  await using hub = await startTestHub();
  const labels = labelsFromFly({ FLY_APP_NAME: 'shop', FLY_MACHINE_ID: 'm1', FLY_REGION: 'fra' });
  const log = getLogger('orders', { hub: { url: hub.url, ...labels } });
  log.info('order accepted', { order_id: 7 });
  log.error('payment failed', new Error('card declined'), { order_id: 8 });
  await expect.poll(() => history(hub.url), { timeout: 5_000 }).toHaveLength(2);
  const common = { app: 'shop', instance: 'm1', region: 'fra', provider: 'logger', source: 'orders' };
  expect(await history(hub.url)).toMatchObject([
    { ...common, level: 'info', message: 'order accepted', fields: { order_id: 7 } },
    {
      ...common,
      level: 'error',
      message: 'payment failed',
      fields: { order_id: 8, exception: { type: 'Error', message: 'card declined' } },
    },
  ]);
  await log.close();
});

test('while the hub is away lines wait; when it is back it has each once, in order', async () => {
  await using hub = await startTestHub();
  const gate = await startGate(hub.port);
  const problems: string[] = [];
  const log = getLogger('app', {
    hub: { url: `http://127.0.0.1:${gate.port}` },
    onProblem: (message) => problems.push(message),
  });
  log.info('line 0');
  await log.flush();
  gate.shut();
  for (let i = 1; i < 300; i++) log.info(`line ${i}`);
  await log.flush();
  expect(problems).toEqual([expect.stringMatching(/cannot be reached: .*; tried again/)]);
  gate.open();
  await expect.poll(() => history(hub.url)).toHaveLength(300);
  expect((await history(hub.url)).map(({ message }) => message)).toEqual(upTo(300).map((i) => `line ${i}`));
  await log.close();
  await gate.close();
  expect(problems.at(-1)).toMatch(/takes lines again/);
});

test('a hub that is killed and started again has each line once', async () => {
  const first = await spawnHub();
  const log = getLogger('app', { hub: { url: first.url }, onProblem: () => {} });
  for (let i = 0; i < 100; i++) log.info(`line ${i}`);
  await log.flush();
  expect(await history(first.url)).toHaveLength(100);
  await first.end('SIGKILL');
  for (let i = 100; i < 200; i++) log.info(`line ${i}`);
  await using second = await startTestHub({ PORT: String(first.port) });
  await expect.poll(() => history(second.url)).toHaveLength(100);
  await log.close();
  await first[Symbol.asyncDispose]();
});

/** A hub that answers as a test wants, and remembers what it was sent. */
async function startFakeHub(answer: (request: IncomingMessage, response: ServerResponse, count: number) => void) {
  const batches: { id: string; lines: string[] }[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const lines = gunzipSync(Buffer.concat(chunks)).toString().trimEnd().split('\n');
    batches.push({ id: String(request.headers['batch-id']), lines });
    answer(request, response, batches.length);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    batches,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

const take = (response: ServerResponse) => response.end('{"accepted":1}');

test('a batch whose answer was lost is sent again under its id', async () => {
  await using hub = await startFakeHub((_, response, count) => {
    if (count === 1) response.destroy();
    else take(response);
  });
  const log = getLogger('app', { hub: { url: hub.url }, onProblem: () => {} });
  log.info('once');
  await expect.poll(() => hub.batches.length).toBe(2);
  expect(hub.batches[0]).toEqual(hub.batches[1]);
  await log.close();
});

test('a batch that is too large is sent in halves; one line that is refused costs no other', async () => {
  await using hub = await startFakeHub((_, response) => {
    const { lines } = hub.batches.at(-1)!;
    response.statusCode = lines.length > 3 ? 413 : lines[0]!.includes('line 0') ? 400 : 200;
    take(response);
  });
  const problems: string[] = [];
  const log = getLogger('app', { hub: { url: hub.url }, onProblem: (message) => problems.push(message) });
  for (let i = 0; i < 8; i++) log.info(`line ${i}`);
  await log.flush();
  const sizes = hub.batches.map(({ lines }) => lines.length);
  expect(sizes).toEqual([8, 4, 2, 2, 4, 2, 2]);
  expect(problems).toEqual([expect.stringMatching(/refuses 2 lines \(400:/)]);
  // What is missing is told where it is missing.
  log.info('later');
  await log.flush();
  expect(hub.batches.at(-1)!.lines[0]).toContain('2 lines were dropped here');
  await log.close();
});

test('memory is bounded while the hub hangs: the oldest lines go, are counted, and the hub is told', async () => {
  let isHanging = true;
  const waiting: ServerResponse[] = [];
  await using hub = await startFakeHub((_, response) => {
    if (isHanging) waiting.push(response);
    else take(response);
  });
  const problems: string[] = [];
  const log = getLogger('app', {
    hub: { url: hub.url, maxWaitingChars: 1_048_576 },
    onProblem: (message) => problems.push(message),
  });
  const lines = 30_000;
  for (let i = 0; i < lines; i++) {
    log.info(`line ${i}`);
    if (i % 1000 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  await expect.poll(() => waiting.length).toBe(1);
  isHanging = false;
  take(waiting[0]!);
  await log.flush();
  await log.close();
  const all = hub.batches.flatMap((batch) => batch.lines);
  const told = all
    .map((line) => /(\d+) lines were dropped here/.exec(line)?.[1])
    .filter((count) => count !== undefined);
  const dropped = told.reduce((sum, count) => sum + Number(count), 0);
  expect(dropped).toBeGreaterThan(10_000);
  expect(all.length - told.length + dropped).toBe(lines);
  expect(all.at(-1)).toContain(`line ${lines - 1}`);
  expect(problems).toEqual([expect.stringMatching(/are dropped, the oldest first; \d+ so far/)]);
});

test('a token that the hub does not know is told with its remedy and without itself', async () => {
  await using hub = await startTestHub({ AUTH_TOKEN: 'right' });
  const problems: string[] = [];
  const log = getLogger('app', {
    hub: { url: hub.url, token: 'wrong-token' },
    onProblem: (message) => problems.push(message),
  });
  log.info('anything');
  await log.close();
  expect(problems[0]).toMatch(/does not let this token write \(401: .*\); set another one/);
  expect(problems.join()).not.toContain('wrong-token');
  expect(problems[1]).toMatch(/1 lines did not reach the hub/);
});

test('a program that ends by itself, or by SIGTERM, waits for the hub to have its lines', async () => {
  await using hub = await startTestHub();
  for (const end of ['natural', 'signal'] as const) {
    const writer = startWriter({ options: { hub: { url: hub.url } }, lines: 2_000, end, label: end });
    expect(await writer.ended).toBe(end === 'natural' ? 0 : 'SIGTERM');
    expect(writer.stderr()).not.toContain('flywatch logger');
  }
  const { buckets } = (await (await fetch(`${hub.url}/logs/histogram`)).json()) as {
    buckets: { counts: Record<string, number> }[];
  };
  expect(buckets.reduce((sum, { counts }) => sum + (counts.info ?? 0), 0)).toBe(4_000);
});

test('without a hub a program ends all the same, soon, and says how many lines did not arrive', async () => {
  const writer = startWriter({ options: { hub: { url: 'http://127.0.0.1:9' } }, lines: 10, end: 'natural' });
  expect(await writer.ended).toBe(0);
  expect(writer.stderr()).toMatch(/10 lines did not reach the hub at 127\.0\.0\.1:9/);
});
