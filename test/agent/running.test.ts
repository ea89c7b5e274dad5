/** The agent as a process: what a hub gets of it, while all is well and while it is not. */

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type FakeHub, startFakeHub } from './hub.fixture.ts';
import { endAll } from './processes.fixture.ts';

const OBS_AGENT = fileURLToPath(new URL('../../packages/cli/bin/obs-agent.js', import.meta.url));

let root: string;
const running: ChildProcess[] = [];

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'flywatch-running-'));
});

afterEach(async () => {
  await endAll(running);
  rmSync(root, { recursive: true });
});

function configure({ url, token }: Pick<FakeHub, 'url' | 'token'>, more: object = {}): string {
  const file = join(root, 'config.yml');
  const monitoring = {
    enabled: true,
    hub_url: url,
    token,
    health_checks: [{ url, interval: 1 }],
    log_files: [join(root, 'app.log')],
    ...more,
  };
  writeFileSync(file, JSON.stringify({ monitoring }));
  return file;
}

function args(file: string, ...more: string[]): string[] {
  return [OBS_AGENT, ...more, '--config', file, '--app-name', 'shop', '--vps-name', 'vps-1'];
}

const env = () => ({ PATH: process.env.PATH, XDG_STATE_HOME: join(root, 'state') });

function start(file: string): ChildProcess & { said: () => string } {
  const child = spawn(process.execPath, args(file), { env: env(), stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (text) => {
    said += text;
  });
  running.push(child);
  return Object.assign(child, { said: () => said });
}

function ask(file: string, ...more: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, args(file, 'status', ...more), {
    env: env(),
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

async function stopped(child: ChildProcess): Promise<number | null> {
  child.kill('SIGTERM');
  const [code] = await once(child, 'exit');
  return code;
}

test('figures, checks and lines arrive within seconds of the start, and SIGTERM ends it with 0', async () => {
  await using hub = await startFakeHub();
  writeFileSync(join(root, 'app.log'), 'first line\n');
  const agent = start(configure(hub));
  await hub.until(
    ({ rows, logs }) => rows.metrics.length > 0 && rows.checks.length > 1 && logs.join('').includes('first line'),
  );
  expect(hub.rows.metrics[0]).toMatchObject({
    vps_name: 'vps-1',
    app_name: 'shop',
    cpu_percent: expect.any(Number),
    disk_percent: expect.any(Number),
  });
  expect(hub.rows.checks[0]).toMatchObject({
    vps_name: 'vps-1',
    app_name: 'shop',
    url: hub.url,
    status_code: 200,
    success: true,
    state: 'up',
  });
  const startedAt = performance.now();
  appendFileSync(join(root, 'app.log'), 'second line\n');
  await hub.until(({ logs }) => logs.join('').includes('second line'));
  expect(performance.now() - startedAt).toBeLessThan(2000);
  expect(await stopped(agent)).toBe(0);
  expect(agent.said()).toMatch(
    /INFO {2}vps-1 watches shop: figures every 60 s, 1 checks, 1 log files, to 127\.0\.0\.1/,
  );
  expect(agent.said()).not.toContain(hub.token);
});

test('while the hub is away everything waits, and comes once when it is back', async () => {
  await using hub = await startFakeHub();
  hub.status = 503;
  const agent = start(configure(hub, { collection_interval: 10 }));
  await hub.until(({ posts }) => posts >= 4);
  expect(hub.rows.metrics).toEqual([]);
  hub.status = 200;
  await hub.until(({ rows }) => rows.metrics.length > 0 && rows.checks.length >= 3);
  await stopped(agent);
  const stamps = hub.rows.checks.map(({ timestamp }) => timestamp);
  expect(new Set(stamps).size).toBe(stamps.length);
  // At one check a second none is missing between the first and the last.
  const seconds = stamps.map((stamp) => Date.parse(String(stamp)) / 1000);
  const gaps = seconds.slice(1).map((second, i) => second - seconds[i]!);
  expect(Math.max(...gaps)).toBeLessThan(2.5);
  expect(agent.said()).toMatch(/WARN .*cannot take anything now \(503\)/);
});

test('what waits while the hub is away survives kill -9 of the agent, and comes once', async () => {
  await using hub = await startFakeHub();
  hub.status = 503;
  const file = configure(hub);
  const agent = start(file);
  await hub.until(({ posts }) => posts >= 4);
  agent.kill('SIGKILL');
  await once(agent, 'exit');
  const killedMs = Date.now();
  hub.status = 200;
  const next = start(file);
  const before = () => hub.rows.checks.filter(({ timestamp }) => Date.parse(String(timestamp)) < killedMs);
  await hub.until(({ rows }) => rows.metrics.length >= 2 && rows.checks.length > before().length);
  await stopped(next);
  expect(before().length).toBeGreaterThanOrEqual(2);
  const stamps = hub.rows.checks.map(({ timestamp }) => timestamp);
  expect(new Set(stamps).size).toBe(stamps.length);
});

test('status says what it uses and how far it is, and that nothing is lost', async () => {
  await using hub = await startFakeHub();
  writeFileSync(join(root, 'app.log'), 'a line\n');
  const file = configure(hub);
  expect(ask(file)).toMatchObject({ status: 1, stderr: expect.stringContaining('no agent answers') });
  const agent = start(file);
  await hub.until(({ rows, logs }) => rows.metrics.length > 0 && rows.checks.length > 0 && logs.length > 0);
  const { status, stdout } = ask(file);
  expect(status).toBe(0);
  expect(stdout).toMatch(
    /^vps-1 shop: pid \d+, up \d+ s\nmemory: [\d.]+ MB resident, [\d.]+ MB proportional, [\d.]+ MB private\nCPU: /,
  );
  expect(stdout).toMatch(/^hub: connected, last answer \d+ s ago/m);
  expect(stdout).toMatch(/app\.log: 0 bytes behind$/m);
  expect(stdout).toContain(`check shop ${hub.url}: up\n`);
  expect(stdout).toMatch(/^lost: 0$/m);
  expect(JSON.parse(ask(file, '--json').stdout)).toMatchObject({ own: { pid: agent.pid }, metrics: { lost: 0 } });
  await stopped(agent);
  expect(ask(file).status).toBe(1);
});

test('a second agent of the same names is refused, one after a crash is not', async () => {
  await using hub = await startFakeHub();
  const file = configure(hub);
  const agent = start(file);
  await hub.until(({ rows }) => rows.metrics.length > 0);
  const second = start(file);
  const [code] = await once(second, 'exit');
  expect([code, second.said()]).toEqual([
    1,
    expect.stringContaining('another agent with the same app and host name runs'),
  ]);
  agent.kill('SIGKILL');
  await once(agent, 'exit');
  const third = start(file);
  await hub.until(({ rows }) => rows.metrics.length > 1);
  expect(await stopped(third)).toBe(0);
});

test('SIGHUP reads the configuration again; one with mistakes changes nothing', async () => {
  await using hub = await startFakeHub();
  const agent = start(configure(hub));
  await hub.until(({ rows }) => rows.checks.length > 0);
  configure(hub, { intervall: 3 });
  agent.kill('SIGHUP');
  await hub.until(() => agent.said().includes('intervall: unknown option'));
  expect(agent.said()).toContain('stays as it was');
  configure(hub, { health_checks: [{ url: `${hub.url}/other`, interval: 1 }] });
  agent.kill('SIGHUP');
  await hub.until(({ rows }) => rows.checks.some(({ url }) => url === `${hub.url}/other`));
  expect(await stopped(agent)).toBe(0);
});

test('the journal of units that are named is followed', async () => {
  await using hub = await startFakeHub();
  const folder = join(root, 'bin');
  mkdirSync(folder);
  // What a journal has: one entry from before the agent, and one that comes while it follows.
  const entry = (cursor: string, message: string) =>
    JSON.stringify({
      __CURSOR: cursor,
      __REALTIME_TIMESTAMP: '1790000000000000',
      MESSAGE: message,
      _SYSTEMD_UNIT: 'nginx.service',
    });
  writeFileSync(
    join(folder, 'journalctl'),
    `#!/bin/sh\necho "$@" >> ${join(root, 'calls')}\ncase "$*" in\n*--lines=1*) echo '${entry('c=1', 'old')}' ;;\n*--follow*) echo '${entry('c=2', 'from the journal')}'; exec sleep 60 ;;\nesac\n`,
  );
  chmodSync(join(folder, 'journalctl'), 0o755);
  const { PATH = '' } = process.env;
  process.env.PATH = `${folder}${delimiter}${PATH}`;
  const agent = start(configure(hub, { journal_units: ['nginx.service'] }));
  process.env.PATH = PATH;
  await hub.until(({ logs }) => logs.join('').includes('from the journal'));
  expect(hub.logs.join('')).not.toContain('old');
  expect(readFileSync(join(root, 'calls'), 'utf8')).toContain('--unit=nginx.service');
  expect(ask(join(root, 'config.yml')).stdout).toMatch(/^journal: running, \d entries sent$/m);
  expect(await stopped(agent)).toBe(0);
});

test('--once sends one round and what the log files have, and ends', async () => {
  await using hub = await startFakeHub();
  writeFileSync(join(root, 'app.log'), 'one\ntwo\n');
  const child = spawn(process.execPath, args(configure(hub), '--once'), {
    env: env(),
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  running.push(child);
  const [code] = await once(child, 'exit');
  expect(code).toBe(0);
  expect([hub.rows.metrics.length, hub.rows.checks.length]).toEqual([1, 1]);
  expect(hub.logs.join('')).toMatch(/one[\s\S]*two/);
});

test('three agents of one app under different names of the host do not disturb each other', async () => {
  await using hub = await startFakeHub();
  const file = configure(hub);
  for (const name of ['vps-1', 'vps-2', 'vps-3']) {
    running.push(
      spawn(process.execPath, [OBS_AGENT, '--config', file, '--app-name', 'shop', '--vps-name', name], {
        env: env(),
        stdio: 'ignore',
      }),
    );
  }
  await hub.until(({ rows }) => new Set(rows.metrics.map(({ vps_name }) => vps_name)).size === 3);
});
