/**
 * `npm run pack`: makes the packages that others install, as folders and as tarballs in `dist/packages/`. In the workspace the
 * packages are their TypeScript sources; what is published is JavaScript with declarations, made by the compiler alone.
 * Node strips no types below `node_modules`.
 *
 * `core` and `logger` come as ES modules and as CommonJS, the others as ES modules. `flywatch`, the command line, has the dashboard
 * and the manual in it.
 */

import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  hasDeclarations,
  isDual,
  manifestOf,
  modulesFolder,
  PACKED,
  type PackedName,
  publishedName,
  type WorkspaceManifest,
} from './pack-manifest.ts';
import { addProgram } from './pack-program.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Where tarballs go unless somebody wants them elsewhere: tests do, since several of them pack at the same time. */
const OUT = join(ROOT, 'dist/packages');

/** Tests and what only they need stay at home, and so does what is the agent as a single file. */
const NOT_PUBLISHED = [
  'src/**/*.test.ts',
  'src/**/*.bench.ts',
  'src/**/*.fixture.ts',
  'src/**/*.contract.ts',
  'src/testing',
  'src/agent-file.ts',
];

/** Hooks make a module one for the browser: frameworks that render on servers want to be told. */
const USES_HOOKS = /from ['"]react['"]/;

/** Packs what a person would install into a folder, which is emptied; the tarballs, by package. */
export function packAll(out = OUT): Readonly<Record<PackedName, string>> {
  return packSome(PACKED, out);
}

/** As {@link packAll}, for some of the packages and those that they build on, in the order of {@link PACKED}. */
export function packSome<Name extends PackedName>(names: readonly Name[], out: string): Readonly<Record<Name, string>> {
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  const tarballs = names.map((name) => [name, packOne(name, out)] as const);
  return Object.fromEntries(tarballs) as Record<Name, string>;
}

function packOne(name: PackedName, out: string): string {
  const source = join(ROOT, 'packages', name);
  const folder = join(out, name);
  const manifest = manifestIn(source);
  mkdirSync(folder, { recursive: true });
  compile(name, 'esm', out);
  if (isDual(name)) {
    compile(name, 'cjs', out);
    writeFileSync(join(folder, 'cjs/package.json'), '{ "type": "commonjs" }\n');
  }
  for (const file of filesOf(join(source, 'src'))) {
    if (file.endsWith('.css')) cpSync(join(source, 'src', file), join(folder, 'esm', file));
  }
  if (name === 'react') markClientModules(join(folder, 'esm'));
  if (name === 'cli') addProgram(folder, run);
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifestOf(name, manifest), null, 2)}\n`);
  cpSync(join(ROOT, 'LICENSE'), join(folder, 'LICENSE'));
  cpSync(join(source, 'README.md'), join(folder, 'README.md'));
  const [packed] = JSON.parse(run('npm', ['pack', '--json', '--pack-destination', out], folder)) as {
    filename: string;
  }[];
  return join(out, packed!.filename);
}

/** One pass of the compiler. Packages that were made before are found as they will be found when installed. */
function compile(name: PackedName, format: 'esm' | 'cjs', out: string): void {
  const source = join(ROOT, 'packages', name);
  const folder = join(out, name);
  const own = join(source, 'tsconfig.json');
  const config = {
    extends: existsSync(own) ? own : join(ROOT, 'tsconfig.json'),
    compilerOptions: {
      noEmit: false,
      declaration: hasDeclarations(name),
      rewriteRelativeImportExtensions: true,
      rootDir: join(source, 'src'),
      outDir: join(folder, format === 'cjs' ? format : modulesFolder(name)),
      typeRoots: [join(ROOT, 'node_modules/@types')],
      paths: Object.assign({}, ...PACKED.slice(0, PACKED.indexOf(name)).map((other) => declarationsOf(other, out))),
      ...(format === 'cjs' ? { module: 'commonjs', moduleResolution: 'bundler', verbatimModuleSyntax: false } : {}),
    },
    include: [join(source, 'src')],
    exclude: NOT_PUBLISHED.map((pattern) => join(source, pattern)),
  };
  const file = join(folder, `tsconfig.${format}.json`);
  writeFileSync(file, JSON.stringify(config));
  run(join(ROOT, 'node_modules/.bin/tsc'), ['-p', file], ROOT);
  rmSync(file);
}

/** Where the compiler finds what a package that was made before exports. */
function declarationsOf(name: PackedName, out: string): Record<string, [string]> {
  const doors = Object.entries(manifestIn(join(ROOT, 'packages', name)).exports ?? {});
  return Object.fromEntries(
    doors.map(([door, source]) => [
      `${publishedName(name)}${door.slice(1)}`,
      [join(out, name, source.replace('./src/', 'esm/').replace(/\.ts$/, '.d.ts'))],
    ]),
  );
}

function manifestIn(folder: string): WorkspaceManifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as WorkspaceManifest;
}

function markClientModules(folder: string): void {
  for (const file of filesOf(folder)) {
    const path = join(folder, file);
    const text = file.endsWith('.js') ? readFileSync(path, 'utf8') : '';
    if (USES_HOOKS.test(text)) writeFileSync(path, `'use client';\n${text}`);
  }
}

function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
}

/** What a program prints; where it fails, what it printed is the error. */
function run(command: string, args: readonly string[], cwd: string): string {
  const env = { ...process.env, PATH: `${dirname(process.execPath)}:${process.env.PATH ?? ''}` };
  try {
    return execFileSync(command, args, { cwd, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`${command} ${args.join(' ')}\n${stdout}${stderr}`, { cause: error });
  }
}

if (import.meta.main) {
  for (const file of Object.values(packAll())) process.stdout.write(`${relative(ROOT, file)}\n`);
}
