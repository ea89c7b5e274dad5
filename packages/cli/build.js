// `npm run build`. The program itself needs no build: Node runs its TypeScript. What can be made of it for a package or an
// installation are the man page and the completions of shells, in dist/ or in the folder given. Plain JavaScript, as launcher.js.
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { hasCurrentNode } from './launcher.js';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const OUT = process.argv[2] ?? join(HERE, 'dist');
const PROJECT = fileURLToPath(new URL('../..', import.meta.url));

if (!hasCurrentNode()) {
  // `npm install` in this folder brings what this package names. The Node that the project runs on is named at its root.
  console.log(`${process.version} is too old: installing the project, which brings its own`);
  const { status } = spawnSync('npm', ['install'], { cwd: PROJECT, stdio: 'inherit' });
  if (status !== 0) process.exit(1);
}

const FILES = [
  ['flywatch.1', ['man', '--roff']],
  ['completions/flywatch.bash', ['completion', 'bash']],
  ['completions/_flywatch', ['completion', 'zsh']],
  ['completions/flywatch.fish', ['completion', 'fish']],
];

mkdirSync(join(OUT, 'completions'), { recursive: true });
for (const [file, args] of FILES) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [`${HERE}bin/flywatch.js`, ...args], {
    encoding: 'utf8',
  });
  if (status !== 0) {
    console.error(`flywatch ${args.join(' ')} ended with ${status}:\n${stderr}`);
    process.exit(1);
  }
  writeFileSync(join(OUT, file), stdout);
  console.log(relative('.', join(OUT, file)));
}
