/** What `flywatch` has in it beside its modules: the commands that npm links, the dashboard, the manual, completions. */

import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** What a build leaves for the next build. */
const STAMP = 'made-of.txt';

/**
 * @param folder - of the package
 * @param run - a program, to its end
 */
export function addProgram(folder: string, run: (command: string, args: readonly string[], cwd: string) => void): void {
  const cli = join(ROOT, 'packages/cli');
  for (const part of ['bin', 'launcher.js']) cpSync(join(cli, part), join(folder, 'cli', part), { recursive: true });
  run(process.execPath, [join(cli, 'build.js'), join(folder, 'cli/dist')], ROOT);
  run(process.execPath, [join(ROOT, 'scripts/build-web.ts')], ROOT);
  const page = join(ROOT, 'packages/web/dist');
  cpSync(page, join(folder, 'web/dist'), { recursive: true, filter: (file) => file !== join(page, STAMP) });
}
