// Starts the program under a Node that can run it, with the settings that it wants. Plain JavaScript that Node 18 parses.
//
// The program needs Node 24 (type stripping, zstd, node:sqlite); where the Node that runs this file is older, the one from
// node_modules/.bin is started in its place, with the same arguments, streams and signals.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import module from 'node:module';
import { dirname, join, parse } from 'node:path';
import { fileURLToPath } from 'node:url';

const OLDEST_MAJOR = 24;

/**
 * V8's settings for a hub on a 256 MB machine. By default the heap grows to several times what is in use before it is
 * cleaned. Measured at 50,000 events a second: 170 MB resident with these against more than 250 MB, for a quarter more CPU there and
 * none at rest; a growth of 30 % would save 20 MB more and cost as much CPU again. The store asks for a collection when it is
 * through with memory that V8 does not count.
 */
const HUB_FLAGS = ['--max-semi-space-size=8', '--heap-growing-percent=70', '--expose-gc'];

/** Commands that run a hub. */
const HUB_COMMANDS = ['serve', 'demo'];

/**
 * @param {string} name - the command as it was called: flywatch, vg, …
 * @param {readonly string[]} first - arguments that the name stands for
 */
export function runCommand(name, first = []) {
  const given = process.argv.slice(2);
  const args = given[0] === '--version' || given[0] === '-V' ? given : [...first, ...given];
  const command = args.find((arg) => !arg.startsWith('-'));
  const flags = HUB_COMMANDS.includes(command) ? HUB_FLAGS.filter((flag) => !process.execArgv.includes(flag)) : [];
  const isCurrent = isCurrentNode();
  if (isCurrent && flags.length > 0) warmCache(command);
  if (isCurrent && (flags.length === 0 || !replaceProcess(flags))) {
    enableCache();
    import('./src/main.ts').then(({ main }) => main(name, args, first));
    return;
  }
  const node = isCurrent ? process.execPath : findNode();
  if (node === undefined) {
    console.error(
      `${name} needs Node ${OLDEST_MAJOR} or later and found ${process.version}. Install a current Node, or run "npm ci" in the project, which brings one.`,
    );
    process.exitCode = 1;
    return;
  }
  runChild(name, node, [...flags, process.argv[1], ...given]);
}

/** Whether there is a Node for the program: this one, or one in node_modules/.bin. */
export function hasCurrentNode() {
  return isCurrentNode() || findNode() !== undefined;
}

function isCurrentNode() {
  return Number(process.versions.node.split('.')[0]) >= OLDEST_MAJOR;
}

/** The same process with flags, where the platform can do that. Does not return where it could. */
function replaceProcess(flags) {
  if (typeof process.execve !== 'function' || process.platform === 'win32') return false;
  try {
    process.execve(
      process.execPath,
      [process.execPath, ...process.execArgv, ...flags, ...process.argv.slice(1)],
      hubEnvironment(process.env),
    );
  } catch {
    // Forbidden by the system: the program runs without the flags, as well as it did before.
  }
  return false;
}

/**
 * Compiled code and stripped types are kept beside the packages: starting from them takes 24 MB less memory for as long as
 * the process lives, and half the time.
 */
function cacheFolder() {
  if (process.env.NODE_COMPILE_CACHE !== undefined) return undefined;
  const modules = findUp(dirname(fileURLToPath(import.meta.url)), 'node_modules');
  return modules === undefined ? undefined : join(modules, '.cache', 'flywatch');
}

/**
 * The environment with the cache in it, where the threads of a hub find it too: 40 MB less for the one that writes. And with two
 * arenas for glibc's allocator: with one a thread, what a thread has given back is of no use to the others.
 */
function hubEnvironment(env) {
  const folder = cacheFolder();
  const cache = folder === undefined ? {} : { NODE_COMPILE_CACHE: folder };
  return {
    MALLOC_ARENA_MAX: '2',
    ...cache,
    ...env,
  };
}

function enableCache() {
  const folder = cacheFolder();
  if (folder !== undefined) module.enableCompileCache?.(folder);
}

/**
 * Fills the cache before the first hub, in a process that ends: `--version` before a command loads all that the command needs. One
 * file left out, and the hub loads what strips types: 18 MB.
 */
function warmCache(command) {
  const folder = cacheFolder();
  if (folder === undefined || existsSync(folder)) return;
  spawnSync(process.execPath, [...HUB_FLAGS, process.argv[1], '--version', command], { stdio: 'ignore' });
}

function runChild(name, node, args) {
  const child = spawn(node, args, { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    console.error(`${name} could not start ${node}: ${error.message}`);
    process.exitCode = 1;
  });
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 1);
  });
}

/** The `node` that npm has put into the nearest node_modules/.bin. */
function findNode() {
  return findUp(dirname(fileURLToPath(import.meta.url)), join('node_modules', '.bin', 'node'));
}

/** The nearest folder or file of that name, going up. */
function findUp(start, name) {
  const { root } = parse(start);
  for (let folder = start; folder !== root; folder = dirname(folder)) {
    const candidate = join(folder, name);
    if (existsSync(candidate)) return candidate;
  }
  return undefined;
}
