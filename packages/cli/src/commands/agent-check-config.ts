/** `flywatch agent check-config`: all mistakes of an agent's configuration at once, without starting anything. */

import { accessSync, constants } from 'node:fs';
import type { AgentConfig } from '@flywatch/agent';
import type { Command } from 'commander';
import { type AgentFlags, defineAgentOptions, readConfig, sayNotEnabled } from './agent-options.ts';

export function defineCheckConfig(command: Command): void {
  defineAgentOptions(command)
    .description('check the configuration without starting')
    .addHelpText('after', '\nStatus: 0 good, 1 monitoring is not enabled, 2 mistakes.')
    .action((flags: AgentFlags) => {
      const loaded = readConfig(flags);
      if (loaded === undefined) return;
      if (loaded.config === undefined) {
        sayNotEnabled(flags);
        return;
      }
      for (const line of describe(loaded.config)) process.stdout.write(`${line}\n`);
      for (const warning of unreadable(loaded.config)) process.stderr.write(`warning: ${warning}\n`);
    });
}

/** What holds, a line each; secrets only as far as they are none. */
function describe({ vpsName, output, collectionIntervalMs, apps }: AgentConfig): string[] {
  const target = new URL(output.url);
  return [
    `host ${vpsName}: figures every ${collectionIntervalMs / 1000} s to ${target.protocol}//${target.host}${target.pathname}`,
    ...apps.flatMap(({ name, file, checks, logFiles, journalUnits }) => [
      `app ${name} (${file})`,
      ...checks.map(
        ({ url, intervalMs, timeoutMs }) => `  check ${url} every ${intervalMs / 1000} s, within ${timeoutMs / 1000} s`,
      ),
      ...logFiles.map((path) => `  log ${path}`),
      ...journalUnits.map((unit) => `  journal of ${unit === '*' ? 'all units' : unit}`),
    ]),
  ];
}

/** Files that are there and not for this user. One that is missing is no fault: apps make their logs when they start. */
function unreadable({ apps }: AgentConfig): string[] {
  return apps.flatMap(({ logFiles }) =>
    logFiles.flatMap((path) => {
      try {
        accessSync(path, constants.R_OK);
        return [];
      } catch (error) {
        return (error as NodeJS.ErrnoException).code === 'EACCES' ? [`${path} may not be read by this user`] : [];
      }
    }),
  );
}
