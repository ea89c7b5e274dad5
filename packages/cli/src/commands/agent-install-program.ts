/**
 * The program that the unit starts: `/usr/local/bin/obs-agent`, always. The single file is copied there, since where it was fetched
 * to is nobody's business afterwards; a program that Node runs stays where it is and gets a launcher.
 */

import {
  chmodSync,
  copyFileSync,
  lstatSync,
  mkdirSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

export const LAUNCHER = '/usr/local/bin/obs-agent';

export type Program =
  /** An executable that has everything in it. */
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'script'; readonly runtime: string; readonly script: string };

const OBS_AGENT = fileURLToPath(new URL('../../bin/obs-agent.js', import.meta.url));

/** Where Bun shows a program the files that are inside its executable. */
const INSIDE = '/$bunfs/';

/** What runs right now. The name that it was called by may be a link of npm's, beside which is nothing else. */
export function thisProgram(execPath = process.execPath, calledAs = process.argv[1] ?? ''): Program {
  if (calledAs.startsWith(INSIDE)) return { kind: 'file', path: execPath };
  return { kind: 'script', runtime: execPath, script: OBS_AGENT };
}

/** Folders that the unit cannot look into: `ProtectHome=` and `PrivateTmp=`. */
const HIDDEN = ['/home/', '/root/', '/run/user/', '/tmp/', '/var/tmp/'];

/** @throws {Error} where the unit could not start this program, rather than leave a service that ends at once */
export function assertUnitCanSee(program: Program): void {
  if (program.kind === 'file') return;
  const hidden = [program.runtime, program.script].find((path) => HIDDEN.some((folder) => path.startsWith(folder)));
  if (hidden === undefined) return;
  throw new Error(
    `${hidden} is in a folder that is hidden from the unit; install Node and flywatch for the whole system (sudo npm install --global flywatch), or use the agent as one file`,
  );
}

/** Puts the program in place; false where it is there already. A running one goes on with the file that it has. */
export function putProgram(program: Program, path: string): boolean {
  // Itself, or the link that npm makes for a program of the whole system, which npm would miss.
  if (realPath(path) === realPath(program.kind === 'file' ? program.path : program.script)) return false;
  mkdirSync(dirname(path), { recursive: true });
  const beside = `${path}.new`;
  if (program.kind === 'file') copyFileSync(program.path, beside);
  else writeFileSync(beside, launcherText(program));
  chmodSync(beside, 0o755);
  renameSync(beside, path);
  return true;
}

/** Takes the program away; false where there is none, or where it is npm's to take away. */
export function removeProgram(path: string): boolean {
  if (lstatSync(path, { throwIfNoEntry: false })?.isFile() !== true) return false;
  rmSync(path);
  return true;
}

/** Undefined where nothing is there. */
function realPath(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function launcherText({ runtime, script }: Program & { readonly kind: 'script' }): string {
  return `#!/bin/sh\n# Written by "flywatch agent install".\nexec ${quoted(runtime)} ${quoted(script)} "$@"\n`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
