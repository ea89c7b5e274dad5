/**
 * Programs that tests need and npm cannot bring: looked for on this machine, and where it is a Debian that we may change
 * (root, as in containers), installed. Elsewhere the error says what to install.
 */

import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, mkdirSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

export interface ProgramOptions {
  /** What `apt-get install` takes. */
  readonly debianPackage: string;
  /** Other names or absolute paths under which the program is known elsewhere. */
  readonly alternatives?: readonly string[];
}

/** Where Debian puts servers, which is not on everybody's PATH. */
const SERVER_FOLDERS = ['/usr/sbin', '/usr/local/sbin', '/sbin'];

/** apt-get over a slow line. */
const INSTALL_TIMEOUT_MS = 300_000;

/** The path of a program, installed if need be; throws an error that says what to do where it cannot be had. */
export function requireProgram(name: string, { debianPackage, alternatives = [] }: ProgramOptions): string {
  const names = [name, ...alternatives];
  const found = findProgram(names);
  if (found !== undefined) return found;
  if (existsSync('/etc/debian_version') && process.getuid?.() === 0) {
    oneAtATime(() => {
      if (findProgram(names) === undefined) installDebianPackage(debianPackage);
    });
    const installed = findProgram(names);
    if (installed !== undefined) return installed;
  }
  throw new Error(
    `${name} is needed and was not found (looked for ${names.join(', ')}); on Debian and Ubuntu: sudo apt-get install ${debianPackage}`,
  );
}

/** The first of these names that can be run: absolute paths as they are, others along PATH. */
function findProgram(names: readonly string[]): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== ''), ...SERVER_FOLDERS];
  for (const name of names) {
    const candidates = name.includes('/') ? [name] : folders.map((folder) => join(folder, name));
    const found = candidates.find(isExecutable);
    if (found !== undefined) return found;
  }
  return undefined;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    // Not there, or not for us: the next candidate.
    return false;
  }
}

/** Test files run in parallel, and apt-get refuses a second one. */
function oneAtATime(install: () => void): void {
  const lock = join(tmpdir(), 'flywatch-apt.lock');
  for (let waitedMs = 0; !tryLock(lock); waitedMs += LOCK_POLL_MS) {
    if (waitedMs > INSTALL_TIMEOUT_MS)
      throw new Error(`another installation holds ${lock}; remove that folder if none is running`);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LOCK_POLL_MS);
  }
  try {
    install();
  } finally {
    rmdirSync(lock);
  }
}

const LOCK_POLL_MS = 500;

function tryLock(folder: string): boolean {
  try {
    mkdirSync(folder);
    return true;
  } catch {
    // Somebody else holds it.
    return false;
  }
}

function installDebianPackage(name: string): void {
  for (const command of [
    ['update', '-qq'],
    ['install', '-y', '-qq', '--no-install-recommends', name],
  ]) {
    const { status, stderr, error } = spawnSync('apt-get', command, {
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      encoding: 'utf8',
      timeout: INSTALL_TIMEOUT_MS,
    });
    if (status === 0) continue;
    const why = error?.message ?? stderr.trim().split('\n').at(-1) ?? `status ${status}`;
    throw new Error(`${name} is needed; apt-get ${command[0]} failed: ${why}`);
  }
}
