/**
 * `npm run pack:check`: the tarballs as others will find them, judged by publint (is the manifest right for every tool?) and
 * by attw (do the types say what the code is, under every way to resolve a module?).
 */

import { spawnSync } from 'node:child_process';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packAll } from './pack.ts';
import { isDual, type PackedName } from './pack-manifest.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Style sheets have no types, and are asked for by bundlers alone. */
const STYLES = ['line.css', 'style.css'];

let failed = 0;
for (const [name, tarball] of Object.entries(packAll()) as [PackedName, string][]) {
  const profile = isDual(name) ? [] : ['--profile', 'esm-only'];
  const styles = name === 'react' ? ['--exclude-entrypoints', ...STYLES] : [];
  judge('publint', [tarball, '--strict']);
  judge('attw', [tarball, '--format', 'table-flipped', '--no-color', ...profile, ...styles]);
}
process.exitCode = failed === 0 ? 0 : 1;

function judge(program: string, args: readonly string[]): void {
  const { status, stdout, stderr } = spawnSync(`${ROOT}node_modules/.bin/${program}`, args, { encoding: 'utf8' });
  const file = relative(ROOT, args[0]!);
  process.stdout.write(`${status === 0 ? 'ok    ' : 'FAILED'} ${program} ${file}\n`);
  if (status === 0) return;
  failed++;
  process.stdout.write(`${stdout}${stderr}\n`);
}
