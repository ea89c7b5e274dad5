/** An installed app as a process of its own, with what it prints. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname } from 'node:path';

export interface AppLine {
  readonly level: string;
  readonly logger: string;
  readonly message: string;
  readonly context?: Readonly<Record<string, unknown>>;
}

export interface RunningApp extends AsyncDisposable {
  readonly port: number;
  readonly url: string;
  /** Lines of its standard output that are logs. */
  readonly lines: readonly AppLine[];
  /** Asks it to end; its exit code, or the signal that ended it. */
  end(): Promise<number | NodeJS.Signals>;
}

export async function runApp(file: string, env: Readonly<Record<string, string>> = {}): Promise<RunningApp> {
  const { PATH = '' } = process.env;
  const child = spawn(process.execPath, [file], { cwd: dirname(file), env: { PATH, PORT: '0', ...env } });
  const lines: AppLine[] = [];
  let errors = '';
  let rest = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    errors += chunk;
  });
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    const parts = (rest + chunk).split('\n');
    rest = parts.pop()!;
    for (const part of parts) if (part.startsWith('{"timestamp"')) lines.push(JSON.parse(part) as AppLine);
  });
  const ended = once(child, 'exit').then(([code, signal]) => (code ?? signal) as number | NodeJS.Signals);
  const isListening = () => lines.find(({ message }) => message === 'listening');
  while (isListening() === undefined) {
    const how = await Promise.race([once(child.stdout, 'data').then(() => undefined), ended]);
    if (how !== undefined) throw new Error(`${file} ended (${how}):\n${errors}`);
  }
  const port = isListening()!.context!.port as number;
  const end = () => {
    child.kill('SIGTERM');
    return ended;
  };
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    lines,
    end,
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
