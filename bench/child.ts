// A program that the bench starts: its lines as an async source, its end as a promise, and the promise that none outlives us.

import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

/** How much of a program's stderr is kept for the error message. */
const STDERR_KEPT = 4000;
/** After SIGTERM a program gets this long, then SIGKILL. */
const STOP_AFTER_MS = 10_000;

const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** Debian keeps servers in directories that are in nobody's PATH but root's. */
const PROGRAM_DIRS = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin', '/sbin'];

/** The full path of an installed program, or undefined. */
export function findProgram(name: string): string | undefined {
  for (const dir of PROGRAM_DIRS) {
    const file = join(dir, name);
    try {
      accessSync(file, constants.X_OK);
      return file;
    } catch {
      // not here; look on
    }
  }
  return undefined;
}

export interface ChildOptions {
  name: string;
  command: string;
  args: string[];
  /** Added to PATH and HOME; nothing else of the environment is handed on, so that a run does not depend on whose shell it is. */
  env?: Record<string, string>;
  cwd?: string;
}

export interface Child {
  pid: number;
  /** The next line of stdout; throws if the program ends first, or after the time given. */
  nextLine(timeoutMs: number): Promise<string>;
  write(line: string): void;
  /** Resolves with the last words of stderr when the program has ended. */
  ended: Promise<{ code: number | null; stderr: string }>;
  /** True once it has ended. */
  isGone(): boolean;
  stop(): Promise<void>;
}

export function startChild({ name, command, args, env, cwd }: ChildOptions): Child {
  const child = spawn(command, args, {
    cwd,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  running.add(child);
  let stderr = '';
  let gone = false;
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-STDERR_KEPT);
  });
  child.stdin.on('error', () => {}); // a command to a program that has just ended; `ended` tells
  const lines: string[] = [];
  const waiting: (() => void)[] = [];
  const wake = (): void => {
    for (const resolve of waiting.splice(0)) resolve();
  };
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(line);
    wake();
  });
  const ended = new Promise<{ code: number | null; stderr: string }>((resolve, reject) => {
    child.on('error', (cause) => reject(new Error(`${name} could not be started`, { cause })));
    child.on('close', (code) => {
      gone = true;
      running.delete(child);
      wake();
      resolve({ code, stderr });
    });
  });
  ended.catch(() => {
    gone = true;
    wake();
  });

  return {
    pid: child.pid ?? 0,
    ended,
    isGone: () => gone,
    write: (line) => void child.stdin.write(`${line}\n`),
    async nextLine(timeoutMs) {
      const deadline = Date.now() + timeoutMs;
      while (lines.length === 0) {
        if (gone) throw new Error(`${name} has ended: ${stderr.trim() || (await ended).code}`);
        if (Date.now() >= deadline) throw new Error(`${name} has said nothing for ${timeoutMs} ms. ${stderr.trim()}`);
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, deadline - Date.now());
          waiting.push(() => {
            clearTimeout(timer);
            resolve();
          });
        });
      }
      return lines.shift()!;
    },
    async stop() {
      if (gone) return;
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_AFTER_MS);
      await ended.catch(() => {});
      clearTimeout(timer);
    },
  };
}

/** Tries `probe` until it answers true. */
export async function waitUntil(
  what: string,
  probe: () => Promise<boolean>,
  child: Child,
  timeoutMs = 20_000,
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await probe().catch(() => false))) {
    if (child.isGone()) throw new Error(`${what}: it has ended. ${(await child.ended).stderr.trim()}`);
    if (Date.now() > deadline) throw new Error(`${what}: not so within ${timeoutMs / 1000} s`);
    await sleep(50);
  }
}
