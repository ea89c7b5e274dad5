/** `flywatch serve`: run the hub. */

import { serve } from '@flywatch/hub';
import type { Command } from 'commander';
import { AGENT_FOLDER } from '../agent-folder.ts';
import { dashboardFolder } from '../dashboard.ts';
import { environmentWith } from './config-options.ts';

export function define(command: Command): void {
  command
    .option('-p, --port <port>', 'port to listen on (PORT)')
    .option('--host <address>', 'address to listen on (HOST)')
    .option('-c, --config <file>', 'YAML file of options (FLYWATCH_CONFIG)')
    .addHelpText('after', '\nEvery option of docs/config.md can be set in the environment or in the file.')
    .action(async (options: { port?: string; host?: string; config?: string }) => {
      // The exit is explicit: a socket that some peer keeps half open must not keep a stopped hub alive.
      process.exit(
        await serve({
          env: environmentWith(options),
          write: (text) => process.stderr.write(text),
          pageFolder: dashboardFolder(),
          agentFolder: AGENT_FOLDER,
        }),
      );
    });
}
