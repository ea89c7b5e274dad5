/** Short programs, on Bun: `node:child_process` would cost 6 MB more. */

import type { ProgramOptions } from '../node/program.ts';
import { bun } from './bun.ts';

/** What a program prints; undefined where it cannot be run, fails, or takes too long. */
export async function outputOf(
  program: string,
  args: readonly string[],
  { timeoutMs, env }: ProgramOptions,
): Promise<string | undefined> {
  try {
    const child = bun.spawn([program, ...args], { env, timeout: timeoutMs, stdout: 'pipe', stderr: 'ignore' });
    const output = await new Response(child.stdout).text();
    return (await child.exited) === 0 ? output : undefined;
  } catch {
    // There is no such program.
    return undefined;
  }
}
