/** Processes that a test has started. */

import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** Kills those that are still there, and waits for their end. */
export async function endAll(running: ChildProcess[]): Promise<void> {
  for (const child of running.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
}
