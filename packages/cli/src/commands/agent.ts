/** `flywatch agent`, also `obs-agent`: watch this host. Without a further name it runs. */

import type { Command } from 'commander';
import { defineCheckConfig } from './agent-check-config.ts';
import { dryRun } from './agent-dry-run.ts';
import { defineInstall, defineUninstall } from './agent-install-commands.ts';
import { type AgentFlags, defineAgentOptions, readConfig, sayNotEnabled } from './agent-options.ts';

interface RunFlags extends AgentFlags {
  readonly dryRun?: boolean;
}

export function define(command: Command): void {
  // What stands after the name of a further command belongs to that one.
  command.enablePositionalOptions();
  defineRun(command);
  defineRun(command.command('run'));
  defineCheckConfig(command.command('check-config'));
  defineInstall(command.command('install'));
  defineUninstall(command.command('uninstall'));
}

function defineRun(command: Command): void {
  defineAgentOptions(command)
    .option('--dry-run', 'print one cycle of figures and checks as it would be sent, and end')
    .action(async (flags: RunFlags) => {
      const loaded = readConfig(flags);
      if (loaded === undefined) return;
      if (loaded.config === undefined) {
        sayNotEnabled(flags);
        return;
      }
      await dryRun(loaded.config);
    });
}
