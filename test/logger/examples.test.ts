/**
 * The examples, installed from the packed packages and started: the same lines from each framework, directly and
 * through a hub.
 */

import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { linesOf, type Program, start } from '../cli/program.fixture.ts';
import { fencedBlocks, readDocument } from '../docs/markdown.ts';
import { startGate } from '../support/gate.ts';
import { startTestHub } from '../support/test-hub.ts';
import { type InstalledApps, installApps } from './installed-apps.ts';
import { type RunningApp, runApp } from './running-app.ts';

/** Two installations from the registry. */
const INSTALL_MS = 180_000;

let apps: InstalledApps;

beforeAll(async () => {
  apps = await installApps();
}, INSTALL_MS);

afterAll(() => apps?.[Symbol.asyncDispose]());

/** What a request line says, without what differs from run to run. */
const essence = (app: RunningApp) =>
  app.lines
    .filter(({ logger, message }) => logger === 'api' && message !== 'listening')
    .map(({ level, context = {} }) => {
      const { method, path, statusCode, userId, aborted } = context;
      return [level, method, path, statusCode, userId, ...(aborted === true ? ['aborted'] : [])];
    });

const LINES = [
  ['INFO', 'GET', '/orders/7?token=[redacted]', 200, 'anon'],
  ['INFO', 'POST', '/orders', 201, 'anon'],
  ['WARNING', 'POST', '/orders', 400, 'anon'],
  ['WARNING', 'GET', '/admin', 401, 'anon'],
  ['WARNING', 'GET', '/nowhere', 404, 'anon'],
  ['ERROR', 'GET', '/fail', 500, 'anon'],
  ['WARNING', 'GET', '/slow', 499, 'anon', 'aborted'],
];

test.each([
  ['Express 5', 'express/server.js'],
  ['Express 4', 'express/server-4.js'],
  ['Fastify 5', 'fastify/server.js'],
  ['NestJS 12 on Express', 'nestjs/dist/main.js'],
  ['NestJS 12 on Fastify', 'nestjs/dist/main-fastify.js'],
  ['NestJS 11 on Express', 'nest-before/dist/main.js'],
  ['NestJS 11 on Fastify', 'nest-before/dist/main-fastify.js'],
])('%s: every request is a line, also one that is rejected, fails, or is given up', async (_, file) => {
  await using app = await runApp(join(apps.folder, file));
  const post = (body: string) =>
    fetch(`${app.url}/orders`, { method: 'POST', body, headers: { 'content-type': 'application/json' } });
  await fetch(`${app.url}/orders/7?token=secret`);
  await post('{"items":3}');
  await post('{"items":');
  for (const path of ['/admin', '/nowhere', '/fail']) await fetch(`${app.url}${path}`);
  const socket = connect(app.port, '127.0.0.1');
  socket.end('GET /slow HTTP/1.1\r\nHost: a\r\n\r\n');
  await once(socket, 'connect');
  setTimeout(() => socket.destroy(), 100);
  await expect.poll(() => essence(app).length, { timeout: 5_000 }).toBe(LINES.length);
  expect(essence(app)).toEqual(LINES);
  const lineOf = (message: string) => app.lines.find((line) => line.message === message)?.context ?? {};
  const request = app.lines.find(({ message }) => message.startsWith('GET /orders/7'))!.context!;
  expect(lineOf('order read')).toEqual({ requestId: request.requestId, order_id: 7 });
  // The context of a request outlives the reading of its body.
  expect(lineOf('order accepted').requestId).toMatch(/^[0-9a-f-]{36}$/);
});

describe.each([
  ['Express', 'express/server.js'],
  ['Fastify', 'fastify/server.js'],
  ['NestJS', 'nestjs/dist/main.js'],
])('the %s example', (_, file) => {
  test('streams directly and through a hub under load, unharmed when the hub is slow or gone', async () => {
    await using hub = await startTestHub({ AUTH_TOKEN: 'hub-token' });
    const gate = await startGate(hub.port);
    await using app = await runApp(join(apps.folder, file), {
      FLYWATCH_URL: `http://127.0.0.1:${gate.port}`,
      FLYWATCH_TOKEN: 'hub-token',
      LOG_TOKEN: 'log-token',
    });
    await using direct = await follow(app, app.url, 'log-token');
    await using overHub = await follow(app, hub.url, 'hub-token');
    const rounds = [() => {}, () => gate.freeze(), () => gate.shut()];
    for (const prepare of rounds) {
      prepare();
      expect(await load(app.url)).toMatchObject({ right: REQUESTS });
    }
    const expected = REQUESTS * rounds.length;
    // Each request is two lines: its own and that of its handler.
    await direct.until((stdout) => ordersIn(stdout) === 2 * expected);
    gate.thaw();
    gate.open();
    await expect.poll(() => countIn(hub.url, 'source=orders'), { timeout: 20_000 }).toBe(expected);
    expect(await countIn(hub.url, 'source=api&q=orders')).toBe(expected);
    await overHub.until((stdout) => ordersIn(stdout) === 2 * expected);
    // With its reader still connected.
    const startedMs = performance.now();
    expect([0, 'SIGTERM']).toContain(await app.end());
    expect(performance.now() - startedMs).toBeLessThan(5_000);
    await gate.close();
  }, 60_000);
});

/** Requests of a round of load. */
const REQUESTS = 300;

const LOAD = fileURLToPath(new URL('load.program.ts', import.meta.url));

async function load(url: string): Promise<object> {
  const { stdout } = await promisify(execFile)(process.execPath, [LOAD, url, String(REQUESTS)]);
  return JSON.parse(stdout) as object;
}

/** `vg logs` of an app or of the hub, once it has shown a line of the app. */
async function follow(app: RunningApp, url: string, token: string): Promise<Program> {
  const program = start(['logs', '--url', url, '--source', 'api,orders', '--json'], { FLYWATCH_TOKEN: token });
  const asking = setInterval(() => void fetch(`${app.url}/nowhere`), 200);
  await program.until((stdout) => stdout.includes('/nowhere')).finally(() => clearInterval(asking));
  return program;
}

/** Lines of requests for orders, and of their handlers. */
function ordersIn(stdout: string): number {
  return linesOf(stdout).filter((line) => /"(?:GET \/orders|order read)/.test(line)).length;
}

async function countIn(url: string, query: string): Promise<number> {
  const response = await fetch(`${url}/logs/histogram?${query}`, { headers: { authorization: 'Bearer hub-token' } });
  return ((await response.json()) as { total: number }).total;
}

test.each([
  [
    'pino',
    `import pino from 'pino';
     const log = pino({ name: 'orders' }, pino.transport({ target: '@flywatch/logger/pino', options: { url: process.env.URL } }));
     // pino ends the thread of a transport that nothing refers to any more.
     globalThis.log = log;
     log.info({ order_id: 7 }, 'order accepted');
     log.error({ err: new Error('card declined') }, 'payment failed');`,
  ],
  [
    'winston',
    `import winston from 'winston';
     import { FlywatchTransport } from '@flywatch/logger/winston';
     const transport = new FlywatchTransport({ name: 'orders', hub: { url: process.env.URL } });
     const log = winston.createLogger({ format: winston.format.errors({ stack: true }), transports: [transport] });
     log.info('order accepted', { order_id: 7 });
     log.error(new Error('payment failed'));
     log.debug('below the level');`,
  ],
])('%s keeps its own face, and its lines reach the hub', async (_, script) => {
  await using hub = await startTestHub();
  const env = { PATH: process.env.PATH ?? '', URL: hub.url };
  const args = ['--input-type=module', '--eval', script];
  await promisify(execFile)(process.execPath, args, { cwd: apps.folder, env });
  const { logs } = (await (await fetch(`${hub.url}/logs/history?order=asc`)).json()) as { logs: object[] };
  expect(logs).toMatchObject([
    { level: 'info', message: 'order accepted', source: 'orders', provider: 'logger', fields: { order_id: 7 } },
    { level: 'error', message: 'payment failed', source: 'orders' },
  ]);
  expect(JSON.stringify(logs[1])).toMatch(/\\n {4}at /);
});

const blocks = fencedBlocks(readDocument('docs/logger.md')).filter(({ language }) => language === 'js');

test.concurrent.each(blocks)('docs/logger.md:$line runs', async ({ text }) => {
  const args = ['--input-type=module', '--eval', text];
  await promisify(execFile)(process.execPath, args, { cwd: apps.folder });
});

test('an app that loads the package twice has one context and one writer of a file', async () => {
  const script = `
    import { createRequire } from 'node:module';
    import { readFileSync } from 'node:fs';
    import * as esm from '@flywatch/logger';
    const cjs = createRequire(process.cwd() + '/x.js')('@flywatch/logger');
    const options = { logFile: process.cwd() + '/twice.log' };
    const [a, b] = [esm.getLogger('esm', options), cjs.getLogger('cjs', options)];
    esm.withContext({ requestId: 'r1' }, () => { a.info('one'); b.info('two'); });
    await a.close(); await b.close();
    const lines = readFileSync(options.logFile, 'utf8').trim().split('\\n').map(JSON.parse);
    console.log(JSON.stringify([esm.getLogger !== cjs.getLogger, lines.map((l) => [l.logger, l.context.requestId])]));`;
  const args = ['--input-type=module', '--eval', script];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: apps.folder });
  expect(JSON.parse(stdout)).toEqual([
    true,
    [
      ['esm', 'r1'],
      ['cjs', 'r1'],
    ],
  ]);
});
