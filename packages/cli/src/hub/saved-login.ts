/** The login that `flywatch login` saves: one hub and its token, in a file that nobody else may read. */

import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import { CliError } from '../program/cli-error.ts';

export interface SavedLogin {
  readonly url: string;
  readonly token: string | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;

const OWNER_ONLY = 0o600;
const OWNER_ONLY_FOLDER = 0o700;

/** `$XDG_CONFIG_HOME/flywatch/login.json`, by default in `~/.config`. A relative XDG folder does not count, as XDG says. */
export function loginFile(env: Environment): string {
  const { XDG_CONFIG_HOME: given } = env;
  const folder = given !== undefined && isAbsolute(given) ? given : join(env.HOME ?? homedir(), '.config');
  return join(folder, 'flywatch', 'login.json');
}

/** The saved login, or undefined where there is none. @throws {CliError} where there is a file that cannot be used. */
export function readLogin(env: Environment): SavedLogin | undefined {
  const file = loginFile(env);
  let text: string;
  try {
    const { mode } = statSync(file);
    if ((mode & 0o077) !== 0 && process.platform !== 'win32') {
      throw new CliError(
        `${file} can be read by others; chmod 600 it, and have the token renewed if they may have done so`,
      );
    }
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof CliError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new CliError(`${file} cannot be read (${code}); remove it and log in again`);
  }
  const login = parseLogin(text);
  if (login === undefined) throw new CliError(`${file} is damaged; log in again with flywatch login`);
  return login;
}

function parseLogin(text: string): SavedLogin | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // Not JSON: as damaged as any other content.
    return undefined;
  }
  const { url, token } = (value ?? {}) as { url?: unknown; token?: unknown };
  if (typeof url !== 'string' || (token !== undefined && typeof token !== 'string')) return undefined;
  return { url, token };
}

/** Saves it in one step: no other login is ever half overwritten, and the file is never readable by others. */
export function saveLogin(env: Environment, login: SavedLogin): string {
  const file = loginFile(env);
  const draft = `${file}.${process.pid}`;
  mkdirSync(dirname(file), { recursive: true, mode: OWNER_ONLY_FOLDER });
  try {
    writeFileSync(draft, `${JSON.stringify(login, null, 2)}\n`, { mode: OWNER_ONLY, flag: 'wx' });
    // The mode above is less what umask takes; this one is exact.
    chmodSync(draft, OWNER_ONLY);
    renameSync(draft, file);
  } catch (error) {
    rmSync(draft, { force: true });
    throw new CliError(`${file} cannot be written: ${(error as Error).message}`);
  }
  return file;
}

/** Whether there was one. */
export function removeLogin(env: Environment): boolean {
  const file = loginFile(env);
  try {
    rmSync(file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw new CliError(`${file} cannot be removed: ${(error as Error).message}`);
  }
}
