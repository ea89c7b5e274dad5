/** What people do with `flywatch` after they have installed it, on one Node: every command by its name, and a hub over a restart. */

import assert from 'node:assert/strict';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { OLDEST_PROGRAM_NODE } from '../pack-manifest.ts';
import { attempt, type Finding } from './finding.ts';
import type { InstalledProgram, Outcome } from './installed-program.ts';
import type { Node } from './nodes.ts';

const COMMANDS = ['flywatch', 'vg', 'obs-agent', 'fleet-hub'];

const VERSION = /^\d+\.\d+\.\d+\n$/;

const LINES = '{"level":30,"msg":"fine"}\n{"level":50,"msg":"card declined"}\n';

type Run = (command: string, args: readonly string[], input?: string) => Promise<Outcome>;

export async function checkProgram(program: InstalledProgram, { major, program: node }: Node): Promise<Finding[]> {
  const check = (what: string, work: () => Promise<void>) => attempt(`flywatch on Node ${major}: ${what}`, work);
  const run: Run = (command, args, input) => program.run(node, command, args, input);
  if (major < OLDEST_PROGRAM_NODE) return [await check('every command says what it needs', () => assertRefused(run))];
  const before = program.files();
  const place = join(program.home, `node-${major}`);
  mkdirSync(place);
  const store = join(place, 'flywatch.db');
  return [
    await check('every command is there', async () => {
      for (const command of COMMANDS) assert.match((await run(command, ['--version'])).stdout, VERSION);
    }),
    await check('vg tail reads lines', async () => {
      assert.match((await run('vg', ['tail', '-l', 'error', '--format', 'raw'], LINES)).stdout, /card declined/);
    }),
    await check('a hub has its dashboard, its stream and its store; vg logs and an agent reach it', async () => {
      await using hub = await program.startHub(node, ['flywatch', 'serve'], store);
      await assertPage(hub.url);
      assert.match(await firstEvent(`${hub.url}/logs/stream`), /"demo":true/);
      const { stdout } = await run('vg', ['logs', '-u', hub.url, '-n', '1', '--no-follow', '--json']);
      assert.equal(typeof JSON.parse(stdout).message, 'string');
      await assertAgentReports(run, hub.url, place);
      const sent = await fetch(`${hub.url}/ingest/logs?app=shop`, { method: 'POST', body: 'still here' });
      assert.equal(sent.status, 200);
    }),
    await check('fleet-hub is the same hub, and has what was there before the restart', async () => {
      await using hub = await program.startHub(node, ['fleet-hub'], store);
      assert.match(await textOf(`${hub.url}/logs/history?app=shop`), /still here/);
    }),
    await check('agent install leaves a program that the unit can start', async () => {
      // Another root: nothing of this machine is changed, and no systemd is needed.
      const args = ['agent', 'install', '--hub', 'http://localhost:8080', '--token', 'any', '--root', place];
      const { stderr } = await run('flywatch', args);
      const installed = join(place, 'usr/local/bin/obs-agent');
      assert.ok(existsSync(installed), stderr);
      assert.match((await run(installed, ['--version'])).stdout, VERSION);
    }),
    await check('nothing is written beside what npm has installed', async () => {
      assert.deepEqual(program.files(), before);
    }),
  ];
}

/** On a Node that is too old. */
async function assertRefused(run: Run): Promise<void> {
  for (const command of COMMANDS) {
    const { status, stderr } = await run(command, ['--version']);
    assert.deepEqual([status, stderr.includes(`${command} needs Node ${OLDEST_PROGRAM_NODE}`)], [1, true], stderr);
  }
}

/** One round of figures, printed and then sent, and what the hub says of the host. */
async function assertAgentReports(run: Run, hub: string, place: string): Promise<void> {
  const config = join(place, 'agent.yml');
  // The hub is open: any token is good.
  writeFileSync(config, `monitoring:\n  enabled: true\n  hub_url: ${hub}\n  token: any\n`);
  const args = ['--config', config, '--vps-name', 'vps-1'];
  const dry = await run('obs-agent', ['--dry-run', ...args]);
  assert.equal(dry.status, 0, dry.stderr);
  assert.equal(JSON.parse(dry.stdout).metrics[0].vps_name, 'vps-1');
  const { status, stderr } = await run('obs-agent', ['--once', ...args]);
  assert.equal(status, 0, stderr);
  assert.match(await textOf(`${hub}/api/fleet/summary`), /vps-1/);
}

async function assertPage(url: string): Promise<void> {
  const page = await textOf(`${url}/ui/`);
  const [, script] = /<script type="module"[^>]*src="([^"]+)"/.exec(page) ?? [];
  assert.ok(script, page);
  const { status, headers } = await fetch(new URL(script, url), { headers: { 'accept-encoding': 'gzip' } });
  assert.deepEqual([status, headers.get('content-encoding')], [200, 'gzip']);
}

async function textOf(url: string): Promise<string> {
  return (await fetch(url)).text();
}

/** The first line of data that a stream has. */
async function firstEvent(url: string): Promise<string> {
  const stream = await fetch(url);
  let said = '';
  for await (const piece of stream.body!.pipeThrough(new TextDecoderStream())) {
    said += piece;
    const [data] = /^data: .*$/m.exec(said) ?? [];
    if (data !== undefined) return data;
  }
  throw new Error(`the stream ended: ${said}`);
}
