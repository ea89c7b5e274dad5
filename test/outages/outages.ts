/**
 * A real agent whose way to a hub or a database is cut and mended again and again, or whose other side is away for long, while
 * an app writes lines, its file is rotated, and checks are made. In the end everything has to be there, once, and nothing is
 * left in the agent's spool.
 */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { globSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type AgentStatus, askStatus } from '@flywatch/agent';
import { Random } from '../fuzz/random.ts';
import type { SmallDisk } from '../support/small-disk.ts';
import { Cable, CUTS } from './cable.ts';
import { type OTHER_SIDES, startOtherSide } from './other-side.ts';
import { startWatchedApp } from './watched-app.ts';

export interface OutageOptions {
  readonly into: (typeof OTHER_SIDES)[number];
  /** How often the cable is cut. */
  readonly cuts: number;
  /** How long the other side is away after that; 0 where it stays. */
  readonly awayMs: number;
  /** Where the agent keeps its state, which is full meanwhile; without it that is a folder like any other. */
  readonly disk?: SmallDisk | undefined;
  readonly linesPerSecond: number;
  readonly seed: string;
  readonly say: (text: string) => void;
}

export interface Counted {
  readonly made: number;
  readonly lost: number;
  readonly twice: number;
}

export interface OutageResult {
  readonly lines: Counted;
  /** Of checks, one may have been made, and not sent, when the agent was told to end. */
  readonly checks: Counted;
  readonly figuresTwice: number;
  /** What the agent itself says that it gave up, or could not deliver. */
  readonly said: { readonly lost: number; readonly warnings: number };
  /** From the last mending until nothing waited any more. */
  readonly caughtUpMs: number;
  readonly mostSpoolBytes: number;
  readonly spoolBytesAtEnd: number;
  readonly mostAgentBytes: number;
}

const OBS_AGENT = fileURLToPath(new URL('../../packages/cli/bin/obs-agent.js', import.meta.url));

/** Bounds of a cut and of the time between two, in milliseconds. A hub or a server is back before an agent has given it up, or after. */
const CUT_MS = [20, 3000] as const;
const WHOLE_MS = [50, 2000] as const;

/** Beyond the longest wait between two tries. */
const CATCH_UP_MS = 180_000;

const LOOK_MS = 200;

/** Two files that say nothing but where they count on from, and one result that came at the end. */
const EMPTY_SPOOLS_BYTES = 2048;

export async function runOutages(options: OutageOptions): Promise<OutageResult> {
  const { into, cuts, awayMs, disk, linesPerSecond, seed, say } = options;
  const folder = mkdtempSync(join(tmpdir(), 'flywatch-outages-'));
  const file = join(folder, 'logs', 'app.log');
  mkdirSync(join(folder, 'logs'));
  await using otherSide = await startOtherSide(into);
  const cable = await Cable.plug(otherSide.port);
  await using app = await startWatchedApp(file, linesPerSecond, 4000);
  const config = join(folder, 'config.yml');
  const monitoring = {
    enabled: true,
    collection_interval: 10,
    health_checks: [{ url: app.url, interval: 1, timeout: 1 }],
    log_files: [file],
    ...otherSide.settings(cable.port),
  };
  writeFileSync(config, JSON.stringify({ monitoring }));
  const states = disk?.folder ?? join(folder, 'state');
  const stateDir = join(states, 'flywatch', 'shop@vps-1');
  const agent = startAgent(states, config);
  const most = { spool: 0, agent: 0 };
  const watch = async () => {
    const status = (await askStatus(stateDir)) as AgentStatus | undefined;
    most.spool = Math.max(most.spool, spoolBytes(stateDir));
    most.agent = Math.max(most.agent, status?.own.rssBytes ?? 0);
    return status;
  };
  try {
    await until(async () => ((await watch())?.logs.linesSent ?? 0) > 0);
    await cutAndMend(cable, cuts, seed, async (cut) => {
      const status = await watch();
      if (cut % 10 === 0) say(`${cut} cuts, ${app.linesWritten} lines written, ${status?.logs.linesSent} acknowledged`);
    });
    if (awayMs > 0) {
      await otherSide.goAway();
      disk?.fill();
      const endMs = performance.now() + awayMs;
      while (performance.now() < endMs) {
        await sleep(Math.min(LOOK_MS, awayMs));
        await watch();
      }
      say(`away for ${awayMs / 1000} s, ${app.linesWritten} lines written, ${most.spool} bytes in the spool`);
      disk?.clear();
      await otherSide.comeBack();
    }
    const mendedAt = performance.now();
    app.stopWriting();
    const last = await until(async () => {
      const status = await watch();
      const isEmpty = status?.metrics.waiting === 0 && status.checks.waiting === 0;
      return isEmpty && status.logs.linesSent >= app.linesWritten ? status : undefined;
    });
    const caughtUpMs = Math.round(performance.now() - mendedAt);
    await agent.stop();
    const [lines, checks, figures] = [await otherSide.lines(), await otherSide.checks(), await otherSide.figures()];
    return {
      lines: count(lines, app.linesWritten),
      checks: count(checks, app.checksAnswered),
      figuresTwice: figures.length - new Set(figures).size,
      said: {
        lost: last.metrics.lost + last.checks.lost + last.logs.linesLost + last.logs.bytesLost,
        warnings: agent.said().match(/ WARN /g)?.length ?? 0,
      },
      caughtUpMs,
      mostSpoolBytes: most.spool,
      spoolBytesAtEnd: spoolBytes(stateDir),
      mostAgentBytes: most.agent,
    };
  } catch (error) {
    say(agent.said());
    throw error;
  } finally {
    await agent.stop();
    cable.unplug();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function cutAndMend(cable: Cable, cuts: number, seed: string, onMended: (cut: number) => Promise<void>) {
  const random = new Random(seed);
  for (let cut = 1; cut <= cuts; cut++) {
    await sleep(random.int(...WHOLE_MS));
    cable.cut(CUTS[random.int(0, CUTS.length - 1)]!);
    await sleep(random.int(...CUT_MS));
    await cable.mend();
    await onMended(cut);
  }
}

/** Nothing lost, nothing twice, and the spool has nothing but its first line. */
export function isClean({ lines, checks, figuresTwice, said, spoolBytesAtEnd }: OutageResult): boolean {
  const twice = lines.twice + checks.twice + figuresTwice;
  return lines.lost === 0 && checks.lost <= 1 && twice === 0 && said.lost === 0 && spoolBytesAtEnd < EMPTY_SPOOLS_BYTES;
}

function startAgent(states: string, config: string) {
  const args = [OBS_AGENT, '--config', config, '--app-name', 'shop', '--vps-name', 'vps-1'];
  const env = { PATH: process.env.PATH, XDG_STATE_HOME: states };
  const child: ChildProcess = spawn(process.execPath, args, { env, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr!.on('data', (text) => {
    said += text;
  });
  return {
    said: () => said,
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}

/** What the condition gives once it gives something. */
async function until<T>(condition: () => Promise<T | false | undefined>): Promise<T> {
  const endMs = performance.now() + CATCH_UP_MS;
  for (;;) {
    const value = await condition();
    if (value !== false && value !== undefined) return value;
    if (performance.now() > endMs) throw new Error(`nothing came of it within ${CATCH_UP_MS / 1000} s`);
    await sleep(LOOK_MS);
  }
}

function count(kept: readonly string[], made: number): Counted {
  const different = new Set(kept).size;
  return { made, lost: Math.max(0, made - different), twice: kept.length - different };
}

function spoolBytes(state: string): number {
  // One may just be taking the place of another.
  return globSync(join(state, '*.spool')).reduce(
    (sum, path) => sum + (statSync(path, { throwIfNoEntry: false })?.size ?? 0),
    0,
  );
}
