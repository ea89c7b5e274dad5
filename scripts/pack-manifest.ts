/** The manifest of a published package, from the one of the workspace. */

/** In the order in which they build on each other. */
export const PACKED = ['core', 'client', 'react'] as const;

export type PackedName = (typeof PACKED)[number];

export interface WorkspaceManifest {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly license: string;
  readonly sideEffects?: readonly string[];
  readonly exports: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

/** What needs the fewest: Node 18 has all that core and client use, and React does not look at it. */
const ENGINES = { node: '>=18' };

export function manifestOf(name: PackedName, manifest: WorkspaceManifest): object {
  const { version, description, license, dependencies, peerDependencies } = manifest;
  return {
    name: manifest.name,
    version,
    description,
    license,
    type: 'module',
    sideEffects: manifest.sideEffects ?? false,
    engines: ENGINES,
    // `files` beside the exports: nothing that is not meant is in the tarball.
    files: name === 'core' ? ['esm', 'cjs'] : ['esm'],
    exports: Object.fromEntries(
      Object.entries(manifest.exports).map(([door, source]) => [door, doorOf(source, name === 'core')]),
    ),
    ...(dependencies === undefined ? {} : { dependencies }),
    ...(peerDependencies === undefined ? {} : { peerDependencies }),
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
