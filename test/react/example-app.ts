/** A copy of an example in a folder of its own, with the packed packages installed as anybody would install them. */

import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const EXAMPLES = fileURLToPath(new URL('../../examples/', import.meta.url));

export interface ExampleApp extends AsyncDisposable {
  readonly folder: string;
  /** Runs one of its npm scripts. */
  run(script: string, env: Readonly<Record<string, string>>): Promise<void>;
}

/** @param tarballs - of our packages, by name */
export async function installExample(name: string, tarballs: Readonly<Record<string, string>>): Promise<ExampleApp> {
  const folder = await mkdtemp(join(tmpdir(), `flywatch-${name}-`));
  await cp(join(EXAMPLES, name), folder, { recursive: true });
  const file = join(folder, 'package.json');
  const manifest = JSON.parse(await readFile(file, 'utf8')) as { dependencies: Record<string, string> };
  for (const [part, tarball] of Object.entries(tarballs))
    manifest.dependencies[`@flywatch/${part}`] = `file:${tarball}`;
  await writeFile(file, JSON.stringify(manifest));
  const npm = async (args: readonly string[], env: Readonly<Record<string, string>> = {}) => {
    const PATH = `${dirname(process.execPath)}:${process.env.PATH ?? ''}`;
    await promisify(execFile)('npm', args, { cwd: folder, env: { ...process.env, ...env, PATH }, maxBuffer: 2 ** 24 });
  };
  await npm(['install', '--no-audit', '--no-fund', '--prefer-offline']);
  return {
    folder,
    run: (script, env) => npm(['run', script], env),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}
