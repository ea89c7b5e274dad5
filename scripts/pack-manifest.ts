/** The manifest of a published package, from the one of the workspace. */

/** Folders of `packages/`, in the order in which they build on each other. */
export const PACKED = ['core', 'logger', 'client', 'react', 'agent', 'hub', 'cli'] as const;

export type PackedName = (typeof PACKED)[number];

/** What `npm install` is told. */
export function publishedName(name: PackedName): string {
  return name === 'cli' ? 'flywatch' : `@flywatch/${name}`;
}

/**
 * Those that come as CommonJS too: they live in other people's apps, and in Jest, which in many of them cannot load ES
 * modules.
 */
const DUAL: ReadonlySet<PackedName> = new Set(['core', 'logger']);

export function isDual(name: PackedName): boolean {
  return DUAL.has(name);
}

/** Those that run as programs: on a Node with `node:sqlite` and zstd, and never through a bundler. */
const PROGRAMS: ReadonlySet<PackedName> = new Set(['agent', 'hub', 'cli']);

/** Programs that nobody imports have no declarations. */
export function hasDeclarations(name: PackedName): boolean {
  return name !== 'cli';
}

/** What of the command line is in `flywatch`: it lies there as in `packages/`, so that paths from one to the other are the same. */
export const CLI_FOLDERS = ['cli', 'web'] as const;

/** Where compiled modules lie in a package. */
export function modulesFolder(name: PackedName): string {
  return name === 'cli' ? 'cli/esm' : 'esm';
}

/** A path, or paths by condition. */
type Target = string | { readonly [condition: string]: Target };

export interface WorkspaceManifest {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly license: string;
  readonly sideEffects?: readonly string[];
  readonly bin?: Readonly<Record<string, string>>;
  readonly exports?: Readonly<Record<string, string>>;
  readonly imports?: Readonly<Record<string, Target>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, object>>;
}

/** What needs the fewest: Node 18 has all that core and client use, and React does not look at it. */
const ENGINES = { node: '>=18' };

/** What the launcher asks for; it tells older ones so. */
export const OLDEST_PROGRAM_NODE = 24;

const PROGRAM_ENGINES = { node: `>=${OLDEST_PROGRAM_NODE}` };

export function manifestOf(name: PackedName, manifest: WorkspaceManifest): object {
  const { version, description, license, dependencies, peerDependencies, peerDependenciesMeta } = manifest;
  const doors = Object.entries(manifest.exports ?? {});
  return {
    name: manifest.name,
    version,
    description,
    license,
    type: 'module',
    ...(PROGRAMS.has(name) ? {} : { sideEffects: manifest.sideEffects ?? false }),
    engines: PROGRAMS.has(name) ? PROGRAM_ENGINES : ENGINES,
    // `files` beside the exports: nothing that is not meant is in the tarball.
    files: name === 'cli' ? CLI_FOLDERS : isDual(name) ? ['esm', 'cjs'] : ['esm'],
    ...(name === 'cli' ? programOf(manifest) : {}),
    ...(isDual(name) ? olderDoors(doors) : {}),
    exports: Object.fromEntries(doors.map(([door, source]) => [door, doorOf(source, isDual(name))])),
    ...(manifest.imports === undefined ? {} : { imports: built(manifest.imports, name) }),
    ...(dependencies === undefined ? {} : { dependencies }),
    ...(peerDependencies === undefined ? {} : { peerDependencies }),
    ...(peerDependenciesMeta === undefined ? {} : { peerDependenciesMeta }),
  };
}

/** What npm links: the commands, and the manual where it installs for the whole system. */
function programOf({ bin = {} }: WorkspaceManifest): object {
  return {
    bin: Object.fromEntries(Object.entries(bin).map(([command, file]) => [command, `cli/${file}`])),
    man: ['./cli/dist/flywatch.1'],
  };
}

/** Names inside of the package, with the places that their modules have when compiled. */
function built(target: Target, name: PackedName): Target {
  if (typeof target === 'string') {
    return target.replace(/^\.\/src\//, `./${modulesFolder(name)}/`).replace(/\.ts$/, '.js');
  }
  return Object.fromEntries(Object.entries(target).map(([condition, inner]) => [condition, built(inner, name)]));
}

/** For compilers that do not look at `exports`: TypeScript with `moduleResolution: node`, as older Nest apps have it. */
function olderDoors(doors: readonly (readonly [string, string])[]): object {
  const types = (source: string) => source.replace(/^\.\/src\//, './cjs/').replace(/\.ts$/, '.d.ts');
  const others = doors.filter(([door]) => door !== '.');
  return {
    main: './cjs/index.js',
    types: './cjs/index.d.ts',
    ...(others.length === 0
      ? {}
      : {
          typesVersions: { '*': Object.fromEntries(others.map(([door, source]) => [door.slice(2), [types(source)]])) },
        }),
  };
}

function doorOf(source: string, hasCommonJs: boolean): string | object {
  const built = source.replace(/^\.\/src\//, './esm/');
  if (built.endsWith('.css')) return built;
  const module = { types: built.replace(/\.ts$/, '.d.ts'), default: built.replace(/\.ts$/, '.js') };
  if (!hasCommonJs) return module;
  const inCjs = (path: string) => path.replace('./esm/', './cjs/');
  return { import: module, require: { types: inCjs(module.types), default: inCjs(module.default) } };
}
