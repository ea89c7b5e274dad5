/** Where an agent keeps what must survive a restart, and answers those who ask how it is. */

import { hostname } from 'node:os';
import { basename, join } from 'node:path';

export interface StateOwner {
  readonly appName: string;
  readonly vpsName: string;
}

const DEFAULT_BASE = '/var/lib/flywatch';

/**
 * One folder an agent: under `$STATE_DIRECTORY` where systemd gives one, else `$XDG_STATE_HOME/flywatch`, else `/var/lib/flywatch`.
 * Agents of one app under several names of the host have one each too.
 */
export function stateFolder(owner: StateOwner, env: Readonly<Record<string, string | undefined>>): string {
  const { STATE_DIRECTORY: given, XDG_STATE_HOME: home } = env;
  const name = nameOf(owner);
  // The unit's folder is that of the app already.
  if (given !== undefined && given !== '') return basename(given) === name ? given : join(given, name);
  return join(home === undefined || home === '' ? DEFAULT_BASE : join(home, 'flywatch'), name);
}

/** Where the agent of somebody else may have its state: the one that systemd runs has another environment than who asks. */
export function possibleStateFolders(
  owner: StateOwner,
  env: Readonly<Record<string, string | undefined>>,
): readonly string[] {
  const name = nameOf(owner);
  return [stateFolder(owner, env), join(DEFAULT_BASE, name), join(DEFAULT_BASE, owner.appName, name)];
}

function nameOf({ appName, vpsName }: StateOwner): string {
  return vpsName === hostname() ? appName : `${appName}@${vpsName}`;
}
