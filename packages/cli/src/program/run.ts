/** What every command has in common: its output, Ctrl-C, and the status with which it ends. */

import { CliError, STATUS } from './cli-error.ts';
import { endWithReader, flushed, note } from './output.ts';

/** Runs the work of a command and ends the process: a name that is still being looked up, or a socket, must not keep it. */
export async function run(work: () => Promise<void>): Promise<never> {
  endWithReader();
  process.on('SIGINT', () => process.exit(STATUS.interrupted));
  try {
    await work();
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    await flushed();
    note(error.message);
    process.exit(error.status);
  }
  await flushed();
  process.exit();
}
