/** Which hub a command speaks to, and with which token: what was typed, the environment, the saved login, this machine. */

import { usage } from '../program/cli-error.ts';
import type { SavedLogin } from './saved-login.ts';

export interface TargetFlags {
  readonly url?: string | undefined;
  readonly token?: string | undefined;
}

export interface Target {
  readonly url: string;
  readonly token: string | undefined;
  /** Where the address comes from, for messages. */
  readonly urlFrom: string;
}

const DEFAULT_URL = 'http://localhost:8080';

/** @param login - read only where it may matter: it is a file. */
export function resolveTarget(
  flags: TargetFlags,
  env: Readonly<Record<string, string | undefined>>,
  login: () => SavedLogin | undefined,
): Target {
  const given = nonEmpty(flags.url) ?? nonEmpty(env.FLYWATCH_URL);
  const saved = login();
  const url = parseHubAddress(given ?? saved?.url ?? DEFAULT_URL);
  const urlFrom =
    nonEmpty(flags.url) !== undefined
      ? '--url'
      : given !== undefined
        ? 'FLYWATCH_URL'
        : saved !== undefined
          ? 'flywatch login'
          : 'the default';
  // The saved token is for the saved hub: another one must not see it.
  const ownToken = saved !== undefined && parseHubAddress(saved.url) === url ? saved.token : undefined;
  return { url, urlFrom, token: checkToken(nonEmpty(flags.token) ?? nonEmpty(env.FLYWATCH_TOKEN) ?? ownToken) };
}

/** What no header can carry is a mistake of usage, and stays out of the message. */
function checkToken(token: string | undefined): string | undefined {
  if (token === undefined || /^[\x21-\x7e]+$/.test(token)) return token;
  throw usage('the token has a blank or another character in it that no token has; was it copied whole?');
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === undefined || text.trim() === '' ? undefined : text.trim();
}

/** Hosts that are asked over HTTP where no scheme was typed: this machine, and Fly's private network, which is a tunnel. */
const PRIVATE_HOST = /^(?:localhost(?=[:/]|$)|127\.|\[::1\]|0\.0\.0\.0|[^/:]+\.(?:internal|flycast|local)(?=[:/]|$))/;

/** The address in full: `logs.example.org` is `https://logs.example.org/`, `localhost:8080` is `http://localhost:8080/`. */
export function parseHubAddress(text: string): string {
  const given = text.replace(/^ws(s?):\/\//, 'http$1://');
  const full = given.includes('://') ? given : `${PRIVATE_HOST.test(given) ? 'http' : 'https'}://${given}`;
  let url: URL;
  try {
    url = new URL(full);
  } catch {
    throw usage('the address of the hub cannot be read; expected one such as http://localhost:8080');
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw usage(`the address of a hub begins with http:// or https://, not ${url.protocol}//`);
  }
  if (url.username !== '' || url.password !== '') {
    throw usage('no password in the address, please: give the token with FLYWATCH_TOKEN or flywatch login');
  }
  if (url.search !== '' || url.hash !== '') {
    throw usage('the address of a hub has no ? and no #: give filters as options');
  }
  return url.href;
}
