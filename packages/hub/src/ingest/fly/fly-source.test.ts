import { connect as connectSocket, createServer, type Socket } from 'node:net';
import { expect, test } from 'vitest';
import { freePort, NATS_PASSWORD, NATS_USER, startNatsServer } from '../../../../../test/support/nats-server.ts';
import type { SourceState, SourceStatus } from '../source.ts';
import { FlySource, type FlyTiming } from './fly-source.ts';
import { planSubjects } from './subjects.ts';
import { tokenComplaint, tokenSpellings } from './token.ts';

/** As in production, but shorter, so that a stall takes a second. */
const timing: FlyTiming = {
  pingIntervalMs: 500,
  maxPingsOut: 2,
  connectTimeoutMs: 2000,
  retryBaseMs: 20,
  retryMaxMs: 100,
  authRetryMs: 200,
  silence: { minSilenceMs: 300, maxSilenceMs: 60_000, pauseFactor: 4, minMessages: 5 },
};

function makeSource(url: string, apps: readonly string[] = ['*']) {
  const states: SourceState[] = [];
  const lines: string[] = [];
  const waiting = new Set<() => void>();
  const changed = () => {
    for (const check of waiting) check();
  };
  const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
  const source = new FlySource({
    servers: [url],
    user: NATS_USER,
    token: NATS_PASSWORD,
    plan: planSubjects(apps, undefined),
    ownMachine: undefined,
    timing,
    log: quiet,
    onMessage: (payload) => {
      lines.push(Buffer.from(payload).toString());
      changed();
    },
    onState: (status: SourceStatus) => {
      states.push(status.state);
      changed();
    },
  });
  const until = (test: () => boolean) =>
    new Promise<void>((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`still ${source.status.state} after ${states.join(', ')}`)),
        10_000,
      );
      const check = () => {
        if (!test()) return;
        clearTimeout(timer);
        waiting.delete(check);
        resolve();
      };
      waiting.add(check);
      check();
    });
  return { source, states, lines, until };
}

test('a subscription that has gone silent is noticed and renewed over a second connection', async () => {
  await using nats = await startNatsServer();
  // A link that answers pings and swallows messages, as the bus sometimes does, until a new connection comes.
  const sockets = new Set<Socket>();
  const swallowing = new Set<Socket>();
  const link = createServer((near) => {
    const far = connectSocket({ port: nats.port, host: '127.0.0.1' });
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        near.destroy();
        far.destroy();
      });
    }
    near.on('data', (bytes) => far.write(bytes));
    far.on('data', (bytes) => {
      if (!swallowing.has(near)) near.write(bytes);
      else if (bytes.toString().includes('PONG\r\n')) near.write('PONG\r\n');
    });
  });
  await new Promise<void>((resolve) => link.listen(0, '127.0.0.1', resolve));
  const { port } = link.address() as { port: number };
  const { source, states, lines, until } = makeSource(`nats://127.0.0.1:${port}`);
  source.start();
  await until(() => source.status.state === 'connected');
  const publisher = await nats.client();
  for (let i = 0; i < 10; i++) publisher.publish('logs.a.iad.4d891d77b05118', `before ${i}`);
  await until(() => lines.length === 10);
  for (const socket of sockets) swallowing.add(socket);
  publisher.publish('logs.a.iad.4d891d77b05118', 'swallowed');
  await until(() => states.includes('stalled'));
  await until(() => source.status.state === 'connected');
  publisher.publish('logs.a.iad.4d891d77b05118', 'after');
  await until(() => lines.includes('after'));
  expect(states).not.toContain('disconnected');
  expect(source.status.reconnects).toBe(1);
  await source.stop();
  for (const socket of sockets) socket.destroy();
  link.close();
});

test('a server that comes and goes twenty times is found again each time', { timeout: 60_000 }, async () => {
  await using nats = await startNatsServer();
  const { source, until } = makeSource(nats.url);
  source.start();
  for (let i = 0; i < 20; i++) {
    await until(() => source.status.state === 'connected');
    await nats.kill();
    await until(() => source.status.state === 'disconnected');
    await nats.start();
  }
  await until(() => source.status.state === 'connected');
  await source.stop();
  expect(source.status.state).toBe('stopped');
});

test('a subject that may not be read is a refusal, not a loss of the connection', async () => {
  await using nats = await startNatsServer();
  const { source, until } = makeSource(nats.url, ['forbidden-app']);
  source.start();
  await until(() => source.status.state === 'auth_failed');
  expect(source.status.detail).toMatch(/permissions violation/i);
  await source.stop();
});

test('start and stop may be called twice, in any order, also while connecting', async () => {
  const { source } = makeSource(`nats://127.0.0.1:${await freePort()}`);
  source.start();
  source.start();
  await Promise.all([source.stop(), source.stop()]);
  source.start();
  expect(source.status.state).toBe('stopped');
});

test.each([
  ['fm2_abc', ['fm2_abc', 'FlyV1 fm2_abc']],
  [' FlyV1 fm2_a,fm2_b\n', ['FlyV1 fm2_a,fm2_b', 'fm2_a,fm2_b']],
])('%j is tried as %j', (given, spellings) => {
  expect(tokenSpellings(given)).toEqual(spellings);
});

test.each([
  [`fm2_${'x'.repeat(112)}`, /truncated: it has 116 characters/],
  [`FlyV1 fm2_${'x'.repeat(400)},`, /ends with a comma/],
  [`"FlyV1 fm2_${'x'.repeat(400)}"`, /quotes/],
  [`fm2_${'x'.repeat(300)}\nxxx`, /line break/],
])('what is visibly wrong with a token is said', (token, complaint) => {
  expect(tokenComplaint(token)).toMatch(complaint);
});

test('a whole token, and one of another kind, are not complained of', () => {
  expect(tokenComplaint(NATS_PASSWORD)).toBeUndefined();
  expect(tokenComplaint('some-password')).toBeUndefined();
});
