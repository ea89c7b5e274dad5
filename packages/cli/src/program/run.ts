/** What commands that read have in common: Ctrl-C, and the status with which they end. */

import { CliError, STATUS } from './cli-error.ts';
import { flushed, note } from './output.ts';

/**
 * Runs the work of a command and ends the process: a name that is still being looked up, or a socket, must not keep it.
 * @param lastWords - done at Ctrl-C, before the end; a second Ctrl-C does not wait for it
 */
export async function run(work: () => Promise<void>, lastWords?: () => Promise<void>): Promise<never> {
  let isInterrupted = false;
  process.on('SIGINT', () => {
    if (isInterrupted || lastWords === undefined) process.exit(STATUS.interrupted);
    isInterrupted = true;
    process.exitCode = STATUS.interrupted;
    void end(lastWords);
  });
  return end(work);
}

async function end(work: () => Promise<void>): Promise<never> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    await flushed();
    note(error.message);
    // After Ctrl-C it is that which ended it.
    leave(process.exitCode === STATUS.interrupted ? STATUS.interrupted : error.status);
  }
  await flushed();
  process.exit();
}

/**
 * Ends the process. While a name is being looked up, `exit` would wait for the thread that does so, ten seconds where the name
 * server is silent; a process that takes the place of this one has no such thread.
 */
function leave(status: number): never {
  if (process.getActiveResourcesInfo().includes('GetAddrInfoReqWrap')) {
    try {
      process.execve?.(process.execPath, [process.execPath, '-e', `process.exit(${status})`], { ...process.env });
    } catch {
      // Not on this platform: it takes its time.
    }
  }
  process.exit(status);
}
