/**
 * The hub's configuration: what the environment and the file say of each option of the table (`config/options.ts`). The environment
 * wins over the file; an empty value counts as unset; all mistakes are reported at once. Nobody but `main.ts` and `hub.ts` reads it.
 */

import { nearestName } from '@flywatch/core';
import { readConfigFile } from './config/config-file.ts';
import { OPTIONS, type Option } from './config/options.ts';
import { ConfigError } from './errors.ts';

export type Config = { readonly [K in keyof typeof OPTIONS]: (typeof OPTIONS)[K] extends Option<infer T> ? T : never };

/** Names with our prefix that are no options of the hub. */
const OTHER_PREFIXED = ['FLYWATCH_CONFIG', 'FLYWATCH_URL', 'FLYWATCH_TOKEN'];

export interface LoadedConfig {
  readonly config: Config;
  /** What is odd but usable, one sentence each. */
  readonly warnings: readonly string[];
}

/** Reads the environment and the file that `FLYWATCH_CONFIG` names. @throws {ConfigError} with all mistakes at once. */
export function loadConfig(env: Readonly<Record<string, string | undefined>>): LoadedConfig {
  const mistakes: string[] = [];
  const warnings: string[] = [];
  const file = readConfigFile(env.FLYWATCH_CONFIG, mistakes);
  const values: Record<string, unknown> = {};
  for (const [name, definition] of Object.entries(OPTIONS) as [string, Option<unknown>][]) {
    values[name] = definition.default;
    const names = [name, ...(definition.aliases ?? [])];
    const found = find(names, env) ?? find(names, file);
    if (found === undefined) continue;
    try {
      values[name] = definition.read(found.text);
    } catch (error) {
      const shown = definition.secret === true ? 'the value given' : JSON.stringify(found.text.slice(0, 100));
      mistakes.push(`${found.name}: ${shown} cannot be used: ${(error as Error).message}`);
    }
  }
  for (const name of [...Object.keys(env), ...Object.keys(file)]) {
    const given = env[name] ?? file[name];
    if (given === undefined || given === '') continue;
    if (name.startsWith('FLYWATCH_') && !OTHER_PREFIXED.includes(name))
      warnings.push(`${name} is no option of the hub${nearest(name)}`);
    else if (name in file && !isKnown(name))
      mistakes.push(`${name} in the configuration file is no option${nearest(name)}`);
  }
  const config = values as unknown as Config;
  checkTogether(config, mistakes);
  if (mistakes.length > 0) throw new ConfigError(mistakes);
  return { config, warnings };
}

/** Whether live events are shared with other hubs. */
export function hasRelay({ REDIS_URL, RELAY_NATS_URL }: Config): boolean {
  return REDIS_URL !== undefined || RELAY_NATS_URL !== undefined;
}

/** Contradictions between options that are each fine. */
function checkTogether(config: Config, mistakes: string[]): void {
  if (config.FLY_ORG !== undefined && config.ACCESS_TOKEN === undefined) {
    mistakes.push(
      'ACCESS_TOKEN is missing: FLY_ORG is set, and the Fly bus needs both. Create one with: fly tokens create readonly ORG',
    );
  }
  if (config.ACCESS_TOKEN !== undefined && config.FLY_ORG === undefined) {
    mistakes.push('FLY_ORG is missing: ACCESS_TOKEN is set, and the Fly bus needs both. The slug is in: fly orgs list');
  }
  if (config.REDIS_URL !== undefined && config.RELAY_NATS_URL !== undefined) {
    mistakes.push(
      'REDIS_URL and RELAY_NATS_URL are both set: hubs share their events over one of them; take the other one out',
    );
  }
  if (config.RELAY_DURABLE && config.RELAY_NATS_URL === undefined) {
    mistakes.push('RELAY_DURABLE needs RELAY_NATS_URL: Redis keeps nothing for a hub that is away');
  }
  if (config.AUTH_TOKEN !== undefined && config.AUTH_TOKEN === config.INGEST_TOKEN) {
    mistakes.push('INGEST_TOKEN equals AUTH_TOKEN: a token that may only write must differ from the one that may read');
  }
}

function isKnown(name: string): boolean {
  return Object.entries(OPTIONS as Record<string, Option<unknown>>).some(
    ([own, { aliases }]) => own === name || aliases?.includes(name),
  );
}

function find(names: readonly string[], from: Readonly<Record<string, string | undefined>>) {
  for (const name of names) {
    const text = from[name];
    if (text !== undefined && text.trim() !== '') return { name, text };
  }
  return undefined;
}

/** "; did you mean X?" where an option is close to the name. */
function nearest(name: string): string {
  const best = nearestName(name.replace(/^FLYWATCH_/, ''), Object.keys(OPTIONS));
  return best === undefined ? '' : `; did you mean ${best}?`;
}
