/** Checks against servers that behave in every way in which servers misbehave, on loopback. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, connect, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type CheckResult, CheckRunner, type CheckSpec, checkRow, loadAgentConfig } from '@flywatch/agent';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type Certificate, makeCertificate } from './certificates.fixture.ts';

let folder: string;
let fresh: Certificate;
let ending: Certificate;
let ended: Certificate;
const servers: { server: Server; sockets: Set<Socket> }[] = [];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'flywatch-checks-'));
  fresh = makeCertificate(folder, 'localhost', 90);
  ending = makeCertificate(folder, 'localhost', 5);
  ended = makeCertificate(folder, 'localhost', -3);
});

afterAll(() => rmSync(folder, { recursive: true }));

afterEach(async () => {
  for (const { server, sockets } of servers.splice(0)) {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  }
});

/** Listens on a free port of loopback; closed after the test with all that hangs on it. */
async function listen(server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket.on('error', () => {}));
    socket.once('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  servers.push({ server, sockets });
  return (server.address() as AddressInfo).port;
}

async function http(answer: RequestListener): Promise<string> {
  return `http://127.0.0.1:${await listen(createHttpServer(answer))}`;
}

async function https(
  { key, cert }: Certificate,
  answer: RequestListener = (_, response) => response.end('ok'),
): Promise<string> {
  const server = createHttpsServer({ key, cert }, answer).on('tlsClientError', () => {});
  return `https://localhost:${await listen(server)}`;
}

/** A port on which nobody listens. */
async function freePort(): Promise<number> {
  const server = createTcpServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Checks as a configuration gives them. */
function specs(...checks: object[]): readonly CheckSpec[] {
  const file = join(folder, 'config.yml');
  const monitoring = { enabled: true, postgres_url: 'postgresql://h/d', health_checks: checks };
  writeFileSync(file, JSON.stringify({ monitoring }));
  return loadAgentConfig({ file, appName: 'shop', env: {} }).config!.apps[0]!.checks;
}

/** What hangs here hangs for good: a second and the machine's delay is an end, and a deadline that did not hold would be none. */
const ENDED_BEFORE_MS = 15_000;

async function check(options: object): Promise<CheckResult> {
  const runner = new CheckRunner({ checks: specs(options), host: 'vps-1', onResult: () => {} });
  const [result] = await runner.runOnce();
  return result!;
}

test('a server that answers is up, with status, time and phases', async () => {
  const url = await http((_, response) => setTimeout(() => response.end('fine'), 120));
  const result = await check({ url: url.replace('127.0.0.1', 'localhost') });
  const { phases, statusCode, address } = result.observation;
  expect(result).toMatchObject({ verdict: 'good', state: 'up', errorKind: undefined, attempts: 1 });
  expect({ statusCode, address }).toEqual({ statusCode: 200, address: '127.0.0.1' });
  expect(phases.firstByteMs).toBeGreaterThan(110);
  expect(phases.dnsMs).toBeGreaterThan(0);
  expect(phases.connectMs).toBeGreaterThan(0);
  expect(phases.tlsMs).toBeUndefined();
  expect(phases.totalMs).toBeGreaterThanOrEqual(phases.dnsMs! + phases.connectMs! + phases.firstByteMs!);
});

test.each([
  [200, 'good'],
  [204, 'good'],
  [304, 'good'],
  [399, 'good'],
  [400, 'failed'],
  [404, 'failed'],
  [503, 'failed'],
])('status %i is %s where nothing is said of it', async (status, verdict) => {
  const url = await http((_, response) => response.writeHead(status).end());
  const result = await check({ url });
  expect(result.verdict).toBe(verdict);
  expect(result.message).toBe(verdict === 'good' ? undefined : `HTTP ${status}`);
});

test('method, headers, body, path and password arrive as they were given', async () => {
  let seen: unknown;
  const url = await http((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      const { method, url: path, headers } = request;
      seen = {
        method,
        path,
        key: headers['x-key'],
        type: headers['content-type'],
        auth: headers.authorization,
        body: Buffer.concat(chunks).toString(),
      };
      response.end();
    });
  });
  const result = await check({
    url: `${url.replace('//', '//user:p%40ss@')}/a%20b?q=1`,
    method: 'post',
    headers: { 'X-Key': 'k', 'Content-Type': 'application/json' },
    body: '{"ä":1}',
  });
  expect(seen).toEqual({
    method: 'POST',
    path: '/a%20b?q=1',
    key: 'k',
    type: 'application/json',
    auth: `Basic ${btoa('user:p@ss')}`,
    body: '{"ä":1}',
  });
  expect(JSON.stringify(checkRow(result, 'vps-1'))).not.toContain('p%40ss');
});

test('conditions are judged together, and what is wrong is said with what was found', async () => {
  const url = await http((_, response) => response.end('{"status":"DOWN","queue":[1,2,3]}'));
  const expectations = ['[STATUS] == 200', '[BODY].status == UP', 'len([BODY].queue) < 3'];
  expect(await check({ url, expect: expectations })).toMatchObject({
    verdict: 'failed',
    errorKind: 'body',
    message: '[BODY].status (DOWN) == UP; len([BODY].queue) (3) < 3',
  });
});

test('a slow answer is degraded and a success all the same', async () => {
  const url = await http((_, response) => setTimeout(() => response.end(), 60));
  const result = await check({ url, expect: '[RESPONSE_TIME] < 20ms' });
  expect(result).toMatchObject({ verdict: 'slow', state: 'degraded' });
  expect(checkRow(result, 'vps-1')).toMatchObject({
    success: true,
    status_code: 200,
    error_message: expect.stringMatching(/^\[RESPONSE_TIME\] \(\d+\) < 20ms$/),
  });
});

test.each([
  ['after accepting', 'waiting for the first byte', () => createTcpServer(() => {})],
  [
    'within the head',
    'waiting for the first byte',
    () => createTcpServer((socket) => socket.write('HTTP/1.1 200 OK\r\nContent-')),
  ],
  [
    'within the body',
    'reading the body',
    () => createTcpServer((socket) => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc')),
  ],
])('a server that hangs %s runs into the deadline, which says: %s', async (_, doing, create) => {
  const url = `http://127.0.0.1:${await listen(create())}`;
  const startedAt = performance.now();
  const result = await check({ url, timeout: '1s' });
  expect(performance.now() - startedAt).toBeLessThan(ENDED_BEFORE_MS);
  expect(result).toMatchObject({ verdict: 'failed', errorKind: 'timeout', message: `Timeout after 1s, ${doing}` });
  expect(checkRow(result, 'vps-1')).toMatchObject({ status_code: null, response_time_ms: null, success: false });
});

test('a server that hangs within the TLS handshake runs into the deadline', async () => {
  const url = `https://127.0.0.1:${await listen(createTcpServer(() => {}))}`;
  const result = await check({ url, timeout: '1s' });
  expect(result.message).toBe('Timeout after 1s, shaking hands (TLS)');
  expect(result.observation.phases.connectMs).toBeGreaterThan(0);
});

test('a server that drips its answer cannot stretch the deadline', async () => {
  const url = await http((_, response) => {
    const timer = setInterval(() => response.write('x'), 20);
    response.once('close', () => clearInterval(timer));
  });
  const result = await check({ url, timeout: '1s' });
  expect(result.errorKind).toBe('timeout');
  expect(result.observation.phases.totalMs).toBeLessThan(ENDED_BEFORE_MS);
});

test('a server that hangs within connecting runs into the deadline', async () => {
  // It listens and never accepts; once its backlog is full, the kernel lets further connections wait.
  const program = `const server = require('node:net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
    require('node:fs').writeSync(1, String(server.address().port));
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  });`;
  const child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [port] = await once(child.stdout, 'data');
  const filling = Array.from({ length: 4 }, () => connect(Number(port), '127.0.0.1').on('error', () => {}));
  await Promise.all(filling.slice(0, 2).map((socket) => once(socket, 'connect')));
  const result = await check({ url: `http://127.0.0.1:${port}`, timeout: '1s' });
  for (const socket of filling) socket.destroy();
  child.kill('SIGKILL');
  expect(['timeout', 'unreachable']).toContain(result.errorKind);
  expect(result.observation.connected).toBe(false);
  expect(result.observation.phases.totalMs).toBeLessThan(ENDED_BEFORE_MS);
});

test.each([
  ['nobody listens', async () => `http://127.0.0.1:${await freePort()}/`, 'refused', /ECONNREFUSED/],
  ['the name does not exist', async () => 'http://does-not-exist.invalid/', 'dns', /ENOTFOUND|EAI_AGAIN/],
  [
    'the server closes at once',
    async () => `http://127.0.0.1:${await listen(createTcpServer((socket) => socket.end()))}`,
    'protocol',
    /hang up|closed|ECONNRESET/,
  ],
  [
    'the server speaks something else',
    async () =>
      `http://127.0.0.1:${await listen(createTcpServer((socket) => socket.end('220 smtp.example ESMTP\r\n')))}`,
    'protocol',
    /not HTTP\/1.1: it begins with "220 smtp/,
  ],
  [
    'the server breaks off within the body',
    async () =>
      `http://127.0.0.1:${await listen(createTcpServer((socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc')))}`,
    'protocol',
    /aborted|closed/,
  ],
  [
    'the port speaks no TLS',
    async () => (await http((_, response) => response.end())).replace('http:', 'https:'),
    'tls',
    /SSL|wrong version|packet length/,
  ],
])('where %s the check fails and says why', async (_, makeUrl, kind, message) => {
  const result = await check({ url: await makeUrl(), timeout: 3 });
  expect(result.message).toMatch(message);
  expect(result).toMatchObject({ verdict: 'failed', state: 'degraded', errorKind: kind });
});

test('a redirect is followed, with GET after POST and without the password on another host', async () => {
  const seen: unknown[] = [];
  const other = await http(({ method, headers }, response) => {
    seen.push([method, headers.authorization, headers['x-key']]);
    response.end('there');
  });
  const url = await http((request, response) => {
    seen.push([request.method, request.headers.authorization]);
    response.writeHead(302, { location: request.url === '/' ? '/second' : `${other}/third` }).end();
  });
  const result = await check({
    url: `${url}/`,
    method: 'POST',
    headers: { authorization: 'Bearer x', 'x-key': 'k' },
    expect: '[BODY] == there',
  });
  expect(result).toMatchObject({ verdict: 'good', observation: { statusCode: 200 } });
  expect(seen).toEqual([
    ['POST', 'Bearer x'],
    ['GET', 'Bearer x'],
    ['GET', undefined, 'k'],
  ]);
});

test('a loop of redirects ends, and redirects: 0 judges the first answer', async () => {
  let requests = 0;
  const url = await http((_, response) => {
    requests++;
    response.writeHead(301, { location: '/' }).end();
  });
  expect(await check({ url, redirects: 4 })).toMatchObject({
    errorKind: 'redirects',
    message: 'more than 4 redirects',
  });
  expect(requests).toBe(5);
  expect(await check({ url, redirects: 0, expect: '[STATUS] == 301' })).toMatchObject({ verdict: 'good' });
});

test('a redirect to something that is no web address is not followed', async () => {
  const url = await http((_, response) => response.writeHead(302, { location: 'file:///etc/passwd' }).end());
  expect(await check({ url })).toMatchObject({
    errorKind: 'redirects',
    message: expect.stringContaining('no web address'),
  });
});

test('of an endless body one megabyte is read and no more', async () => {
  let sent = 0;
  const url = await http((_, response) => {
    const chunk = Buffer.alloc(64 * 1024, 'x');
    const push = () => {
      while (!response.destroyed && response.write(chunk)) sent += chunk.length;
      if (!response.destroyed) response.once('drain', push);
    };
    push();
  });
  const result = await check({ url, expect: 'len([BODY]) == 1048576' });
  expect(result).toMatchObject({ verdict: 'good', observation: { bodyCut: true } });
  expect(sent).toBeLessThan(32 * 1024 * 1024);
});

test('a certificate that is not trusted fails, and its days are known all the same', async () => {
  const result = await check({ url: await https(fresh) });
  expect(result).toMatchObject({
    verdict: 'failed',
    errorKind: 'certificate',
    message: expect.stringMatching(/not trusted: .*SELF_SIGNED/),
  });
  expect(checkRow(result, 'vps-1').certificate_days).toBe(90);
});

test('nothing is sent to a server that is not trusted', async () => {
  let requests = 0;
  const url = await https(fresh, (_, response) => {
    requests++;
    response.end();
  });
  await check({ url, headers: { authorization: 'Bearer secret' } });
  expect(requests).toBe(0);
});

test('a certificate of an authority that is named is trusted, and the TLS phase is timed', async () => {
  const result = await check({
    url: await https(fresh),
    tls: { ca: fresh.certFile },
    expect: '[CERTIFICATE_DAYS] > 30',
  });
  expect(result).toMatchObject({ verdict: 'good', state: 'up' });
  expect(result.observation.phases.tlsMs).toBeGreaterThan(0);
});

test('a certificate that ends soon is degraded, one that has ended fails', async () => {
  const soon = await check({
    url: await https(ending),
    tls: { ca: ending.certFile },
    expect: '[CERTIFICATE_DAYS] > 14',
  });
  expect(soon).toMatchObject({
    verdict: 'slow',
    state: 'degraded',
    errorKind: 'certificate',
    message: '[CERTIFICATE_DAYS] (5) > 14',
  });
  const over = await check({ url: await https(ended), tls: { ca: ended.certFile } });
  expect(over).toMatchObject({
    verdict: 'failed',
    errorKind: 'certificate',
    message: expect.stringContaining('CERT_HAS_EXPIRED'),
  });
  expect(checkRow(over, 'vps-1').certificate_days).toBe(-3);
});

test('a certificate of another name fails; insecure takes anything', async () => {
  const url = (await https(fresh)).replace('localhost', '127.0.0.1');
  expect(await check({ url, tls: { ca: fresh.certFile } })).toMatchObject({
    errorKind: 'certificate',
    message: expect.stringMatching(/ALTNAME|altnames/),
  });
  expect(await check({ url, tls: { insecure: true } })).toMatchObject({ verdict: 'good' });
});

test('tcp:// connects and leaves, tls:// shakes hands too', async () => {
  const port = await listen(createTcpServer((socket) => socket.resume()));
  expect(await check({ url: `tcp://127.0.0.1:${port}` })).toMatchObject({
    verdict: 'good',
    observation: { connected: true, statusCode: undefined },
  });
  const secured = (await https(fresh)).replace('https:', 'tls:');
  const result = await check({ url: secured, tls: { ca: fresh.certFile }, expect: '[CERTIFICATE_DAYS] == 90' });
  expect(result.verdict).toBe('good');
  expect(await check({ url: `tcp://127.0.0.1:${await freePort()}` })).toMatchObject({ errorKind: 'refused' });
});

test('a port that must be closed is good while it is', async () => {
  const port = await freePort();
  const closed = { url: `tcp://127.0.0.1:${port}`, expect: '[CONNECTED] == false' };
  expect(await check(closed)).toMatchObject({ verdict: 'good' });
  const open = await listen(createTcpServer());
  expect(await check({ ...closed, url: `tcp://127.0.0.1:${open}` })).toMatchObject({
    verdict: 'failed',
    message: '[CONNECTED] (true) == false',
  });
});

test('a run that fails is tried again before it counts', async () => {
  let requests = 0;
  const url = await http((_, response) => response.writeHead(++requests < 3 ? 500 : 200).end());
  expect(await check({ url, retries: 2, retry_interval: '10ms' })).toMatchObject({
    verdict: 'good',
    state: 'up',
    attempts: 3,
  });
  requests = -10;
  expect(await check({ url, retries: 1, retry_interval: '10ms' })).toMatchObject({ verdict: 'failed', attempts: 2 });
});

test('each check runs at its own interval; down after three failures in a row, up after two good runs', async () => {
  let healthy = true;
  const requests: Record<string, number> = {};
  const url = await http((request, response) => {
    requests[request.url!] = (requests[request.url!] ?? 0) + 1;
    response.writeHead(healthy ? 200 : 500).end();
  });
  const states: string[] = [];
  const done = Promise.withResolvers<void>();
  const checks = specs({ url: `${url}/often`, interval: 1 }, { url: `${url}/seldom`, interval: 3600 }).map((spec) => ({
    ...spec,
    // The shortest interval of a configuration is a second, which is long in a test; a run has to end within it on a busy machine too.
    intervalMs: spec.intervalMs / 4,
  }));
  const runner = new CheckRunner({
    checks,
    host: 'vps-1',
    onResult: ({ spec, state }) => {
      if (!spec.url.endsWith('often')) return;
      states.push(state);
      if (states.length === 2) healthy = false;
      if (states.length === 6) healthy = true;
      if (states.length === 9) done.resolve();
    },
  });
  runner.start();
  await done.promise;
  runner.stop();
  expect(states).toEqual(['up', 'up', 'degraded', 'degraded', 'down', 'down', 'down', 'up', 'up']);
  expect(requests['/seldom'] ?? 0).toBeLessThanOrEqual(1);
  expect(runner.runsSkipped).toBe(0);
});

test('a hundred checks do not start together', async () => {
  const url = await http((_, response) => response.end());
  const starts: number[] = [];
  const done = Promise.withResolvers<void>();
  const runner = new CheckRunner({
    checks: specs(...hundred(url)),
    host: 'vps-1',
    onResult: ({ atMs }) => {
      starts.push(atMs);
      if (starts.length === 100) done.resolve();
    },
  });
  runner.start();
  await done.promise;
  runner.stop();
  starts.sort();
  const inTenth = starts.map((start) => starts.filter((other) => other >= start && other < start + 100).length);
  expect(Math.max(...inTenth)).toBeLessThan(40);
  expect(starts.at(-1)! - starts[0]!).toBeGreaterThan(500);
});

test('of a hundred checks no more than 16 run at a time', async () => {
  let open = 0;
  let most = 0;
  const sixteen = Promise.withResolvers<void>();
  const url = await http(async (_, response) => {
    most = Math.max(most, ++open);
    if (open === 16) sixteen.resolve();
    await sixteen.promise;
    // Time for a seventeenth to come.
    await sleep(20);
    open--;
    response.end();
  });
  const results = await new CheckRunner({
    checks: specs(...hundred(url)),
    host: 'vps-1',
    onResult: () => {},
  }).runOnce();
  expect(results.map(({ verdict }) => verdict)).toEqual(Array(100).fill('good'));
  expect(most).toBe(16);
});

function hundred(url: string): object[] {
  return Array.from({ length: 100 }, (_, i) => ({ url: `${url}/${i}`, interval: 1 }));
}

test('a check that hangs delays no other, and its next run waits for its end', async () => {
  const hanging = `http://127.0.0.1:${await listen(createTcpServer(() => {}))}`;
  const url = await http((_, response) => response.end());
  let good = 0;
  const done = Promise.withResolvers<void>();
  const checks = specs({ url: hanging, timeout: 2 }, { url }).map((spec) => ({ ...spec, intervalMs: 100 }));
  const runner = new CheckRunner({
    checks,
    host: 'vps-1',
    onResult: ({ verdict }) => verdict === 'good' && ++good === 5 && done.resolve(),
  });
  runner.start();
  await done.promise;
  expect(runner.runsSkipped).toBeGreaterThan(1);
  runner.stop();
});

test('stopping calls off what runs, and nothing is reported after it', async () => {
  const reached = Promise.withResolvers<void>();
  const left = Promise.withResolvers<void>();
  const url = `http://127.0.0.1:${await listen(
    createTcpServer((socket) => {
      reached.resolve();
      socket.resume().once('close', () => left.resolve());
    }),
  )}`;
  const results: CheckResult[] = [];
  const runner = new CheckRunner({
    checks: specs({ url, timeout: 30, interval: 60 }).map((spec) => ({ ...spec, intervalMs: 50 })),
    host: 'vps-1',
    onResult: (result) => results.push(result),
  });
  runner.start();
  await reached.promise;
  runner.stop();
  runner.stop();
  await left.promise;
  expect(results).toEqual([]);
});

test('a row has the columns of the original', async () => {
  const url = await http((_, response) => response.end());
  const row = checkRow(await check({ url }), 'vps-1');
  expect(row).toMatchObject({
    timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
    vps_name: 'vps-1',
    app_name: 'shop',
    url,
    status_code: 200,
    response_time_ms: expect.any(Number),
    success: true,
    error_message: null,
    state: 'up',
  });
});
