/**
 * `npm run build:agent`: the agent as a single file, in `packages/agent/dist/`. A host that gets it needs neither Node nor npm.
 *
 *     npm run build:agent                           for this machine: flywatch-agent
 *     npm run build:agent -- --target linux-arm64   for another one:  flywatch-agent-linux-arm64
 *
 * Bun is at once what makes the file and what runs in it. It comes as a package, one for each platform; npm installs only that of
 * this machine, so that another one has to be asked for. Nothing is downloaded here.
 */

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const ENTRY = join(ROOT, 'packages/cli/src/agent-file.ts');
const OUT = join(ROOT, 'packages/agent/dist');

/** Platforms by our name for them: the package that brings Bun, and Bun's own name. */
const TARGETS = {
  'linux-x64': { package: '@oven/bun-linux-x64', bun: 'bun-linux-x64' },
  'linux-arm64': { package: '@oven/bun-linux-aarch64', bun: 'bun-linux-arm64' },
  'darwin-x64': { package: '@oven/bun-darwin-x64', bun: 'bun-darwin-x64' },
  'darwin-arm64': { package: '@oven/bun-darwin-aarch64', bun: 'bun-darwin-arm64' },
} as const;

type Target = keyof typeof TARGETS;

export const OWN = `${process.platform}-${process.arch}` as Target;

/** How the file is made. */
const OPTIONS = [
  '--compile',
  '--minify',
  // Parsed beforehand: it starts in half the time.
  '--bytecode',
  '--format=cjs',
  // A smaller heap, cleaned more often.
  '--compile-exec-argv=--smol',
  // An agent reads its own configuration, and not what happens to lie in the folder that it is started in.
  '--no-compile-autoload-dotenv',
  '--no-compile-autoload-bunfig',
];

/** Builds the file. @returns its path */
export function buildAgent(target: Target = OWN): string {
  const maker = bunOf(OWN);
  const runtime = bunOf(target);
  mkdirSync(OUT, { recursive: true });
  const file = join(OUT, target === OWN ? 'flywatch-agent' : `flywatch-agent-${target}`);
  const args = [
    'build',
    ...OPTIONS,
    `--target=${TARGETS[target].bun}`,
    // Without it Bun would download the other platform's.
    ...(target === OWN ? [] : [`--compile-executable-path=${runtime}`]),
    `--outfile=${file}`,
    ENTRY,
  ];
  // Nothing of the environment, so that the same sources make the same file wherever it is built.
  execFileSync(maker, args, { cwd: ROOT, env: {}, stdio: ['ignore', 'ignore', 'inherit'] });
  return file;
}

/** The Bun that the platform's package brought. */
export function bunOf(target: Target): string {
  const known = TARGETS[target];
  if (known === undefined) {
    throw new Error(`there is no single file for ${target}; there is one for ${Object.keys(TARGETS).join(', ')}`);
  }
  const file = join(ROOT, 'node_modules', known.package, 'bin/bun');
  if (existsSync(file)) return file;
  const [os, cpu] = target.split('-');
  throw new Error(
    `${known.package} is not installed; "npm install --no-save --os=${os} --cpu=${cpu}" brings what ${target} needs`,
  );
}

if (import.meta.main) {
  try {
    const { values } = parseArgs({ options: { target: { type: 'string' } } });
    const file = buildAgent(values.target as Target | undefined);
    process.stdout.write(`${relative(ROOT, file)}, ${Math.round(statSync(file).size / 1e6)} MB\n`);
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    process.exitCode = 1;
  }
}
