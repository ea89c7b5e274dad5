/** The options that say which hub, and what is made of them. */

import type { Command } from 'commander';
import { readLogin } from '../hub/saved-login.ts';
import { resolveTarget, type Target, type TargetFlags } from '../hub/target.ts';

export type HubFlags = TargetFlags;

export function addHubOptions(command: Command, what = 'address of the hub'): Command {
  return command
    .option('-u, --url <url>', `${what} (default: FLYWATCH_URL, the saved login, http://localhost:8080)`)
    .option('--token <token>', 'token to read with (default: FLYWATCH_TOKEN, the saved login)');
}

export function targetOf(flags: HubFlags): Target {
  return resolveTarget(flags, process.env, () => readLogin(process.env));
}
