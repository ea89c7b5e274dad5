/** `vg logs` against a real hub, as a process among processes. */

import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { spawnHub, startTestHub, type TestHub } from '../support/test-hub.ts';
import { BIN, environment, linesOf, send, start, vg } from './program.fixture.ts';

let hub: TestHub;
let url: string;

beforeAll(async () => {
  hub = await startTestHub();
  url = `http://127.0.0.1:${hub.port}`;
  await send(url, [
    {
      time: '2026-11-20T10:15:00.123456Z',
      level: 'info',
      message: 'listening',
      app: 'shop',
      instance: 'm1',
      region: 'fra',
    },
    {
      time: '2026-11-20T10:15:01Z',
      level: 'error',
      message: 'card declined',
      app: 'billing',
      source: 'pay',
      status: 402,
    },
    { time: '2026-11-20T10:15:02Z', level: 'info', message: 'two\nlines', app: 'billing' },
  ]);
});

afterAll(() => hub[Symbol.asyncDispose]());

describe('the past', () => {
  test('lines of a pipe are plain, with whole times and names', async () => {
    const { status, stdout, stderr } = await vg(['logs', '-u', url, '--no-follow']);
    expect(stderr).toBe('');
    expect(status).toBe(0);
    expect(stdout).toBe(
      `2026-11-20T10:15:00.123456Z INFO  shop[m1] fra  listening
2026-11-20T10:15:01Z ERROR billing pay  card declined status=402
2026-11-20T10:15:02Z INFO  billing  two
    lines
`,
    );
  });

  // What each option becomes is tested beside its file: these show that all of them arrive.
  // biome-ignore format: a table
  test.each([
    [['-l', 'warn', '-s', 'pay', '-g', '^card (de|re)'], ['card declined']],
    [['-a', 'shop,other', '-i', 'm1', '-r', 'fra', '-q', '-declined'], ['listening']],
    [['--since', '2026-11-20T10:15:01Z', '--until', '2026-11-20T10:15:02Z'], ['card declined']],
    [['-n', '1'], ['two\nlines']],
    [['-q', 'nothing-like-this'], []],
  ])('%j', async (args, messages) => {
    const { status, stdout } = await vg(['logs', '-u', url, '--no-follow', '--json', ...args]);
    expect(status).toBe(0);
    expect(linesOf(stdout).map((line) => (JSON.parse(line) as { message: string }).message)).toEqual(messages);
  });

  test('a template, and the message alone', async () => {
    const { stdout } = await vg([
      'logs',
      '-u',
      url,
      '--no-follow',
      '-l',
      'error',
      '--format',
      '{app}:{status} {message}',
    ]);
    expect(stdout).toBe('billing:402 card declined\n');
  });

  test('search finds, counts, and says by its status that there was nothing', async () => {
    expect(await vg(['search', 'declined', '-u', url, '--format', 'raw'])).toMatchObject({
      status: 0,
      stdout: 'card declined\n',
    });
    expect(await vg(['search', 'app:billing', '-c', '-u', url])).toMatchObject({ status: 0, stdout: '2\n' });
    expect(await vg(['search', 'app:billing', '-a', 'shop', '-c', '-u', url])).toMatchObject({
      status: 1,
      stdout: '0\n',
    });
    expect(await vg(['search', 'nowhere', '-u', url])).toMatchObject({ status: 1, stderr: 'nothing was found\n' });
  });
});

describe('the present', () => {
  test('follows from now on, and Ctrl-C ends with 130', async () => {
    await using program = start(['logs', '-u', url, '--json', '-n', '1']);
    await program.until((stdout) => stdout.includes('lines'));
    await send(url, [{ message: 'new one', level: 'info' }]);
    await program.until((stdout) => stdout.includes('new one'));
    expect(linesOf(program.stdout)).toHaveLength(2);
    program.process.kill('SIGINT');
    expect(await program.ended).toBe(130);
    expect(program.stderr).toBe('');
  });

  test('a reader that leaves ends it with 0 and without a word', async () => {
    const command = `"${process.execPath}" "${BIN}" logs -u ${url} -n 3`;
    const shell = spawn('bash', ['-c', `${command} | head -1; echo "\${PIPESTATUS[0]}"`], { env: environment() });
    // It notices when it writes again.
    const writer = setInterval(() => void send(url, ['one more']), 200);
    const [stdout, stderr] = await Promise.all([text(shell.stdout), text(shell.stderr)]);
    clearInterval(writer);
    expect(stderr).toBe('');
    // Which line is the third from the end depends on whether one more has come yet.
    expect(linesOf(stdout)).toEqual([expect.stringMatching(/Z (?:INFO |ERROR) /), '0']);
  });
});

describe('past and present', () => {
  test('join without a seam while lines pour in: none is missing, none is there twice', async () => {
    await using own = await startTestHub();
    const ownUrl = `http://127.0.0.1:${own.port}`;
    const batch = (from: number) => Array.from({ length: 250 }, (_, i) => ({ message: `n=${from + i}` }));
    for (let i = 0; i < 12; i++) await send(ownUrl, batch(i * 250));
    await using program = start(['logs', '-u', ownUrl, '--since', '1h', '--format', 'raw']);
    for (let i = 12; i < 24; i++) await send(ownUrl, batch(i * 250));
    await program.until((stdout) => stdout.length > 0 && stdout.includes('n=5999\n'));
    const numbers = linesOf(program.stdout).map((line) => Number(line.slice(2)));
    expect(numbers).toEqual(Array.from({ length: 6000 }, (_, i) => i));
  });

  test('a hub that is killed and comes back: the lines go on where they stopped, and it is said', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'flywatch-cli-'));
    const env = { STORE_PATH: join(folder, 'flywatch.db') };
    await using first = await spawnHub(env);
    await using program = start(['logs', '-u', first.url, '--format', 'raw', '--since', '1h']);
    await send(first.url, ['n=0', 'n=1']);
    await program.until((stdout) => stdout.includes('n=1'));
    await first.end('SIGKILL');
    await program.until((_, stderr) => stderr.includes('trying again'));
    await using second = await spawnHub({ ...env, PORT: String(first.port) });
    await send(second.url, ['n=2', 'n=3']);
    await program.until((stdout, stderr) => stdout.includes('n=3') && stderr.includes('connected again'));
    expect(linesOf(program.stdout)).toEqual(['n=0', 'n=1', 'n=2', 'n=3']);
    rmSync(folder, { recursive: true });
  });
});

/**
 * Three seconds are promised; the rest is for a busy machine to start the program in. Without the promise a resolver takes ten, and a
 * tail tries for ever.
 */
const GIVEN_UP_MS = 8_000;

describe('a first connection that fails ends with 1 within 3 s and says why', () => {
  const servers: { close(): unknown }[] = [];
  afterAll(() => {
    for (const server of servers) server.close();
  });

  async function listen(server: Server | ReturnType<typeof createHttpServer>): Promise<string> {
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  async function failing(args: readonly string[], env: Record<string, string> = {}) {
    const { status, stdout, stderr, ms } = await vg(['logs', ...args], env);
    expect(stdout).toBe('');
    expect(stderr).not.toContain('    at ');
    expect(ms).toBeLessThan(GIVEN_UP_MS);
    return { status, stderr };
  }

  test('nobody listens', async () => {
    const gone = createServer();
    const address = await listen(gone);
    gone.close();
    const { status, stderr } = await failing(['-u', address]);
    expect(status).toBe(1);
    expect(stderr).toContain(`cannot reach ${address}/ (--url): nothing listens there`);
  });

  test('no such host', async () => {
    const { status, stderr } = await failing([], { FLYWATCH_URL: 'http://no-such-host.invalid' });
    expect(status).toBe(1);
    expect(stderr).toContain('(FLYWATCH_URL)');
  });

  test('a name server that does not answer', () => {
    // The name server is one that nobody has: for this process alone, by a mount of its own.
    const resolver = join(mkdtempSync(join(tmpdir(), 'flywatch-dns-')), 'resolv.conf');
    const script = `echo "nameserver 192.0.2.53" > ${resolver}; mount --bind ${resolver} /etc/resolv.conf && exec "${process.execPath}" "${BIN}" logs -u http://hub.example.org`;
    const startedMs = performance.now();
    const { status, stderr } = spawnSync('unshare', ['-m', 'bash', '-c', script], {
      env: environment(),
      encoding: 'utf8',
      timeout: 60_000,
    });
    expect(stderr).toMatch(/^cannot reach http:\/\/hub\.example\.org\//);
    expect(status).toBe(1);
    expect(performance.now() - startedMs).toBeLessThan(GIVEN_UP_MS);
  });

  test('one that takes the connection and says nothing', async () => {
    const { status, stderr } = await failing(['-u', await listen(createServer(() => {}))]);
    expect(status).toBe(1);
    expect(stderr).toContain('nothing within 2000 ms');
  });

  test('one that does not speak HTTP', async () => {
    const { stderr } = await failing(['-u', await listen(createServer((socket) => socket.end('SSH-2.0-x\r\n')))]);
    expect(stderr).toContain('does not speak HTTP');
  });

  test.each([
    [200, 'text/html', '<h1>hello</h1>'],
    [404, 'application/json', '{"error":"no such route"}'],
  ])('one that is no hub (%i)', async (code, type, body) => {
    const server = createHttpServer((_, response) => response.writeHead(code, { 'Content-Type': type }).end(body));
    const { status, stderr } = await failing(['-u', await listen(server)]);
    expect(status).toBe(1);
    expect(stderr).toContain('neither a Flywatch hub nor an app with its gateway');
  });

  test('a token that is missing, wrong, or may only write', async () => {
    await using own = await startTestHub({ AUTH_TOKEN: 'reader-token', INGEST_TOKEN: 'writer-token' });
    const at = ['-u', `http://127.0.0.1:${own.port}`];
    expect((await failing(at)).stderr).toContain('wants a token: --token, FLYWATCH_TOKEN, or flywatch login');
    expect((await failing(at, { FLYWATCH_TOKEN: 'wrong' })).stderr).toContain('refuses the token');
    expect((await failing([...at, '--token', 'writer-token'])).stderr).toContain('may only write');
    const { status, stdout } = await vg(['logs', ...at, '--no-follow', '--token', 'reader-token']);
    expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
  });
});

test.each([
  [['-q', 'a or'], '--query: '],
  [['--until', '1m', '--follow'], '--until ends'],
  [['--nothing'], 'unknown option'],
])('%j is wrong usage: status 2', async (args, message) => {
  const { status, stdout, stderr } = await vg(['logs', ...args]);
  expect(stderr).toContain(message);
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
});
