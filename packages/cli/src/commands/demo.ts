/** `flywatch demo`: a hub with demo traffic, at once and without any traces. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serve } from '@flywatch/hub';
import type { Command } from 'commander';
import { dashboardFolder } from '../dashboard.ts';
import { note } from '../program/output.ts';

interface DemoFlags {
  readonly port: string;
  readonly rate: string;
}

export function define(command: Command): void {
  command
    .option('-p, --port <port>', 'port to listen on, 0 for a free one', '8080')
    .option('--rate <events>', 'events a second', '20')
    .addHelpText(
      'after',
      `
The hub listens on this machine alone. Its store is a temporary folder that goes with it. Nothing of the environment is used: no
source, no token, no database.

Examples:
  $ flywatch demo
  $ flywatch demo --port 9000 --rate 500

Status: 0 ended by Ctrl-C, 1 the hub could not start, 2 wrong usage.`,
    )
    .action(async (flags: DemoFlags) => {
      const folder = mkdtempSync(join(tmpdir(), 'flywatch-demo-'));
      const where = flags.port === '8080' ? '' : ` -u localhost:${flags.port === '0' ? 'PORT' : flags.port}`;
      note(`A shop that does not exist writes lines from now on. In another terminal: vg logs${where}`);
      const status = await serve({
        env: {
          HOST: 'localhost',
          PORT: flags.port,
          DEMO_RATE: flags.rate,
          STORE_PATH: join(folder, 'flywatch.db'),
        },
        write: (text) => process.stderr.write(text),
        pageFolder: dashboardFolder(),
      });
      rmSync(folder, { recursive: true, force: true });
      process.exit(status);
    });
}
