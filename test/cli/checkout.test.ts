/** A checkout as two of the first documents have it: run by Bun, and its commands linked to where every folder finds them. */

import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bunOf, OWN } from '../../scripts/build-agent.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

let folder: string;
let checkout: string;
let env: NodeJS.ProcessEnv;

/** What a person would have after `git clone`, and `bun install`. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'flywatch-checkout-'));
  checkout = join(folder, 'flywatch');
  const list = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: ROOT });
  const isWanted = new Set(list.toString('utf8').split('\0'));
  for (const file of isWanted) if (file !== '') cpSync(join(ROOT, file), join(checkout, file));
  const { NODE_ENV: _, ...outside } = process.env;
  const ours = { PORT: '0', STORE_PATH: join(folder, 'flywatch.db'), npm_config_prefix: join(folder, 'prefix') };
  // The address of the registry, a proxy: what a person's shell has stays, but not that this is a test.
  env = { ...outside, ...ours };
  mkdirSync(join(folder, 'prefix/lib'), { recursive: true });
  execFileSync(bunOf(OWN), ['install', '--no-progress'], { cwd: checkout, env, stdio: 'pipe' });
});

afterAll(() => rm(folder, { recursive: true, force: true }));

test('bun install, bun dev: a hub with its dashboard', async () => {
  const hub = spawn(bunOf(OWN), ['dev'], { cwd: checkout, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  let said = '';
  const url = await new Promise<string>((resolve, reject) => {
    const hear = (piece: Buffer) => {
      said += piece.toString('utf8');
      const found = /listens at (http:\S+)/.exec(said);
      if (found !== null) resolve(found[1]!);
    };
    hub.stdout.on('data', hear);
    hub.stderr.on('data', hear);
    hub.on('exit', (code) => reject(new Error(`bun dev ended with ${code}: ${said}`)));
  });
  try {
    expect(await (await fetch(`${url}/ui/`)).text()).toMatch(/<script type="module"[^>]*src="\/ui\/assets\//);
    const stream = await fetch(`${url}/logs/stream?tail=1`);
    const { value } = await stream.body!.pipeThrough(new TextDecoderStream()).getReader().read();
    expect(value).toMatch(/^retry: 1000\n/);
  } finally {
    // As Ctrl-C in a terminal: the whole group is told.
    process.kill(-hub.pid!, 'SIGINT');
    await once(hub, 'close');
  }
});

test('npm run build && npm link in packages/cli: vg is a command everywhere', () => {
  const cli = join(checkout, 'packages/cli');
  const npm = (...args: string[]) => execFileSync('npm', args, { cwd: cli, env, encoding: 'utf8', stdio: 'pipe' });
  expect(npm('run', 'build')).toContain('dist/flywatch.1');
  npm('link');
  const bin = join(folder, 'prefix/bin');
  const everywhere = { ...env, PATH: `${bin}${delimiter}${env.PATH}` };
  const lines = '{"level":30,"msg":"fine"}\n{"level":50,"msg":"card declined"}\n';
  const run = (command: string) =>
    execFileSync('sh', ['-c', command], { cwd: folder, env: everywhere, input: lines, encoding: 'utf8' });
  expect(run('vg tail -l error --format raw')).toContain('card declined');
  for (const name of ['flywatch', 'obs-agent', 'fleet-hub'])
    expect(run(`${name} --version`)).toMatch(/^\d+\.\d+\.\d+\n$/);
});
