/** `flywatch check-config`: all mistakes of the configuration at once, without starting anything. */

import { ConfigError, loadConfig, OPTIONS } from '@flywatch/hub';
import type { Command } from 'commander';
import { type ConfigFlags, environmentWith } from './config-options.ts';

/** Exit status for a configuration that cannot be used. */
const USAGE = 2;

export function define(command: Command): void {
  command
    .option('-p, --port <port>', 'port to listen on (PORT)')
    .option('--host <address>', 'address to listen on (HOST)')
    .option('-c, --config <file>', 'YAML file of options (FLYWATCH_CONFIG)')
    .action((flags: ConfigFlags) => {
      try {
        const { config, warnings } = loadConfig(environmentWith(flags));
        for (const warning of warnings) process.stderr.write(`warning: ${warning}\n`);
        for (const [name, value] of Object.entries(config)) process.stdout.write(`${name}=${shown(name, value)}\n`);
      } catch (error) {
        if (!(error instanceof ConfigError)) throw error;
        process.stderr.write(`${error.message}\n`);
        process.exitCode = USAGE;
      }
    });
}

/** Secrets are only said to be there. */
function shown(name: string, value: unknown): string {
  if (value === undefined) return '';
  const { secret = false } = OPTIONS[name as keyof typeof OPTIONS] as { secret?: boolean };
  return secret ? '(set)' : String(value);
}
