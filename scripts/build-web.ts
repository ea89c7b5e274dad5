/**
 * Builds the dashboard into `packages/web/dist`, where the hub finds it; when nothing it is made of has changed, it says nothing and
 * ends in a tenth of a second. `npm start` runs it each time.
 *
 * A build is made in a folder of its own and put in place as a whole, so that a hub or a second build at the same time finds
 * the old one or the new one. Each file is packed here, once, and not while somebody waits for it.
 */

import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const WEB = join(ROOT, 'packages/web');
const DIST = join(WEB, 'dist');

/** What a build is made of, from the root. Tests and old builds are not. */
const INPUTS = [
  'package-lock.json',
  'scripts/build-web.ts',
  'packages/web/{index.html,package.json,vite.config.ts}',
  'packages/web/public/**',
  'packages/{core,client,react,web}/src/**',
];
const NO_INPUT = /\.(?:test|bench|fixture)\.tsx?$/;

/** In the folder of a build: the hash of what it was made of. */
const STAMP = 'made-of.txt';

/** Files that are worth packing; fonts are packed already. */
const PACKABLE = /\.(?:html|js|css|svg)$/;

// Vite builds for what it finds here, and a test runner has put `test` there: React would come with all its checks.
process.env.NODE_ENV = 'production';

const wanted = hashOfInputs();
if (hashOfBuild() !== wanted) await build();

async function build(): Promise<void> {
  const startedAt = performance.now();
  const vite = await import('vite').catch(() => undefined);
  if (vite === undefined) {
    // As after `npm ci --omit=dev`: a hub without its page is better than none, and the page's place says what to do.
    process.stderr.write('The dashboard is not built, since Vite is not installed. "npm ci" installs it.\n');
    return;
  }
  const folder = join(ROOT, 'node_modules/.cache', `flywatch-web-${process.pid}`);
  try {
    await vite.build({ root: WEB, logLevel: 'warn', build: { outDir: folder, emptyOutDir: true } });
    pack(folder);
    writeFileSync(join(folder, STAMP), wanted);
    putInPlace(folder);
  } catch (error) {
    process.stderr.write(`The dashboard could not be built: ${error instanceof Error ? error.message : error}\n`);
    process.exitCode = 1;
    return;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  process.stderr.write(`The dashboard was built in ${seconds} s.\n`);
}

/** Beside each file that is worth it: the same in Brotli, which browsers ask for over HTTPS and on localhost, and in gzip. */
function pack(folder: string): void {
  for (const name of globSync('**/*', { cwd: folder })) {
    if (!PACKABLE.test(name)) continue;
    const path = join(folder, name);
    const bytes = readFileSync(path);
    writeFileSync(
      `${path}.br`,
      brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }),
    );
    writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }));
  }
}

/** Whoever builds the same at the same time and is second leaves the first one's in place: somebody may be reading it. */
function putInPlace(folder: string): void {
  if (hashOfBuild() === wanted) return;
  const old = `${folder}-old`;
  mkdirSync(WEB, { recursive: true });
  try {
    if (existsSync(DIST)) renameSync(DIST, old);
    renameSync(folder, DIST);
  } finally {
    rmSync(old, { recursive: true, force: true });
  }
}

function hashOfBuild(): string | undefined {
  try {
    return readFileSync(join(DIST, STAMP), 'utf8');
  } catch {
    // Never built.
    return undefined;
  }
}

function hashOfInputs(): string {
  const hash = createHash('sha256');
  for (const name of globSync(INPUTS, { cwd: ROOT, withFileTypes: true })
    .filter((entry) => entry.isFile() && !NO_INPUT.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()) {
    const bytes = readFileSync(name);
    hash.update(`${name.slice(ROOT.length)} ${bytes.length}\n`).update(bytes);
  }
  return hash.digest('hex');
}
