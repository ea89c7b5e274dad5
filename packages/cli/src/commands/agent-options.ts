/** Flags that say which configuration an agent has, and how it is read. */

import {
  AgentConfigError,
  type AgentConfigSource,
  configFileOf,
  HOST_CONFIG_FILE,
  type LoadedAgentConfig,
  loadAgentConfig,
} from '@flywatch/agent';
import type { Command } from 'commander';

export interface AgentFlags {
  readonly config?: string;
  readonly appName?: string;
  readonly vpsName?: string;
}

/** Exit status for a configuration that cannot be used. */
const USAGE = 2;

/** Exit status where monitoring is not enabled. */
const NOT_ENABLED = 1;

export function defineAgentOptions(command: Command): Command {
  return command
    .option(
      '-c, --config <file>',
      `configuration (default: ${configFileOf('APP')}, without an app ${HOST_CONFIG_FILE})`,
    )
    .option('--app-name <name>', 'name of the app (default: the folder of its config.yml)')
    .option('--vps-name <name>', 'name of this host (default: the host name)');
}

function configFileFrom({ config, appName }: AgentFlags): string {
  return config ?? (appName === undefined ? HOST_CONFIG_FILE : configFileOf(appName));
}

export function configSource(flags: AgentFlags): AgentConfigSource {
  const { appName, vpsName } = flags;
  return { file: configFileFrom(flags), appName, vpsName, env: process.env };
}

/** The configuration; undefined where it cannot be used: mistakes and warnings are then on standard error. */
export function readConfig(flags: AgentFlags): LoadedAgentConfig | undefined {
  try {
    const loaded = loadAgentConfig(configSource(flags));
    for (const warning of loaded.warnings) process.stderr.write(`warning: ${warning}\n`);
    return loaded;
  } catch (error) {
    if (!(error instanceof AgentConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = USAGE;
    return undefined;
  }
}

/** Said where monitoring is not enabled. */
export function sayNotEnabled(flags: AgentFlags): void {
  process.stderr.write(`monitoring is not enabled in ${configFileFrom(flags)}; set monitoring.enabled to true\n`);
  process.exitCode = NOT_ENABLED;
}
