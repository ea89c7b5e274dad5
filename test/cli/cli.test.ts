/** The command line as a stranger types it: statuses, messages, and a Node that is too old. */

import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { intoClosedPipe } from '../support/closed-pipe.ts';
import { freePort, untilListening } from '../support/nats-server.ts';

const BIN = fileURLToPath(new URL('../../packages/cli/bin/flywatch.js', import.meta.url));
const { PATH = '' } = process.env;

function flywatch(args: readonly string[], env: Record<string, string> = {}, node = process.execPath, bin = BIN) {
  const { status, stdout, stderr } = spawnSync(node, [bin, ...args], {
    env: { PATH, ...env },
    encoding: 'utf8',
    timeout: 20_000,
  });
  return { status, stdout, stderr };
}

/** A Node older than the program needs, if this machine has one outside of node_modules. */
function oldNode(): string | undefined {
  for (const folder of PATH.split(delimiter)) {
    const node = join(folder, 'node');
    if (folder.includes('node_modules') || !existsSync(node)) continue;
    const { stdout } = spawnSync(node, ['--version'], { encoding: 'utf8' });
    const major = Number(/^v(\d+)/.exec(stdout)?.[1]);
    if (major >= 18 && major < 24) return node;
  }
  return undefined;
}

test('--version and --help end with 0', () => {
  expect(flywatch(['--version'])).toMatchObject({ status: 0, stdout: '0.1.0\n' });
  const help = flywatch(['--help']);
  expect(help.status).toBe(0);
  expect(help.stdout).toMatch(/serve .*run the hub[\s\S]*check-config/);
});

test('help is that of the command, whichever way it is asked for', () => {
  const { status, stdout } = flywatch(['help', 'logs']);
  expect(status).toBe(0);
  expect(stdout).toBe(flywatch(['logs', '--help']).stdout);
  expect(stdout).toContain('--no-follow');
});

test.each([
  ['obs-agent', ['--help'], 'obs-agent [options] [command]'],
  ['obs-agent', ['status', '--help'], 'obs-agent status [options]'],
  ['fleet-hub', ['--help'], 'fleet-hub [options]'],
  ['flywatch', ['agent', 'status', '--help'], 'flywatch agent status [options]'],
])('%s %j shows what is typed there', (name, args, usage) => {
  const { stdout } = flywatch(args, {}, process.execPath, join(dirname(BIN), `${name}.js`));
  expect(stdout.split('\n', 1)).toEqual([`Usage: ${usage}`]);
});

test.each([[['--help']], [['check-config']], [['agent', 'tail-test', BIN]]])(
  '%j ends with 0 and says nothing where its reader has gone',
  async (args) => {
    expect(await intoClosedPipe([process.execPath, BIN, ...args], { env: { PATH } })).toEqual({
      status: 0,
      stderr: '',
    });
  },
);

test('a hub outlives whoever read what it says', async () => {
  const port = await freePort();
  const env = { PATH, HOST: '127.0.0.1', PORT: String(port), PERSISTENCE_ENABLED: 'false' };
  const child = spawn(process.execPath, [BIN, 'serve'], { env, stdio: ['ignore', 'ignore', 'pipe'] });
  child.stderr.destroy();
  const ended = once(child, 'exit');
  await untilListening(port);
  // Ends the demo, which is said.
  await fetch(`http://127.0.0.1:${port}/ingest/logs`, { method: 'POST', body: 'a line' });
  expect((await fetch(`http://127.0.0.1:${port}/health`)).status).toBe(200);
  child.kill('SIGTERM');
  expect(await ended).toEqual([0, null]);
});

test.each([[['nothing']], [['serve', '--nothing']], [['check-config', '--port']], [[]]])(
  '%j is wrong usage: status 2 and a hint',
  (args) => {
    const { status, stderr } = flywatch(args);
    expect(status).toBe(2);
    expect(stderr).toMatch(/--help|Usage/);
  },
);

test('check-config shows what holds, secrets only as set', () => {
  const { status, stdout, stderr } = flywatch(['check-config', '--port', '9000'], {
    FLY_ORG: 'acme',
    ACCESS_TOKEN: 'FlyV1 fm2_secret',
    FLYWATCH_PROT: '1',
  });
  expect(status).toBe(0);
  expect(stdout).toMatch(/^PORT=9000$/m);
  expect(stdout).toMatch(/^ACCESS_TOKEN=\(set\)$/m);
  expect(stdout + stderr).not.toContain('fm2_secret');
  expect(stderr).toMatch(/warning: FLYWATCH_PROT is no option of the hub/);
});

test.each(['check-config', 'serve'])('%s reports all mistakes at once and ends with 2', (command) => {
  const { status, stderr } = flywatch([command], { PORT: 'http', DEMO_RATE: '-1', FLY_ORG: 'acme' });
  expect(status).toBe(2);
  for (const name of ['PORT', 'DEMO_RATE', 'ACCESS_TOKEN']) expect(stderr).toContain(name);
});

test('a port that is taken is said with its remedy', async () => {
  const { createServer } = await import('node:net');
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const { status, stderr } = flywatch(['serve', '--host', '127.0.0.1', '--port', String(port)], {
    PERSISTENCE_ENABLED: 'false',
  });
  expect(status).toBe(1);
  expect(stderr).toContain(`port ${port} is in use; set PORT to a free one`);
  server.close();
});

const old = oldNode();

test.skipIf(old === undefined)(
  `an older Node starts the current one (${old === undefined ? 'skipped: no Node 18 to 23 on this machine' : 'with one that is installed here'})`,
  () => {
    expect(flywatch(['--version'], {}, old)).toMatchObject({ status: 0, stdout: '0.1.0\n' });
    expect(flywatch(['nothing'], {}, old).status).toBe(2);
  },
);
