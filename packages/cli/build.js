// `npm run build`. The program itself needs no build: Node runs its TypeScript. What can be made of it for a package or an
// installation are the man page and the completions of shells, in dist/.
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const HERE = fileURLToPath(new URL('.', import.meta.url));

const FILES = [
  ['dist/flywatch.1', ['man', '--roff']],
  ['dist/completions/flywatch.bash', ['completion', 'bash']],
  ['dist/completions/_flywatch', ['completion', 'zsh']],
  ['dist/completions/flywatch.fish', ['completion', 'fish']],
];

mkdirSync(`${HERE}dist/completions`, { recursive: true });
for (const [file, args] of FILES) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [`${HERE}bin/flywatch.js`, ...args], {
    encoding: 'utf8',
  });
  if (status !== 0) {
    console.error(`flywatch ${args.join(' ')} ended with ${status}:\n${stderr}`);
    process.exit(1);
  }
  writeFileSync(`${HERE}${file}`, stdout);
  console.log(file);
}
