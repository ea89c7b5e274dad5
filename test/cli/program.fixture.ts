/** The command line as a process: what it prints as it prints it, waited for and not slept for. */

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PATIENCE_MS } from '../support/patience.ts';

export const BIN = fileURLToPath(new URL('../../packages/cli/bin/vg.js', import.meta.url));

/** A home without a login, so that the one of whoever runs the tests does not count. */
const HOME = mkdtempSync(join(tmpdir(), 'flywatch-home-'));
process.on('exit', () => rmSync(HOME, { recursive: true, force: true }));

export function environment(env: Readonly<Record<string, string>> = {}): Record<string, string> {
  return { PATH: process.env.PATH ?? '', HOME, TZ: 'UTC', ...env };
}

export interface Program extends AsyncDisposable {
  readonly process: ChildProcess;
  /** Everything so far. */
  readonly stdout: string;
  readonly stderr: string;
  /** Resolves when standard output, or standard error, is so. */
  until(isSo: (stdout: string, stderr: string) => boolean): Promise<void>;
  /** Its status, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>;
}

export function start(args: readonly string[], env: Readonly<Record<string, string>> = {}, input?: string): Program {
  const child = spawn(process.execPath, [BIN, ...args], { env: environment(env), stdio: 'pipe' });
  // Kept open where nothing is given: a pipe that says nothing is no end.
  if (input !== undefined) child.stdin.end(input);
  let stdout = '';
  let stderr = '';
  const waiting = new Set<() => void>();
  const hear = () => {
    for (const check of waiting) check();
  };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    hear();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    hear();
  });
  const ended = new Promise<number | NodeJS.Signals>((resolve) => {
    child.once('close', (code, signal) => resolve(code ?? signal!));
  });
  return {
    process: child,
    get stdout() {
      return stdout;
    },
    get stderr() {
      return stderr;
    },
    until: (isSo) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(
          () => done(new Error(`not so after ${PATIENCE_MS} ms:\n${stdout}\n${stderr}`)),
          PATIENCE_MS,
        );
        const done = (error?: Error) => {
          clearTimeout(timer);
          waiting.delete(check);
          if (error === undefined) resolve();
          else reject(error);
        };
        const check = () => {
          if (isSo(stdout, stderr)) done();
        };
        waiting.add(check);
        void ended.then((how) =>
          isSo(stdout, stderr) ? done() : done(new Error(`ended (${how}):\n${stdout}\n${stderr}`)),
        );
        check();
      }),
    ended,
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** Runs it to its end. */
export async function vg(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  input = '',
): Promise<{ status: number | NodeJS.Signals; stdout: string; stderr: string; ms: number }> {
  const startedMs = performance.now();
  const program = start(args, env, input);
  const status = await program.ended;
  return { status, stdout: program.stdout, stderr: program.stderr, ms: performance.now() - startedMs };
}

export function linesOf(text: string): string[] {
  return text.split('\n').filter((line) => line !== '');
}

/** Lines to a hub, as many requests as there are slices. */
export async function send(
  hubUrl: string,
  lines: readonly (string | object)[],
  headers: Record<string, string> = {},
): Promise<void> {
  const answer = await fetch(`${hubUrl}/ingest/logs`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify(lines),
  });
  if (!answer.ok) throw new Error(`${answer.status}: ${await answer.text()}`);
}
