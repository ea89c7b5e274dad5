/** The manifest of a published package, from the one of the workspace. */

/** In the order in which they build on each other. */
export const PACKED = ['core', 'logger', 'client', 'react'] as const;

export type PackedName = (typeof PACKED)[number];

/**
 * Those that come as CommonJS too: they live in other people's apps, and in Jest, which in many of them cannot load ES
 * modules.
 */
const DUAL: ReadonlySet<PackedName> = new Set(['core', 'logger']);

export function isDual(name: PackedName): boolean {
  return DUAL.has(name);
}

export interface WorkspaceManifest {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly license: string;
  readonly sideEffects?: readonly string[];
  readonly exports: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, object>>;
}

/** What needs the fewest: Node 18 has all that core and client use, and React does not look at it. */
const ENGINES = { node: '>=18' };

export function manifestOf(name: PackedName, manifest: WorkspaceManifest): object {
  const { version, description, license, dependencies, peerDependencies, peerDependenciesMeta } = manifest;
  const doors = Object.entries(manifest.exports);
  return {
    name: manifest.name,
    version,
    description,
    license,
    type: 'module',
    sideEffects: manifest.sideEffects ?? false,
    engines: ENGINES,
    // `files` beside the exports: nothing that is not meant is in the tarball.
    files: isDual(name) ? ['esm', 'cjs'] : ['esm'],
    ...(isDual(name) ? olderDoors(doors) : {}),
    exports: Object.fromEntries(doors.map(([door, source]) => [door, doorOf(source, isDual(name))])),
    ...(dependencies === undefined ? {} : { dependencies }),
    ...(peerDependencies === undefined ? {} : { peerDependencies }),
    ...(peerDependenciesMeta === undefined ? {} : { peerDependenciesMeta }),
  };
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
