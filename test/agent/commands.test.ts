/** `flywatch agent` as people type it: statuses, messages, installed files, the unit, and the hook of deployments. */

// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of configuration files look like those of templates

import { execFile, execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { requireProgram } from '../support/debian.ts';

const repository = fileURLToPath(new URL('../../', import.meta.url));
const FLYWATCH = join(repository, 'packages/cli/bin/flywatch.js');
const OBS_AGENT = join(repository, 'packages/cli/bin/obs-agent.js');
const { PATH = '' } = process.env;

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'flywatch-agent-'));
});

afterEach(() => rmSync(root, { recursive: true }));

function agent(args: readonly string[], env: Record<string, string> = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [FLYWATCH, 'agent', ...args], {
    env: { PATH, ...env },
    encoding: 'utf8',
    timeout: 60_000,
  });
  return { status, stdout, stderr };
}

function write(path: string, text: string): string {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

const read = (path: string) => readFileSync(join(root, path), 'utf8');

const CONFIG = `monitoring:
  enabled: true
  hub_url: https://hub.example
  token: secret-token
  health_checks:
    - url: http://localhost:8000/health
      interval: 30
  log_files:
    - /opt/deployments/{app}/current/logs/app.log
`;

test('check-config shows what holds and no secret, under both names of the program', () => {
  const file = write('shop/config.yml', CONFIG);
  const { status, stdout, stderr } = agent(['check-config', '--config', file, '--vps-name', 'vps-1']);
  expect(stdout).toBe(`host vps-1: figures every 60 s to https://hub.example/
app shop (${file})
  check http://localhost:8000/health every 30 s, within 5 s
  log /opt/deployments/shop/current/logs/app.log
`);
  expect([status, stderr]).toEqual([0, '']);
  const same = spawnSync(process.execPath, [OBS_AGENT, 'check-config', '--config', file, '--vps-name', 'vps-1'], {
    encoding: 'utf8',
  });
  expect([same.status, same.stdout]).toEqual([0, stdout]);
});

test('obs-agent says its version, and helps with its own commands', () => {
  const run = (flag: string) => spawnSync(process.execPath, [OBS_AGENT, flag], { encoding: 'utf8' });
  expect(run('--version')).toMatchObject({ status: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
  expect(run('--help').stdout).toMatch(/check-config[\s\S]*status[\s\S]*tail-test[\s\S]*install/);
});

test.each([['check-config'], ['run'], ['--dry-run']])('%s ends with 2 and all mistakes', (command) => {
  const file = write('shop/config.yml', CONFIG.replace('interval: 30', 'intervall: 30').replace('hub_url', 'hub_ulr'));
  const { status, stderr } = agent([command, '--config', file, '--app-name', 'shop']);
  expect(status).toBe(2);
  expect(stderr).toContain(`${file}:3:3: monitoring.hub_ulr: unknown option; did you mean hub_url?`);
  expect(stderr).toContain(
    `${file}:7:7: monitoring.health_checks[0].intervall: unknown option; did you mean interval?`,
  );
});

test.each([['check-config'], ['run'], ['--dry-run']])('%s ends with 1 where monitoring is not enabled', (command) => {
  const file = write('shop/config.yml', CONFIG.replace('true', 'false'));
  const { status, stderr } = agent([command, '--config', file]);
  expect(status).toBe(1);
  expect(stderr).toBe(`monitoring is not enabled in ${file}; set monitoring.enabled to true\n`);
});

test('without --config the file is the one of the app', () => {
  expect(agent(['check-config', '--app-name', 'no-such-app']).stderr).toBe(
    '/opt/deployments/no-such-app/config.yml: the file does not exist\n',
  );
});

test.each([
  [['nothing']],
  [['check-config', '--nothing']],
  [['install', '--hub', 'x', '--token', 't']],
  [['install', '--hub', 'https://h']],
  [['install', '--hub', 'https://h', '--token', 't', '--app', '../x']],
  [['install', '--hub', 'https://h', '--token', 't', '--vps-name', 'a b']],
])('%j is wrong usage: status 2', (args) => {
  expect(agent(args).status).toBe(2);
});

test('--dry-run prints one cycle as it would be sent, and sends nothing', async () => {
  let requests = 0;
  const server = createServer((request, response) => {
    if (request.url !== '/health') requests++;
    response.end('ok');
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const file = write(
    'shop/config.yml',
    CONFIG.replace('http://localhost:8000', base).replace('https://hub.example', base),
  );
  const { stdout } = await promisify(execFile)(process.execPath, [
    FLYWATCH,
    'agent',
    '--config',
    file,
    '--vps-name',
    'vps-1',
    '--dry-run',
  ]);
  server.close();
  expect(JSON.parse(stdout)).toMatchObject({
    metrics: [
      { vps_name: 'vps-1', app_name: 'shop', cpu_percent: expect.any(Number), memory_percent: expect.any(Number) },
    ],
    checks: [
      { vps_name: 'vps-1', app_name: 'shop', url: `${base}/health`, status_code: 200, success: true, state: 'up' },
    ],
  });
  expect(requests).toBe(0);
});

test('tail-test shows what is joined and recognised, and where', () => {
  const file = write('app.log', 'plain line\n{"level":"info","message":"x"}\nError: boom\n    at f (a.js:1:2)\nhalf');
  const { status, stdout } = agent(['tail-test', file]);
  expect(status).toBe(0);
  expect(stdout).toMatch(/^1\t\w+\t"plain line"\n2\t\w+\t/);
  expect(stdout).toMatch(/^3\t\w+ \(2 lines\)\t"Error: boom\\n {4}at f/m);
  expect(stdout).toMatch(/^5\t\w+ \(no line break yet\)\t"half"$/m);
  expect(stdout).toMatch(/^4 events of 5 lines: /m);
  expect(agent(['tail-test', file, '-n', '1']).stdout.split('\n')).toHaveLength(3);
  expect(agent(['tail-test', join(root, 'none.log')])).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('cannot be read'),
  });
});

test('install writes what a host needs, the token for root alone, and uninstall takes it away', () => {
  const systemctl = requireProgram('systemctl', { debianPackage: 'systemd' });
  const { status, stdout } = agent(['install', '--hub', 'https://hub.example', '--token', 'tok', '--root', root]);
  expect([status, stdout]).toEqual([0, expect.stringContaining('enable obs-agent.service')]);
  expect(read('etc/flywatch/agent.yml')).not.toContain('tok\n');
  expect(read('etc/flywatch/.env.production')).toBe('FLYWATCH_INGEST_TOKEN=tok\n');
  expect(statSync(join(root, 'etc/flywatch/.env.production')).mode & 0o777).toBe(0o600);
  const enabled = () =>
    spawnSync(systemctl, ['--root', root, 'is-enabled', 'obs-agent.service'], { encoding: 'utf8' }).stdout.trim();
  expect(enabled()).toBe('enabled');
  const unit = read('etc/systemd/system/obs-agent.service');
  expect(unit).toContain('ExecStart=/usr/local/bin/obs-agent run --config /etc/flywatch/agent.yml\n');
  expect(unit).toContain('EnvironmentFile=-/etc/flywatch/.env.production\n');
  expect(unit).not.toContain('%i');
  const version = execFileSync(
    join(root, 'usr/local/bin/obs-agent'),
    ['check-config', '--config', join(root, 'etc/flywatch/agent.yml')],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] },
  );
  expect(version).toContain('to https://hub.example/');
  expect(agent(['uninstall', '--root', root]).status).toBe(0);
  expect(enabled()).not.toBe('enabled');
  for (const path of [
    'etc/flywatch/agent.yml',
    'etc/flywatch/.env.production',
    'etc/systemd/system/obs-agent.service',
    'usr/local/bin/obs-agent',
  ]) {
    expect(existsSync(join(root, path)), path).toBe(false);
  }
});

test('install for an app keeps what its files have, comments too; twice is once; uninstall switches off and keeps the rest', () => {
  write(
    'opt/deployments/shop/config.yml',
    '# ours\nname: shop # the name\nmonitoring:\n  enabled: false\n  postgres_url: ${X}\n  log_files:\n    - a.log\n',
  );
  write('opt/deployments/shop/.env.production', 'SECRET=1\nFLYWATCH_INGEST_TOKEN=old');
  const args = ['install', '--hub', 'https://hub.example', '--token', 'new', '--app', 'shop', '--root', root];
  expect(agent(args).status).toBe(0);
  const config = read('opt/deployments/shop/config.yml');
  expect(config).toBe(
    '# ours\nname: shop # the name\nmonitoring:\n  enabled: true\n  log_files:\n    - a.log\n  hub_url: https://hub.example\n  token: ${FLYWATCH_INGEST_TOKEN}\n',
  );
  expect(read('opt/deployments/shop/.env.production')).toBe('SECRET=1\nFLYWATCH_INGEST_TOKEN=new\n');
  expect(agent(args).stdout).toContain('config.yml is as it should be');
  agent(['install', '--hub', 'https://hub.example', '--token', 'new', '--app', 'api', '--root', root]);
  agent(['uninstall', '--app', 'shop', '--root', root]);
  expect(read('opt/deployments/shop/config.yml')).toBe(
    '# ours\nname: shop # the name\nmonitoring:\n  enabled: false\n  log_files:\n    - a.log\n',
  );
  expect(read('opt/deployments/shop/.env.production')).toBe('SECRET=1\n');
  expect(existsSync(join(root, 'etc/systemd/system/obs-agent@.service'))).toBe(true);
  agent(['uninstall', '--app', 'api', '--root', root]);
  expect(existsSync(join(root, 'etc/systemd/system/obs-agent@.service'))).toBe(false);
});

test('install gives the host the name that it was enrolled under', () => {
  agent(['install', '--hub', 'https://h', '--token', 't', '--vps-name', 'vps-1', '--root', root]);
  expect(agent(['check-config', '--config', join(root, 'etc/flywatch/agent.yml')]).stdout).toMatch(/^host vps-1: /);
});

test('install finds its program by whatever link it was called, as npm makes them', () => {
  const link = join(root, 'flywatch');
  symlinkSync(FLYWATCH, link);
  const args = ['agent', 'install', '--hub', 'https://h', '--token', 't', '--root', root];
  expect(spawnSync(process.execPath, [link, ...args]).status).toBe(0);
  const launcher = join(root, 'usr/local/bin/obs-agent');
  expect(execFileSync(launcher, ['--version'], { encoding: 'utf8' })).toMatch(/^\d+\.\d+\.\d+\n$/);
});

test('install ends with 1 where systemd cannot be told, and says what is left to do', () => {
  const { status, stdout } = agent(['install', '--hub', 'https://h', '--token', 't', '--root', root], {
    PATH: dirname(process.execPath),
  });
  expect([status, stdout]).toEqual([1, expect.stringMatching(/systemctl .* failed: .*; run it by hand/)]);
});

test('install touches no configuration that it does not understand', () => {
  const file = write('opt/deployments/shop/config.yml', 'monitoring: [what is this');
  const { status, stderr } = agent(['install', '--hub', 'https://h', '--token', 't', '--app', 'shop', '--root', root]);
  expect([status, stderr]).toEqual([1, expect.stringContaining('is no YAML')]);
  expect(readFileSync(file, 'utf8')).toBe('monitoring: [what is this');
  expect(existsSync(join(root, 'etc'))).toBe(false);
});

test('the unit that install writes is the template, and systemd finds nothing wrong with it', () => {
  agent(['install', '--hub', 'https://h', '--token', 't', '--app', 'shop', '--root', root]);
  const template = readFileSync(join(repository, 'templates/obs-agent.service'), 'utf8');
  expect(read('etc/systemd/system/obs-agent@.service')).toBe(template);
  const analyze = requireProgram('systemd-analyze', { debianPackage: 'systemd' });
  const options = { encoding: 'utf8', env: { ...process.env, SYSTEMD_COLORS: '0' } } as const;
  const verified = spawnSync(
    analyze,
    ['verify', '--man=no', join(root, 'etc/systemd/system/obs-agent@.service')],
    options,
  );
  expect(
    verified.stderr.split('\n').filter((line) => line.includes('obs-agent@') && !line.includes('not executable')),
  ).toEqual([]);
});

test.each([[undefined], ['shop']])('the unit of %s is exposed no more than 2.0 (systemd-analyze security)', (app) => {
  agent([
    'install',
    '--hub',
    'https://h',
    '--token',
    't',
    ...(app === undefined ? [] : ['--app', app]),
    '--root',
    root,
  ]);
  const analyze = requireProgram('systemd-analyze', { debianPackage: 'systemd' });
  const unit = join(root, `etc/systemd/system/obs-agent${app === undefined ? '' : '@'}.service`);
  const { status, stdout } = spawnSync(analyze, ['security', '--offline=true', '--threshold=20', '--no-pager', unit], {
    encoding: 'utf8',
  });
  expect(
    status,
    stdout
      .split('\n')
      .filter((line) => /✗|exposure/.test(line))
      .join('\n'),
  ).toBe(0);
  expect(Number(/exposure level for \S+: ([\d.]+)/.exec(stdout)?.[1])).toBeLessThanOrEqual(2);
});

test('the unit has the hardening of the original', () => {
  const lines = readFileSync(join(repository, 'templates/obs-agent.service'), 'utf8').split('\n');
  const original = [
    'User=www-data',
    'PrivateTmp=yes',
    'NoNewPrivileges=yes',
    'ProtectSystem=strict',
    'ProtectHome=yes',
    'CPUQuota=10%',
  ];
  expect(lines).toEqual(expect.arrayContaining(original));
  expect(lines.some((line) => line.startsWith('MemoryMax='))).toBe(true);
});

/** Runs the hook with a systemctl that only writes down what it is asked. `hostConfig` is that of an agent for the whole host. */
function postDeploy(app: string, hostConfig?: string) {
  const folder = join(root, 'bin');
  mkdirSync(folder, { recursive: true });
  const calls = join(root, 'calls');
  writeFileSync(calls, '');
  writeFileSync(
    join(folder, 'systemctl'),
    `#!/bin/sh\n[ "$1" = is-enabled ] && exit ${hostConfig === undefined ? 1 : 0}\necho "$@" >> ${calls}\n`,
  );
  writeFileSync(join(folder, 'obs-agent'), `#!/bin/sh\nexec ${process.execPath} ${OBS_AGENT} "$@"\n`);
  for (const name of ['systemctl', 'obs-agent']) chmodSync(join(folder, name), 0o755);
  const { status, stdout, stderr } = spawnSync('sh', [join(repository, 'templates/post-deploy'), app], {
    encoding: 'utf8',
    env: { PATH: `${folder}${delimiter}${PATH}`, FLYWATCH_DEPLOYMENTS: root, FLYWATCH_HOST_CONFIG: hostConfig ?? '' },
  });
  return { status, stdout, stderr, calls: readFileSync(calls, 'utf8').trim() };
}

test('after a deployment an app that asks for monitoring is watched', () => {
  write('shop/config.yml', CONFIG);
  expect(postDeploy('shop')).toMatchObject({
    status: 0,
    calls: 'enable obs-agent@shop.service\nrestart obs-agent@shop.service',
  });
});

test('one that does not, or not any more, is not', () => {
  write('shop/config.yml', CONFIG.replace('true', 'false'));
  expect(postDeploy('shop')).toMatchObject({ status: 0, calls: 'disable --now obs-agent@shop.service' });
  expect(postDeploy('other')).toMatchObject({ status: 0, calls: 'disable --now obs-agent@other.service' });
});

test('a configuration with mistakes changes nothing of what runs, and names them', () => {
  write('shop/config.yml', CONFIG.replace('hub_url', 'hub'));
  const { status, stderr, calls } = postDeploy('shop');
  expect([status, calls]).toEqual([2, '']);
  expect(stderr).toMatch(/monitoring\.hub: unknown option[\s\S]*is left as it is/);
});

test('where one agent serves the host, it reads its configurations again; apps need no output of their own there', () => {
  const host = write(
    'agent.yml',
    `monitoring:\n  enabled: true\n  hub_url: https://h\n  token: t\n  apps: ${root}/*/config.yml\n`,
  );
  write('shop/config.yml', 'monitoring:\n  enabled: true\n');
  const calls = 'reload-or-restart obs-agent.service';
  expect(postDeploy('shop', host)).toMatchObject({
    status: 0,
    calls,
    stdout: expect.stringContaining('shop is watched'),
  });
  write('shop/config.yml', 'monitoring:\n  enabled: false\n');
  expect(postDeploy('shop', host)).toMatchObject({
    status: 0,
    calls,
    stdout: expect.stringContaining('does not watch'),
  });
  write('api/config.yml', 'monitoring:\n  enabled: true\n  log_file: x\n');
  expect(postDeploy('shop', host)).toMatchObject({ status: 2, calls: '', stderr: expect.stringContaining('log_file') });
});

test.each([['../etc'], ['']])('the hook refuses %j as a name', (app) => {
  expect(postDeploy(app)).toMatchObject({ status: 2, calls: '' });
});
