/** Fly's bus, played by a real nats-server: every sample arrives, and every way of losing the server is noticed and mended. */

import { readFileSync } from 'node:fs';
import { connect as connectSocket, createServer, type Socket } from 'node:net';
import { expect, test } from 'vitest';
import { NATS_PASSWORD, NATS_USER, startNatsServer } from '../support/nats-server.ts';
import { PATIENCE_MS } from '../support/patience.ts';
import { isLogBlock, readSse, readWs } from '../support/readers.ts';
import { startTestHub } from '../support/test-hub.ts';

interface Sample {
  readonly case: string;
  readonly subject: string;
  readonly encoding: 'json' | 'text' | 'base64';
  readonly payload: unknown;
}

const samples = readFileSync(new URL('../fixtures/fly-nats.ndjson', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Sample)
  .filter((sample) => sample.subject.startsWith('logs.'));

function bytesOf({ encoding, payload }: Sample): Buffer {
  if (encoding === 'base64') return Buffer.from(String(payload), 'base64');
  return Buffer.from(encoding === 'json' ? JSON.stringify(payload) : String(payload));
}

/** Whether the bytes are valid UTF-8 and one line of valid JSON: what has to be carried verbatim. */
function isOneLineJson(bytes: Buffer): boolean {
  const text = bytes.toString('utf8');
  if (!Buffer.from(text).equals(bytes) || /[\r\n]/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const fly = (url: string, more: Record<string, string> = {}) => ({
  NATS_URL: url,
  FLY_ORG: NATS_USER,
  ACCESS_TOKEN: NATS_PASSWORD,
  FLY_APP: '*,fly-builder-*',
  ...more,
});

async function untilReady(
  url: string,
  status: number,
  timeoutMs = PATIENCE_MS,
): Promise<{ sources: { fly: { state: string; detail?: string } } }> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const response = await fetch(`${url}/ready`);
    const body = (await response.json()) as { sources: { fly: { state: string } } };
    if (response.status === status) return body;
    if (Date.now() > deadline) throw new Error(`/ready stayed ${response.status}: ${JSON.stringify(body)}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

test('every sample arrives at SSE and WebSocket, one event a frame, valid JSON byte for byte', async () => {
  await using nats = await startNatsServer();
  await using hub = await startTestHub(fly(nats.url));
  await untilReady(hub.url, 200);
  const sse = await readSse(`${hub.url}/logs/stream`);
  const ws = await readWs(`${hub.url}/logs/ws`);
  const publisher = await nats.client();
  for (const sample of samples) publisher.publish(sample.subject, bytesOf(sample));
  const blocks = await sse.until(samples.length, isLogBlock);
  const frames = await ws.until(samples.length);
  for (const [at, sample] of samples.entries()) {
    const bytes = bytesOf(sample);
    const data = blocks[at]!.data;
    expect(frames[at], sample.case).toBe(data);
    expect(() => JSON.parse(data), sample.case).not.toThrow();
    if (isOneLineJson(bytes)) expect(Buffer.from(data).equals(bytes), sample.case).toBe(true);
  }
  const ids = blocks.map((block) => block.id!);
  expect([...ids].sort()).toEqual(ids);
  expect(new Set(ids).size).toBe(ids.length);
  sse.close();
  ws.close();
});

test('events flow again within 3 s of a new server; readers stay and are told, and /ready says both', async () => {
  await using nats = await startNatsServer();
  await using hub = await startTestHub(fly(nats.url));
  await untilReady(hub.url, 200);
  const sse = await readSse(`${hub.url}/logs/stream`);
  const natstream = await readSse(`${hub.url}/api/logs`);
  await natstream.until(1, (block) => block.data.includes('"type":"system"'));

  await nats.kill();
  const lost = await untilReady(hub.url, 503);
  expect(lost.sources.fly.state).toBe('disconnected');
  await natstream.until(1, (block) => block.data.includes('"type":"error"'));
  await sse.until(1, (block) => block.event === 'ping' && block.data.includes('"fly":"disconnected"'));
  const metrics = (await (await fetch(`${hub.url}/metrics`)).json()) as { nats_connected: boolean };
  expect(metrics.nats_connected).toBe(false);

  await nats.start();
  await untilReady(hub.url, 200, 3000);
  const publisher = await nats.client();
  publisher.publish('logs.acme-web.iad.4d891d77b05118', '{"message":"back"}');
  await sse.until(1, isLogBlock, 3000);
  await natstream.until(2, (block) => block.data.includes('"type":"system"'));
  sse.close();
  natstream.close();
});

// From here on side by side: each has a bus and a hub of its own, and the longest of them wait for half a minute.

test.concurrent('a refused token is said plainly, does not end anything, and a token that becomes right is noticed within 30 s', {
  timeout: 60_000,
}, async () => {
  await using nats = await startNatsServer({ password: 'another' });
  await using hub = await startTestHub(fly(nats.url));
  await expect.poll(async () => (await untilReady(hub.url, 503)).sources.fly.state).toBe('auth_failed');
  const { sources } = await untilReady(hub.url, 503);
  expect(sources.fly.detail).toMatch(/refuses the credentials.*FLY_ORG.*ACCESS_TOKEN/);
  expect(hub.lines.join('')).not.toContain('firstfirst');
  await nats.kill();
  await nats.start(NATS_PASSWORD);
  await untilReady(hub.url, 200, 30_000);
});

test.concurrent('a token without its prefix is tried with it, and the other way round', async () => {
  await using nats = await startNatsServer({ password: 'fm2_bare' });
  await using hub = await startTestHub(fly(nats.url, { ACCESS_TOKEN: 'FlyV1 fm2_bare' }));
  await untilReady(hub.url, 200);
  await using prefixed = await startNatsServer({ password: 'FlyV1 fm2_bare' });
  await using other = await startTestHub(fly(prefixed.url, { ACCESS_TOKEN: ' fm2_bare\n' }));
  await untilReady(other.url, 200);
});

test.concurrent('a truncated token is recognised as such', async () => {
  await using nats = await startNatsServer();
  await using hub = await startTestHub(fly(nats.url, { ACCESS_TOKEN: `FlyV1 fm2_${'a'.repeat(112)}` }));
  await expect
    .poll(async () => (await untilReady(hub.url, 503)).sources.fly.detail)
    .toMatch(/looks truncated: it has 116 characters/);
});

test.concurrent('connected means that the server has answered: a port that is silent is never connected', async () => {
  const sockets = new Set<Socket>();
  const silent = createServer((socket) => sockets.add(socket));
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const { port } = silent.address() as { port: number };
  await using hub = await startTestHub(fly(`nats://127.0.0.1:${port}`));
  await expect.poll(() => sockets.size).toBeGreaterThan(0);
  const { sources } = await untilReady(hub.url, 503);
  expect(sources.fly.state).toBe('connecting');
  for (const socket of sockets) socket.destroy();
  silent.close();
});

test.concurrent('a half-open link is noticed within 30 s', { timeout: 60_000 }, async () => {
  await using nats = await startNatsServer();
  // A link that stays up and carries nothing any more, once told to.
  let cut = false;
  const sockets = new Set<Socket>();
  const link = createServer((near) => {
    const far = connectSocket({ port: nats.port, host: '127.0.0.1' });
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => {});
    }
    near.on('data', (bytes) => cut || far.write(bytes));
    far.on('data', (bytes) => cut || near.write(bytes));
  });
  await new Promise<void>((resolve) => link.listen(0, '127.0.0.1', resolve));
  const { port } = link.address() as { port: number };
  await using hub = await startTestHub(fly(`nats://127.0.0.1:${port}`));
  await untilReady(hub.url, 200);
  cut = true;
  await untilReady(hub.url, 503, 30_000);
  for (const socket of sockets) socket.destroy();
  link.close();
});

test.concurrent('the subject names app, region and machine, whatever the payload claims', async () => {
  await using nats = await startNatsServer();
  await using hub = await startTestHub(fly(nats.url));
  await untilReady(hub.url, 200);
  const sse = await readSse(`${hub.url}/logs/stream?format=flat`);
  const publisher = await nats.client();
  const forged = {
    fly: { app: { name: 'other', instance: 'beef' }, region: 'xxx' },
    message: '{"app":"third","level":"error","msg":"m"}',
  };
  publisher.publish('logs.acme-web.iad.4d891d77b05118', JSON.stringify(forged));
  const [block] = await sse.until(1, isLogBlock);
  expect(JSON.parse(block!.data)).toMatchObject({
    app: 'acme-web',
    region: 'iad',
    instance: '4d891d77b05118',
    level: 'error',
  });
  sse.close();
});

test.concurrent('builders are left out unless asked for, and so are lines of this very machine', async () => {
  await using nats = await startNatsServer();
  await using hub = await startTestHub(
    fly(nats.url, { FLY_APP: '*', FLY_APP_NAME: 'logstream', FLY_MACHINE_ID: '148e123456789a' }),
  );
  await untilReady(hub.url, 200);
  const sse = await readSse(`${hub.url}/logs/stream?format=flat`);
  const publisher = await nats.client();
  publisher.publish('logs.fly-builder-autumn-violet-9735.lax.6e82d4e6a37548', '{"message":"builder"}');
  publisher.publish('logs.logstream.iad.148e123456789a', '{"message":"own"}');
  publisher.publish('logs.logstream.iad.0000000000000b', '{"message":"sibling"}');
  publisher.publish('logs.acme-web.iad.4d891d77b05118', '{"message":"other"}');
  const blocks = await sse.until(2, isLogBlock);
  expect(blocks.map((block) => JSON.parse(block.data).message)).toEqual(['sibling', 'other']);
  sse.close();
});

test.concurrent.each([
  [{ FLY_APP: 'acme-web' }, ['web']],
  [{ FLY_PROD_APP_NAME: 'acme-web' }, ['web']],
  [{ FLY_APP: 'acme-web, acme-api' }, ['web', 'api']],
  [{ FLY_APP: '', FLY_APP_NAME: 'acme-api' }, ['api']],
  [{ FLY_APP: '', FLY_APP_NAME: '' }, ['web', 'api', 'else']],
  [{ FLY_APP: '*', FLY_APP_NAME: 'acme-api' }, ['web', 'api', 'else']],
])('%j watches %j', async (env, expected) => {
  await using nats = await startNatsServer();
  await using hub = await startTestHub({ ...fly(nats.url), FLY_APP: '', ...(env as Record<string, string>) });
  await untilReady(hub.url, 200);
  const sse = await readSse(`${hub.url}/logs/stream?format=flat`);
  const publisher = await nats.client();
  for (const app of ['web', 'api']) publisher.publish(`logs.acme-${app}.iad.4d891d77b05118`, app);
  publisher.publish('logs.something.iad.4d891d77b05118', 'else');
  publisher.publish(`logs.acme-${expected.includes('web') ? 'web' : 'api'}.iad.4d891d77b05118`, 'end');
  const blocks = await sse.until(expected.length + 1, isLogBlock);
  expect(blocks.map((block) => JSON.parse(block.data).message)).toEqual([...expected, 'end']);
  sse.close();
});
