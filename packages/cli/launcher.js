// Finds a current Node. The program needs Node 24 (type stripping, zstd, node:sqlite); where the one that runs this file
// is older, the one from node_modules/.bin is started in its place, with the same arguments, streams and signals.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join, parse } from 'node:path';
import { fileURLToPath } from 'node:url';

const OLDEST_MAJOR = 24;

/** @param {string} name - the command as it was called: flywatch, vg, … */
export function runCommand(name) {
  const major = Number(process.versions.node.split('.')[0]);
  if (major >= OLDEST_MAJOR) {
    import('./src/main.ts').then(({ main }) => main(name, process.argv.slice(2)));
    return;
  }
  const current = findNode();
  if (current === undefined) {
    console.error(
      `${name} needs Node ${OLDEST_MAJOR} or later and found ${process.version}. Install a current Node, or run "npm ci" in the project, which brings one.`,
    );
    process.exitCode = 1;
    return;
  }
  const child = spawn(current, [process.argv[1], ...process.argv.slice(2)], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    console.error(`${name} could not start ${current}: ${error.message}`);
    process.exitCode = 1;
  });
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 1);
  });
}

/** The `node` that npm has put into the nearest node_modules/.bin, going up from here. */
function findNode() {
  let folder = dirname(fileURLToPath(import.meta.url));
  const { root } = parse(folder);
  while (folder !== root) {
    const candidate = join(folder, 'node_modules', '.bin', 'node');
    if (existsSync(candidate)) return candidate;
    folder = dirname(folder);
  }
  return undefined;
}
