/** The way to a hub, against a server that answers as it is told. Real hubs are in `test/agent`. */

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { HubDelivery } from './hub-delivery.ts';

interface Received {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

type Respond = (response: ServerResponse, request: IncomingMessage) => void;

const taken: Respond = (response) => response.end('{"accepted":1}');
const status =
  (code: number, headers: Record<string, string> = {}, error = 'so it is'): Respond =>
  (response) =>
    response.writeHead(code, headers).end(JSON.stringify({ error }));

/** A server that gives one answer a request, and `taken` when they have run out. */
async function setup(...answers: Respond[]) {
  const received: Received[] = [];
  const times: number[] = [];
  let connections = 0;
  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request
      .on('data', (piece: Buffer) => pieces.push(piece))
      .on('end', () => {
        const bytes = Buffer.concat(pieces);
        const encoding = request.headers['content-encoding'];
        const body = encoding === 'zstd' ? zstdDecompressSync(bytes) : encoding === 'gzip' ? gunzipSync(bytes) : bytes;
        received.push({ path: request.url!, headers: request.headers, body: body.toString() });
        times.push(Date.now());
        (answers.shift() ?? taken)(response, request);
      });
  }).on('connection', () => connections++);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const warnings: string[] = [];
  const delivery = new HubDelivery({
    settings: { url: `http://127.0.0.1:${port}/base/`, token: 'write-only' },
    warn: (message) => warnings.push(message),
  });
  const ending = new AbortController();
  const body = Buffer.from('x'.repeat(2000));
  return {
    delivery,
    received,
    times,
    warnings,
    connections: () => connections,
    stopServer: () => server.closeAllConnections(),
    post: (text = body) =>
      delivery.post(
        { path: '/ingest/metrics', contentType: 'application/json', body: text, batchId: 'b1' },
        ending.signal,
      ),
    send: () => delivery.send({ id: 'b1', agent: 'a', body, lines: 1, reached: [] }, ending.signal),
    abort: () => ending.abort(new Error('stopping')),
    [Symbol.asyncDispose]: async () => {
      delivery.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

test('a post is packed, carries token and batch id, and stays below the path of the address', async () => {
  await using setup1 = await setup();
  expect(await setup1.post()).toEqual({ kind: 'taken' });
  expect(setup1.received[0]).toMatchObject({
    path: '/base/ingest/metrics',
    body: 'x'.repeat(2000),
    headers: { authorization: 'Bearer write-only', 'batch-id': 'b1', 'content-type': 'application/json' },
  });
  expect(setup1.received[0]!.headers['content-encoding']).toBe('zstd');
});

test('what is small is not packed', async () => {
  await using hub = await setup();
  await hub.post(Buffer.from('{}'));
  expect(hub.received[0]).toMatchObject({ body: '{}' });
  expect(hub.received[0]!.headers['content-encoding']).toBeUndefined();
});

test('posts share one connection, also those that are made at once', async () => {
  await using hub = await setup();
  for (let i = 0; i < 5; i++) await Promise.all([hub.post(), hub.post(), hub.send()]);
  expect([hub.received.length, hub.connections()]).toEqual([15, 1]);
});

test('a hub that has no time is asked again, not before it says, with the same', async () => {
  await using hub = await setup(status(503, { 'retry-after': '1' }, 'the disk is full'), status(502));
  expect(await hub.post()).toEqual({ kind: 'taken' });
  expect(hub.received).toHaveLength(3);
  expect(new Set(hub.received.map(({ headers, body }) => `${headers['batch-id']} ${body}`)).size).toBe(1);
  expect(hub.times[1]! - hub.times[0]!).toBeGreaterThanOrEqual(995);
  expect(hub.warnings[0]).toMatch(/cannot take anything now \(503\): the disk is full/);
  expect(hub.warnings.at(-1)).toMatch(/takes what is sent again/);
});

test('an answer that breaks off, a connection that is cut, and no answer at all are tried again', async () => {
  await using hub = await setup(
    (response) => response.writeHead(200, { 'content-length': '99' }).end('{', () => response.destroy()),
    (_, request) => request.socket.destroy(),
  );
  expect(await hub.post()).toEqual({ kind: 'taken' });
  expect(hub.received).toHaveLength(3);
});

test('a kept connection that was closed meanwhile costs no wait and no complaint', async () => {
  await using hub = await setup();
  await hub.post();
  for (let i = 0; i < 5; i++) {
    hub.stopServer();
    await hub.post();
  }
  expect(hub.warnings).toEqual([]);
});

test('a wrong token is said once, with what to do, and not tried in a hurry', async () => {
  await using hub = await setup(status(401, {}, 'unknown token'));
  const posting = hub.post();
  await expect.poll(() => hub.delivery.status.state).toBe('refused');
  expect(hub.delivery.status.detail).toMatch(/does not know the token \(401\): unknown token; set another one/);
  expect(hub.warnings).toHaveLength(1);
  expect(hub.received).toHaveLength(1);
  hub.abort();
  await expect(posting).rejects.toThrow();
});

test('what would be refused the next time too is handed back with its reason', async () => {
  await using hub = await setup(status(400, {}, 'row 3: cpu_percent'), status(413), status(413), status(415));
  expect(await hub.post()).toEqual({ kind: 'refused', said: 'row 3: cpu_percent' });
  expect(await hub.post()).toMatchObject({ kind: 'too_large' });
  expect(await hub.send()).toBe('too_large');
  expect(await hub.send()).toBe('refused');
});

test('a page that a proxy shows while the hub is being replaced costs no line', async () => {
  await using hub = await setup(status(404, {}, 'no such app'), status(302));
  expect(await hub.send()).toBe('taken');
  expect(hub.received).toHaveLength(3);
  expect(hub.warnings[0]).toMatch(/cannot take anything now \(404\): no such app; tried again/);
});

test('no secret is in any message', async () => {
  await using hub = await setup(status(500), status(400));
  await hub.post();
  expect(JSON.stringify([hub.warnings, hub.delivery.status])).not.toContain('write-only');
});

test('an address that is none is refused at once, with what was expected', () => {
  expect(() => new HubDelivery({ settings: { url: 'hub:8080/x' }, warn: () => {} })).toThrow(
    'the address of the hub is "hub:8080/x"; expected http://… or https://…',
  );
});
