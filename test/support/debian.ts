/**
 * Programs that tests need: found where they are, installed from Debian's packages where the tests run as root, and asked
 * for in a clear line everywhere else. Nothing is skipped.
 */

import { execFileSync } from 'node:child_process';
import { accessSync, constants, existsSync, mkdirSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

/** Where Debian puts servers, which is not on everybody's PATH. */
const EXTRA_FOLDERS = ['/usr/sbin', '/usr/local/sbin', '/sbin'];

/** Path of a program by any of its names. @throws with what to install where it is missing and cannot be installed. */
export function requireProgram(names: string | readonly string[], options: { readonly debianPackage: string }): string {
  const wanted = typeof names === 'string' ? [names] : names;
  const found = find(wanted);
  if (found !== undefined) return found;
  const { debianPackage } = options;
  if (process.getuid?.() !== 0 || !existsSync('/etc/debian_version')) {
    throw new Error(
      `the tests need ${wanted.join(' or ')}: install it (on Debian: apt-get install ${debianPackage}) and run them again`,
    );
  }
  installOnce(debianPackage, () => find(wanted) !== undefined);
  const installed = find(wanted);
  if (installed === undefined)
    throw new Error(`the package ${debianPackage} was installed but brought no ${wanted.join(' or ')}`);
  return installed;
}

function find(names: readonly string[]): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter), ...EXTRA_FOLDERS];
  for (const name of names) {
    for (const folder of folders) {
      const path = join(folder, name);
      try {
        accessSync(path, constants.X_OK);
        return path;
      } catch {
        // Not here; the next folder may have it.
      }
    }
  }
  return undefined;
}

/** One installation at a time: test files run in parallel, and apt-get holds a lock. */
function installOnce(debianPackage: string, isDone: () => boolean): void {
  const lock = join(tmpdir(), 'flywatch-apt.lock');
  for (let waitedMs = 0; ; waitedMs += 500) {
    try {
      mkdirSync(lock);
      break;
    } catch {
      if (waitedMs > 300_000)
        throw new Error(`another installation holds ${lock}; remove that folder if none is running`);
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500);
    }
  }
  try {
    if (isDone()) return;
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    execFileSync('apt-get', ['update', '-qq'], { env, stdio: 'pipe' });
    execFileSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', debianPackage], { env, stdio: 'pipe' });
  } finally {
    rmdirSync(lock);
  }
}
