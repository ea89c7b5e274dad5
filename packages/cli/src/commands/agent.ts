/** `flywatch agent`, also `obs-agent`: watch this host. Without a further name it runs. */

import { writeSync } from 'node:fs';
import { Agent, type AgentConfig, runAgent, stateFolder } from '@flywatch/agent';
import type { Command } from 'commander';
import { defineCheckConfig } from './agent-check-config.ts';
import { dryRun } from './agent-dry-run.ts';
import { defineInstall, defineUninstall } from './agent-install-commands.ts';
import { type AgentFlags, configSource, defineAgentOptions, readConfig, sayNotEnabled } from './agent-options.ts';
import { defineStatus } from './agent-status.ts';
import { defineTailTest } from './agent-tail-test.ts';

interface RunFlags extends AgentFlags {
  readonly dryRun?: boolean;
  readonly once?: boolean;
}

/** Not `process.stderr`, which takes 7 MB on Bun for as long as the agent lives. */
function write(line: string): void {
  try {
    writeSync(2, line);
  } catch {
    // Nobody reads it any more, or not fast enough: no reason to stop watching.
  }
}

export function define(command: Command): void {
  // What stands after the name of a further command belongs to that one.
  command.enablePositionalOptions();
  defineRun(command);
  defineRun(command.command('run').description('watch this host; the same as without a name'));
  defineCheckConfig(command.command('check-config'));
  defineStatus(command.command('status'));
  defineTailTest(command.command('tail-test'));
  defineInstall(command.command('install'));
  defineUninstall(command.command('uninstall'));
}

function defineRun(command: Command): void {
  defineAgentOptions(command)
    .option('--dry-run', 'print one cycle of figures and checks as it would be sent, and end')
    .option('--once', 'send one cycle of figures and checks, and what the log files have, and end')
    .action(async (flags: RunFlags) => {
      const loaded = readConfig(flags);
      if (loaded === undefined) return;
      const { config } = loaded;
      if (config === undefined) {
        sayNotEnabled(flags);
        return;
      }
      if (flags.dryRun === true) await dryRun(config);
      else
        await attempt(() =>
          flags.once === true ? once(config) : runAgent({ source: configSource(flags), config, write }),
        );
    });
}

async function once(config: AgentConfig): Promise<void> {
  const warn = (message: string) => write(`warning: ${message}\n`);
  const agent = new Agent({ config, stateDir: stateFolder(config, process.env), warn });
  try {
    await agent.once();
  } finally {
    await agent.stop();
  }
}

/** What keeps an agent from starting is said in a line; the exit is explicit, since a socket may be kept half open by its peer. */
async function attempt(work: () => Promise<void>): Promise<void> {
  try {
    await work();
    process.exit(0);
  } catch (error) {
    write(`${(error as Error).message}\n`);
    process.exit(1);
  }
}
