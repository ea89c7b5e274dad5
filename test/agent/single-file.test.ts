/**
 * The agent as it is released, one file with Bun in it, and as `npx obs-agent` starts it on Node: the same to whoever uses it. A real
 * hub takes what they send, over TLS.
 */

import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import manifest from '../../packages/cli/package.json' with { type: 'json' };
import { buildAgent } from '../../scripts/build-agent.ts';
import { intoClosedPipe } from '../support/closed-pipe.ts';
import { startTestHub } from '../support/test-hub.ts';
import { type Certificate, makeCertificate } from './certificates.fixture.ts';
import { endAll } from './processes.fixture.ts';
import { startTlsFront } from './tls-front.fixture.ts';

const { version } = manifest;
const REPOSITORY = fileURLToPath(new URL('../../', import.meta.url));

let certificates: string;
let fresh: Certificate;
let ended: Certificate;
let singleFile: string;
let root: string;
const running: ChildProcess[] = [];

beforeAll(() => {
  certificates = mkdtempSync(join(tmpdir(), 'flywatch-single-'));
  fresh = makeCertificate(certificates, 'localhost', 90);
  ended = makeCertificate(certificates, 'localhost', -3);
  singleFile = buildAgent();
});

afterAll(() => rmSync(certificates, { recursive: true }));

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'flywatch-single-'));
});

afterEach(async () => {
  await endAll(running);
  rmSync(root, { recursive: true });
});

/** By what people start it: a program, and what comes before the arguments. */
type Command = () => readonly [string, ...string[]];

const SINGLE_FILE: Command = () => [singleFile];
const NPX: Command = () => ['npx', '--no-install', 'obs-agent'];
const OBS_AGENT: Command = () => [join(REPOSITORY, 'node_modules/.bin/obs-agent')];

function configure(hubUrl: string, more: object = {}): string {
  const file = join(root, 'config.yml');
  const monitoring = { enabled: true, hub_url: hubUrl, token: 'abc', log_files: [join(root, 'app.log')], ...more };
  writeFileSync(file, JSON.stringify({ monitoring }));
  return file;
}

function start(program: Command, args: readonly string[], ca?: string) {
  const [command, ...first] = program();
  const env = { PATH: process.env.PATH, XDG_STATE_HOME: join(root, 'state'), NODE_EXTRA_CA_CERTS: ca };
  const child = spawn(command, [...first, ...args], { cwd: REPOSITORY, env, stdio: ['ignore', 'pipe', 'pipe'] });
  running.push(child);
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (text) => {
    output.stdout += text;
  });
  child.stderr.on('data', (text) => {
    output.stderr += text;
  });
  return Object.assign(child, { output });
}

async function run(program: Command, args: readonly string[], ca?: string) {
  const child = start(program, args, ca);
  const [status] = await once(child, 'close');
  return { status: status as number | null, ...child.output };
}

const named = (file: string) => ['--config', file, '--app-name', 'shop', '--vps-name', 'vps-1'];

async function messages(port: number): Promise<string[]> {
  const answer = await fetch(`http://127.0.0.1:${port}/logs/export?format=ndjson&app=shop`);
  const lines = (await answer.text()).split('\n').filter((line) => line !== '');
  return lines.map((line) => (JSON.parse(line) as { message: string }).message);
}

async function json(port: number, path: string): Promise<Record<string, unknown>[]> {
  return (await (await fetch(`http://127.0.0.1:${port}${path}`)).json()) as Record<string, unknown>[];
}

describe.each([
  ['the single file', SINGLE_FILE],
  ['npx obs-agent', NPX],
])('%s', (_, program) => {
  test('--once sends figures, a check and every line over TLS, and a second one repeats none', async () => {
    await using hub = await startTestHub();
    await using front = await startTlsFront(fresh, hub.port);
    const health = `${front.url}/health`;
    const file = configure(front.url, { health_checks: [{ url: health, tls: { ca: fresh.certFile } }] });
    const log = join(root, 'app.log');
    writeFileSync(log, 'one\ntwo\n');
    expect(await run(program, ['--once', ...named(file)], fresh.certFile)).toMatchObject({ status: 0, stdout: '' });
    appendFileSync(log, 'three\n');
    expect(await run(program, ['--once', ...named(file)], fresh.certFile)).toMatchObject({ status: 0, stdout: '' });
    expect((await messages(hub.port)).sort()).toEqual(['one', 'three', 'two']);
    expect(await json(hub.port, '/api/vps/vps-1/metrics?hours=1')).toHaveLength(2);
    const [check] = await json(hub.port, '/api/vps/vps-1/health?hours=1');
    expect(check).toMatchObject({ url: health, success: true, status_code: 200 });
  });
});

describe.each([
  ['the single file', SINGLE_FILE],
  ['obs-agent on Node', OBS_AGENT],
])('%s', (_, program) => {
  test('lines written across a rotation and kill -9 come once, a reload is taken, and SIGTERM ends it with 0', async () => {
    await using hub = await startTestHub();
    await using front = await startTlsFront(fresh, hub.port);
    const file = configure(front.url, { log_files: [join(root, 'app.log*')] });
    const log = join(root, 'app.log');
    let written = 0;
    const write = (count: number) => {
      for (let i = 0; i < count; i++) appendFileSync(log, `line ${++written}\n`);
    };
    const arrived = () => expect.poll(async () => (await messages(hub.port)).length, { timeout: 15_000 }).toBe(written);
    write(50);
    const agent = start(program, named(file), fresh.certFile);
    await arrived();
    write(50);
    renameSync(log, `${log}.1`);
    write(50);
    await arrived();
    write(50);
    agent.kill('SIGKILL');
    await once(agent, 'exit');
    write(50);
    renameSync(`${log}.1`, `${log}.2`);
    renameSync(log, `${log}.1`);
    write(50);
    // One that nobody has seen before it was packed.
    writeFileSync(`${log}.3.gz`, gzipSync(Array.from({ length: 50 }, () => `line ${++written}\n`).join('')));
    const next = start(program, named(file), fresh.certFile);
    await arrived();
    expect(new Set(await messages(hub.port)).size).toBe(written);
    const status = await run(program, ['status', ...named(file)]);
    expect(status).toMatchObject({ status: 0, stdout: expect.stringMatching(/^lost: 0$/m) });
    expect(status.stdout).toMatch(/^memory: [\d.]+ MB resident, [\d.]+ MB proportional, [\d.]+ MB private$/m);
    configure(front.url, {
      health_checks: [{ url: `http://127.0.0.1:${hub.port}/health`, interval: 1, timeout: '500ms' }],
    });
    next.kill('SIGHUP');
    await expect.poll(() => json(hub.port, '/api/vps/vps-1/health?hours=1'), { timeout: 10_000 }).not.toEqual([]);
    next.kill('SIGTERM');
    expect(await once(next, 'exit')).toEqual([0, null]);
    expect(next.output.stderr).toMatch(/the configuration has been read again[\s\S]*SIGTERM: stopping/);
    expect(next.output.stderr).not.toContain('WARN');
  });

  test.each([
    ['is not known', () => fresh, undefined, /self.signed certificate/],
    ['has ended', () => ended, () => ended.certFile, /expired/],
    ['is for another name', () => fresh, () => fresh.certFile, /altnames|ALTNAME/],
  ])('nothing is sent to a hub whose certificate %s', async (why, certificate, trusted, message) => {
    await using hub = await startTestHub();
    await using front = await startTlsFront(certificate(), hub.port);
    writeFileSync(join(root, 'app.log'), 'a secret line\n');
    const url = why.includes('name') ? front.url.replace('localhost', '127.0.0.1') : front.url;
    const agent = start(program, named(configure(url)), trusted?.());
    await expect.poll(() => agent.output.stderr, { timeout: 10_000 }).toMatch(message);
    expect(agent.output.stderr).toMatch(/WARN {2}the hub at \S+ cannot be reached/);
    expect(await messages(hub.port)).toEqual([]);
  });

  test('a wrong configuration ends it with 2 and all mistakes', async () => {
    const file = configure('ftp://hub', { intervall: 3, health_checks: [{ url: 'nonsense', timeout: 'soon' }] });
    const { status, stderr } = await run(program, named(file));
    expect(status).toBe(2);
    for (const part of ['hub_url', 'intervall: unknown option', 'nonsense', 'soon']) expect(stderr).toContain(part);
    expect(await run(program, ['check-config', ...named(file)])).toEqual({ status, stdout: '', stderr });
  });

  test('a reader that has gone ends it without a word', async () => {
    const file = configure('https://hub.test');
    for (const args of [['--help'], ['--version'], ['tail-test', '--help'], ['check-config', ...named(file)]])
      expect(await intoClosedPipe([...program(), ...args], { cwd: REPOSITORY }), args.join(' ')).toEqual({
        status: 0,
        stderr: '',
      });
  });

  test('its other commands are the same: version, help, tail-test, dry run, install', async () => {
    const file = configure('https://hub.test');
    writeFileSync(join(root, 'app.log'), 'Error: no\n    at somewhere\nnext\n');
    expect(await run(program, ['--version'])).toEqual({ status: 0, stdout: `${version}\n`, stderr: '' });
    expect((await run(program, ['--help'])).stdout).toMatch(/check-config[\s\S]*tail-test/);
    expect((await run(program, ['--no-such-flag'])).status).toBe(2);
    expect((await run(program, ['tail-test', join(root, 'app.log')])).stdout).toMatch(/^2 events of 3 lines/m);
    expect((await run(program, ['check-config', ...named(file)])).stdout).toContain('host vps-1: figures every 60 s');
    const dry = JSON.parse((await run(program, ['--dry-run', ...named(file)])).stdout) as { metrics: object[] };
    expect(dry.metrics[0]).toMatchObject({ vps_name: 'vps-1', cpu_percent: expect.any(Number) });
    const install = ['install', '--hub', 'https://hub.test', '--token', 'abc', '--app', 'shop', '--root', root];
    expect((await run(program, install)).stdout).toContain('/usr/local/bin/obs-agent written');
    expect((await run(() => [join(root, 'usr/local/bin/obs-agent')], ['--version'])).stdout).toBe(`${version}\n`);
    expect((await run(program, ['uninstall', '--app', 'shop', '--root', root])).stdout).toContain('removed');
  });
});

test('both see the same of servers that behave well and badly', async () => {
  const servers: Server[] = [];
  const sockets = new Set<Socket>();
  const listen = async (server: Server) => {
    servers.push(server.listen(0, '127.0.0.1').on('connection', (socket) => sockets.add(socket.on('error', () => {}))));
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  };
  const web = await listen(
    createHttpServer((request, response) => {
      if (request.url === '/moved') response.writeHead(302, { location: '/json' }).end();
      else if (request.url === '/slow') setTimeout(() => response.end('late'), 30_000).unref();
      else if (request.url === '/large') response.end(Buffer.alloc(3_000_000, 'x'));
      else if (request.url === '/echo') request.pipe(response);
      else if (request.url === '/fail') response.writeHead(500).end();
      else response.write('{"status":"UP","n":[1,2]}', () => response.end());
    }),
  );
  const closing = await listen(createTcpServer((socket) => socket.end()));
  const mail = await listen(createTcpServer((socket) => socket.end('220 smtp.example ESMTP\r\n')));
  await using good = await startTlsFront(fresh, web);
  await using old = await startTlsFront(ended, web);
  const url = `http://127.0.0.1:${web}`;
  const tls = { ca: fresh.certFile };
  const checks = [
    { url: `${url}/json`, expect: ['[STATUS] == 200', '[BODY].status == UP', 'len([BODY].n) == 2'] },
    { url: `${url}/moved`, expect: '[BODY].status == UP' },
    { url: `${url}/slow`, timeout: '2s' },
    { url: `${url}/large`, expect: 'len([BODY]) > 1000000' },
    { url: `${url}/echo`, method: 'POST', body: 'y'.repeat(60_000), expect: 'len([BODY]) == 60000' },
    { url: `${url}/fail` },
    { url: `${good.url}/json`, tls, expect: '[CERTIFICATE_DAYS] > 80' },
    { url: `${good.url}/untrusted` },
    { url: `${good.url.replace('localhost', '127.0.0.1')}/name`, tls },
    { url: `${old.url}/ended`, tls: { ca: ended.certFile } },
    { url: `${old.url}/insecure`, tls: { insecure: true } },
    { url: `https://127.0.0.1:${web}/no-tls` },
    { url: `http://127.0.0.1:${closing}/` },
    { url: `http://127.0.0.1:${mail}/` },
    { url: `tcp://127.0.0.1:${mail}` },
    { url: 'tcp://127.0.0.1:1' },
    { url: 'http://does-not-exist.invalid/' },
  ];
  const file = configure('https://hub.test', { health_checks: checks });
  const see = async (program: Command) => {
    const { stdout, stderr } = await run(program, ['--dry-run', ...named(file)]);
    expect(stderr).toBe('');
    const rows = (JSON.parse(stdout) as { checks: Record<string, unknown>[] }).checks;
    return rows.map(({ url: of, success, status_code, error_kind, certificate_days, error_message, ...phases }) => ({
      of,
      success,
      status_code,
      error_kind,
      certificate_days,
      // OpenSSL and BoringSSL, and resolvers, say the same in other words.
      message: ['tls', 'dns'].includes(String(error_kind)) ? undefined : error_message,
      phases: ['dns_ms', 'connect_ms', 'tls_ms', 'first_byte_ms'].filter((name) => phases[name] !== null),
    }));
  };
  const [onBun, onNode] = [await see(SINGLE_FILE), await see(OBS_AGENT)];
  expect(onBun).toEqual(onNode);
  expect(onBun.map(({ success }) => success)).toEqual([
    true,
    true,
    false,
    true,
    true,
    false,
    true,
    false,
    false,
    false,
    true,
    false,
    false,
    false,
    true,
    false,
    false,
  ]);
  for (const socket of sockets) socket.destroy();
  for (const server of servers) server.close();
}, 60_000);

test('both make the same sums, packs and answers of the same bytes', async () => {
  const probe = join(REPOSITORY, 'test/agent/runtime.fixture.ts');
  const bun = join(
    REPOSITORY,
    'node_modules',
    `@oven/bun-linux-${process.arch === 'arm64' ? 'aarch64' : 'x64'}`,
    'bin/bun',
  );
  const ask = (runtime: string) =>
    new Promise<string>((resolve, reject) => {
      execFile(runtime, [probe], (error, stdout) => (error === null ? resolve(stdout) : reject(error)));
    });
  const [onNode, onBun] = await Promise.all([ask(process.execPath), ask(bun)]);
  expect(JSON.parse(onBun)).toEqual(JSON.parse(onNode));
});
