/** `flywatch logout`: forget the saved hub and its token. */

import type { Command } from 'commander';
import { loginFile, removeLogin } from '../hub/saved-login.ts';
import { write } from '../program/output.ts';
import { run } from '../program/run.ts';

export function define(command: Command): void {
  command
    .addHelpText(
      'after',
      `
The hub knows nothing of a login and need not be told. To make a token worthless, change AUTH_TOKEN of the hub.

Example:
  $ flywatch logout`,
    )
    .action(() =>
      run(async () => {
        const file = loginFile(process.env);
        await write(removeLogin(process.env) ? `${file} is removed\n` : 'nothing was saved\n');
      }),
    );
}
