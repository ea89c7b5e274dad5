/** Short programs, on Node. */

import { execFile } from 'node:child_process';

export interface ProgramOptions {
  readonly timeoutMs: number;
  /** All of the environment. */
  readonly env: Readonly<Record<string, string>>;
}

/** What a program prints; undefined where it cannot be run, fails, or takes too long. */
export function outputOf(
  program: string,
  args: readonly string[],
  { timeoutMs, env }: ProgramOptions,
): Promise<string | undefined> {
  return new Promise((resolve) => {
    // Not by `timeout`: that closes the pipe before it kills, and a program that has just ended well would have printed nothing.
    execFile(program, args, { signal: AbortSignal.timeout(timeoutMs), env }, (error, stdout) =>
      resolve(error === null ? stdout : undefined),
    );
  });
}
