/** `flywatch login`: save a hub's address and token for the other commands, once both have been seen to work. */

import { createHubClient, HubError } from '@flywatch/client';
import type { Command } from 'commander';
import { explain } from '../hub/explain.ts';
import { saveLogin } from '../hub/saved-login.ts';
import { resolveTarget, type Target } from '../hub/target.ts';
import { usage } from '../program/cli-error.ts';
import { note, write } from '../program/output.ts';
import { run } from '../program/run.ts';
import { readSecret } from '../program/secret.ts';

interface LoginFlags {
  readonly token?: string;
}

/** For two small answers. */
const TIMEOUT_MS = 2_500;

export function define(command: Command): void {
  command
    .argument('[url]', 'address of the hub (default: FLYWATCH_URL, http://localhost:8080)')
    .option(
      '--token <token>',
      'token to read with (default: FLYWATCH_TOKEN; else it is asked for, or read from a pipe)',
    )
    .addHelpText(
      'after',
      `
The login is kept in $XDG_CONFIG_HOME/flywatch/login.json, by default in ~/.config, and nobody else may read it. The token goes to that
hub alone.

Examples:
  $ flywatch login https://logs.example.org
  $ flywatch login https://logs.example.org < token.txt
  $ flywatch login localhost:8080

Status: 0 saved, 1 the hub does not answer or refuses the token: nothing is saved, 2 wrong usage.`,
    )
    .action((url: string | undefined, flags: LoginFlags) => run(() => login(url, flags)));
}

async function login(url: string | undefined, flags: LoginFlags): Promise<void> {
  const target = resolveTarget({ url, token: flags.token }, process.env, () => undefined);
  const wantsToken = await asksForToken(target);
  const token = target.token ?? (wantsToken ? await readSecret(`Token for ${target.url}: `) : undefined);
  if (wantsToken && (token === undefined || token === ''))
    throw usage('a token is needed: --token, FLYWATCH_TOKEN, or a pipe');
  const chosen = { ...target, token: wantsToken ? token : undefined };
  try {
    await createHubClient({ url: chosen.url, token: chosen.token, timeoutMs: TIMEOUT_MS }).bufferStats();
  } catch (error) {
    throw explain(error, chosen);
  }
  const file = saveLogin(process.env, { url: chosen.url, token: chosen.token });
  await write(`${chosen.url} is saved in ${file}\n`);
  if (!wantsToken) note('This hub is open to everybody who reaches it: no token was needed, and none is saved.');
}

/** A hub without AUTH_TOKEN answers everybody; whoever has typed a token for it would learn that too late. */
async function asksForToken(target: Target): Promise<boolean> {
  try {
    await createHubClient({ url: target.url, timeoutMs: TIMEOUT_MS }).bufferStats();
    return false;
  } catch (error) {
    if (error instanceof HubError && error.status === 401) return true;
    throw explain(error, { ...target, token: undefined });
  }
}
