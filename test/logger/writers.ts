/** Writers as processes of their own. */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { WriterTask } from './writer.program.ts';

const PROGRAM = fileURLToPath(new URL('writer.program.ts', import.meta.url));

export interface Writer {
  readonly child: ChildProcess;
  readonly stderr: () => string;
  /** Exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>;
  /** Resolves when standard error has this. */
  said(text: string): Promise<void>;
}

export function startWriter(task: WriterTask, stdout: 'pipe' | 'ignore' = 'ignore'): Writer {
  const child = spawn(process.execPath, [PROGRAM, JSON.stringify(task)], { stdio: ['ignore', stdout, 'pipe'] });
  let text = '';
  child.stderr!.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  const ended = once(child, 'exit').then(([code, signal]) => (code ?? signal) as number | NodeJS.Signals);
  return {
    child,
    stderr: () => text,
    ended,
    async said(wanted) {
      while (!text.includes(wanted)) await once(child.stderr!, 'data');
    },
  };
}

/** A folder that goes with the test. */
export function temporaryFolder(): { readonly path: string } & Disposable {
  const path = mkdtempSync(join(tmpdir(), 'flywatch-logger-'));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

/** Numbers of the lines of a log, in their order; a line that is not whole fails. */
export function numbersIn(text: string): number[] {
  const lines = text.split('\n');
  if (lines.pop() !== '') throw new Error(`the last line has no end: ${text.slice(-100)}`);
  return lines.map((line) => (JSON.parse(line) as { context: { i: number } }).context.i);
}

export const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
