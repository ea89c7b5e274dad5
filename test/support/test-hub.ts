/** A hub for tests: in this process on a free port, or as a process of its own that can be killed. */

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createLog, type Hub, type HubOptions, loadConfig, startHub } from '@flywatch/hub';

type Environment = Readonly<Record<string, string>>;

/** What every test hub has unless a test says otherwise: loopback, a free port, no demo traffic, no host but those that are sent. */
const DEFAULTS: Environment = {
  HOST: '127.0.0.1',
  PORT: '0',
  DEMO_RATE: '0',
  LOG_LEVEL: 'info',
  WATCH_OWN_HOST: 'false',
};

export interface TestHub extends Hub {
  /** What it has logged. */
  readonly lines: readonly string[];
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * A hub in this process. Its state lies in a folder that goes with it, unless STORE_PATH is given.
 * @param folders - the built files of dashboard and agent, where the test is about them.
 */
export async function startTestHub(
  env: Environment = {},
  folders: Pick<HubOptions, 'pageFolder' | 'agentFolder'> = {},
): Promise<TestHub> {
  const folder = mkdtempSync(join(tmpdir(), 'flywatch-hub-'));
  const { config } = loadConfig({ ...DEFAULTS, STORE_PATH: join(folder, 'flywatch.db'), ...env });
  const lines: string[] = [];
  const hub = await startHub({ config, ...folders, log: createLog(config.LOG_LEVEL, (line) => lines.push(line)) });
  return {
    ...hub,
    lines,
    [Symbol.asyncDispose]: async () => {
      await hub.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export interface HubProcess {
  readonly pid: number;
  readonly url: string;
  readonly port: number;
  readonly lines: readonly string[];
  /** Resolves when a line of the log matches. */
  logged(pattern: RegExp): Promise<string>;
  /** Sends a signal and resolves with the exit code, or the signal that ended it. */
  end(signal: NodeJS.Signals): Promise<number | NodeJS.Signals>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Programs that are a hub, and what follows their names. */
const PROGRAMS = { flywatch: ['serve'], 'fleet-hub': [] } as const;

/** `flywatch serve` as a process of its own, or the same under its other name; resolves when it listens. */
export async function spawnHub(env: Environment = {}, name: keyof typeof PROGRAMS = 'flywatch'): Promise<HubProcess> {
  const bin = fileURLToPath(new URL(`../../packages/cli/bin/${name}.js`, import.meta.url));
  const folder = mkdtempSync(join(tmpdir(), 'flywatch-hub-'));
  const { PATH = '' } = process.env;
  const child: ChildProcess = spawn(process.execPath, [bin, ...PROGRAMS[name]], {
    env: { PATH, ...DEFAULTS, STORE_PATH: join(folder, 'flywatch.db'), ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const lines: string[] = [];
  const waiting = new Set<() => void>();
  let rest = '';
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    const parts = (rest + text).split('\n');
    rest = parts.pop()!;
    lines.push(...parts);
    for (const check of waiting) check();
  });
  const exited = new Promise<number | NodeJS.Signals>((resolve) => {
    child.once('exit', (code, signal) => resolve(code ?? signal!));
  });
  const logged = (pattern: RegExp) =>
    new Promise<string>((resolve, reject) => {
      const check = () => {
        const line = lines.find((text) => pattern.test(text));
        if (line === undefined) return;
        waiting.delete(check);
        resolve(line);
      };
      waiting.add(check);
      check();
      void exited.then((how) =>
        reject(new Error(`the hub ended (${how}) before it logged ${pattern}:\n${lines.join('\n')}`)),
      );
    });
  const line = await logged(/listens at/);
  const port = Number(/ port=(\d+)/.exec(line)![1]);
  const end = (signal: NodeJS.Signals) => {
    child.kill(signal);
    return exited;
  };
  return {
    pid: child.pid!,
    url: `http://127.0.0.1:${port}`,
    port,
    lines,
    logged,
    end,
    [Symbol.asyncDispose]: async () => {
      await end('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
