/**
 * One cell of the rotation matrix: a writer, real logrotate in one of its modes, the agent, and a hub. In the end what lies on disk,
 * in whatever file, is held against what the hub has: lost, twice, torn.
 */

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { requireProgram } from '../../test/support/debian.ts';
import { type Child, startChild } from '../child.ts';
import type { TailAgentSettings } from './agent.ts';

/** What logrotate is told, besides to keep everything. */
export const MODES = {
  create: 'create',
  compress: 'create\n  compress',
  delaycompress: 'create\n  compress\n  delaycompress',
  olddir: 'create\n  olddir old\n  createolddir 755 root root',
  dateext: 'create\n  dateext\n  dateformat -%Y%m%d-%s',
  copytruncate: 'copytruncate',
  'copytruncate compress': 'copytruncate\n  compress',
} as const;

export type Mode = keyof typeof MODES;
export const PATTERNS = ['app.log', 'app.log*'] as const;
export type Pattern = (typeof PATTERNS)[number];

export interface CellOptions {
  readonly mode: Mode;
  readonly pattern: Pattern;
  /** Kills the agent with `kill -9` before every second rotation, and starts it again after it. */
  readonly kills: boolean;
  /** The hub that is asked in the end, and written to unless a database is given. */
  readonly hubUrl: string;
  /** The database of the hub, where the agent writes to it itself. */
  readonly databaseUrl?: string | undefined;
  readonly linesPerSecond: number;
  readonly rotations: number;
  readonly rotateEveryMs: number;
}

export interface CellResult {
  /** Lines that are on disk in the end. */
  readonly written: number;
  readonly lost: number;
  readonly twice: number;
  readonly torn: number;
  readonly kills: number;
  /** What the agent said, for whoever looks into a cell that is not zero. */
  readonly said: readonly string[];
}

/** How long the hub may take to have what is on disk. A line that is not there by then is lost. */
const SETTLE_MS = 15_000;

/** How long the agent is away across a rotation, and how far apart two are: names with dates have seconds. */
const AWAY_MS = 1_200;

let cells = 0;

export async function runCell(options: CellOptions): Promise<CellResult> {
  const { mode, pattern, hubUrl, databaseUrl, linesPerSecond, rotations, rotateEveryMs } = options;
  const folder = mkdtempSync(join(tmpdir(), 'flywatch-tail-'));
  const app = `cell-${process.pid}-${++cells}`;
  const logs = join(folder, 'logs');
  mkdirSync(logs, { mode: 0o755 });
  const file = join(logs, 'app.log');
  const said: string[] = [];
  const settings: TailAgentSettings = {
    agent: app,
    stateDir: join(folder, 'state'),
    output:
      databaseUrl === undefined ? { kind: 'hub', url: hubUrl, token: '' } : { kind: 'postgres', url: databaseUrl },
    files: [{ pattern: join(logs, pattern), app, host: 'bench' }],
  };
  let kills = 0;
  let agent = await startAgent(settings);
  const writer = startChild({
    name: 'writer',
    command: process.execPath,
    args: [join(import.meta.dirname, 'writer.ts'), file, String(linesPerSecond)],
  });
  try {
    await writer.nextLine(10_000);
    const rotate = createRotation(folder, file, mode, writer.pid);
    for (let rotation = 1; rotation <= rotations; rotation++) {
      await sleep(rotateEveryMs);
      if (!options.kills || rotation % 2 === 1) {
        rotate();
        continue;
      }
      process.kill(agent.pid, 'SIGKILL');
      kills++;
      said.push((await agent.ended).stderr);
      await sleep(AWAY_MS / 2);
      rotate();
      // Now and then two of them, so that a whole file comes and goes unseen.
      if (rotation % 4 === 0) {
        await sleep(AWAY_MS);
        rotate();
      }
      await sleep(AWAY_MS / 2);
      agent = await startAgent(settings);
    }
    await sleep(rotateEveryMs);
    await writer.stop();
    const onDisk = readNumbers(logs);
    const result = await compare(hubUrl, app, onDisk, linesPerSecond);
    await agent.stop();
    said.push((await agent.ended).stderr);
    return { written: onDisk.size, ...result, kills, said: said.filter((text) => text !== '') };
  } finally {
    await writer.stop();
    await agent.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function startAgent(settings: TailAgentSettings): Promise<Child> {
  const agent = startChild({
    name: 'agent',
    command: process.execPath,
    args: [join(import.meta.dirname, 'agent.ts'), JSON.stringify(settings)],
  });
  await agent.nextLine(10_000);
  return agent;
}

/** `logrotate -f`, once a call. */
function createRotation(folder: string, file: string, mode: Mode, writerPid: number): () => void {
  const logrotate = requireProgram('logrotate', { debianPackage: 'logrotate' });
  const config = join(folder, 'logrotate.conf');
  const signal = mode.startsWith('copytruncate') ? '' : `\n  postrotate\n    kill -HUP ${writerPid}\n  endscript`;
  writeFileSync(config, `${file} {\n  rotate 500\n  ${MODES[mode]}${signal}\n}\n`, { mode: 0o644 });
  const state = join(folder, 'logrotate.state');
  return () => void execFileSync(logrotate, ['-f', '-s', state, config], { stdio: ['ignore', 'ignore', 'pipe'] });
}

/** Numbers of all lines in all files below a folder. */
function readNumbers(folder: string): Set<number> {
  const numbers = new Set<number>();
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) {
      for (const number of readNumbers(path)) numbers.add(number);
      continue;
    }
    const bytes = readFileSync(path);
    for (const line of (name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString().split('\n')) {
      if (line !== '') numbers.add((JSON.parse(line) as { number: number }).number);
    }
  }
  return numbers;
}

async function compare(
  hubUrl: string,
  app: string,
  onDisk: ReadonlySet<number>,
  linesPerSecond: number,
): Promise<Pick<CellResult, 'lost' | 'twice' | 'torn'>> {
  const endMs = Date.now() + SETTLE_MS;
  for (;;) {
    const result = await compareOnce(hubUrl, app, onDisk);
    if (result.lost === 0) {
      // What comes twice comes late: a copy is read after its original.
      await sleep(Math.min(2_000, 1_000 + linesPerSecond));
      return compareOnce(hubUrl, app, onDisk);
    }
    if (Date.now() > endMs) return result;
    await sleep(250);
  }
}

async function compareOnce(hubUrl: string, app: string, onDisk: ReadonlySet<number>) {
  const response = await fetch(`${hubUrl}/logs/export?format=ndjson&app=${app}`);
  if (!response.ok) throw new Error(`the hub answered ${response.status} to an export`);
  const seen = new Map<number, number>();
  let torn = 0;
  for (const line of (await response.text()).split('\n')) {
    if (line === '') continue;
    const { message, fields } = JSON.parse(line) as { message: string; fields?: { number?: number } };
    const number = fields?.number;
    if (number === undefined || !message.endsWith(` number ${number}`)) torn++;
    else seen.set(number, (seen.get(number) ?? 0) + 1);
  }
  let lost = 0;
  for (const number of onDisk) if (!seen.has(number)) lost++;
  let twice = 0;
  for (const count of seen.values()) twice += count - 1;
  return { lost, twice, torn };
}
