/** Installs packages as people do, by the npm of the Node that runs this. */

import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const QUIET = ['--no-audit', '--no-fund', '--prefer-offline', '--ignore-scripts'];

/** Into a folder, as the dependencies of a project that has nothing else. */
export async function installProject(folder: string, dependencies: Readonly<Record<string, string>>): Promise<void> {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, dependencies }));
  await npm(['install', ...QUIET], folder);
}

/** As for a whole system, whose place is `prefix`. */
export async function installGlobally(prefix: string, what: string, args: readonly string[]): Promise<void> {
  mkdirSync(prefix, { recursive: true });
  await npm(['install', '--global', '--prefix', prefix, ...QUIET, ...args, what], prefix);
}

async function npm(args: readonly string[], cwd: string): Promise<void> {
  const env = { ...process.env, PATH: `${dirname(process.execPath)}:${process.env.PATH ?? ''}` };
  await promisify(execFile)('npm', args, { cwd, env });
}

export interface InstalledSize {
  readonly packages: readonly string[];
  readonly kilobytes: number;
  /** Code for one kind of machine, or what compiles it. */
  readonly nativeFiles: readonly string[];
}

/** @param folder - that has a `node_modules` */
export function sizeOf(folder: string): InstalledSize {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = files.map((file) => join(file.parentPath, file.name));
  const bytes = paths.reduce((sum, path) => sum + statSync(path).size, 0);
  return {
    packages: paths.flatMap((path) => /(?<=\/node_modules\/)(?:@[^/]+\/)?[^/]+(?=\/package\.json$)/.exec(path) ?? []),
    kilobytes: Math.ceil(bytes / 1024),
    nativeFiles: paths.filter((path) => /\.(?:node|gyp|so)$/.test(path)),
  };
}
