/**
 * publint (is the manifest right for every tool?) and attw (do the types say what the code is, under every way to resolve a
 * module?), asked about a tarball.
 */

import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { isDual, type PackedName } from '../pack-manifest.ts';
import type { Finding } from './finding.ts';

const BIN = fileURLToPath(new URL('../../node_modules/.bin/', import.meta.url));

/** Style sheets have no types, and are asked for by bundlers alone. */
const STYLES = ['line.css', 'style.css'];

export function judge(name: PackedName, tarball: string): Finding[] {
  // What comes as ES modules alone cannot be right for `require`, and does not claim to be.
  const profile = isDual(name) ? [] : ['--profile', 'esm-only'];
  const styles = name === 'react' ? ['--exclude-entrypoints', ...STYLES] : [];
  return [
    run('publint', name, [tarball, '--strict']),
    run('attw', name, [tarball, '--format', 'table-flipped', '--no-color', ...profile, ...styles]),
  ];
}

function run(program: string, name: PackedName, args: readonly string[]): Finding {
  const { status, stdout, stderr, error } = spawnSync(`${BIN}${program}`, args, { encoding: 'utf8' });
  return {
    what: `${program} @flywatch/${name}`,
    isRight: status === 0,
    said: `${stdout}${stderr}${error?.message ?? ''}`,
  };
}
