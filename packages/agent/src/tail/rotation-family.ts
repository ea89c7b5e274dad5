/** The files among which the earlier ones of a log file are: in its folder, in folders within it, and where the watch says. */

import { basename, dirname, join } from 'node:path';
import type { Lister } from './glob.ts';
import { isRotatedName } from './rotated-names.ts';
import type { Stream } from './stream.ts';

/** Folders beside a file in which its rotated ones are looked for: `olddir` is one of few. */
const MAX_SUBFOLDERS = 32;

/** Paths that by their names are earlier ones of a file. */
export function rotatedPathsOf(lister: Lister, file: string, rotatedDirs: readonly string[]): string[] {
  const own = dirname(file);
  const within = lister
    .entries(own)
    .filter((entry) => entry.isDirectory())
    .slice(0, MAX_SUBFOLDERS)
    .map((entry) => join(own, entry.name));
  const name = basename(file);
  const paths: string[] = [];
  for (const folder of new Set([own, ...within, ...rotatedDirs])) {
    for (const entry of lister.entries(folder)) {
      if (!entry.isDirectory() && isRotatedName(entry.name, name)) paths.push(join(folder, entry.name));
    }
  }
  return paths;
}

/** Streams of which a path can be an earlier file, the newest first. */
export function originalsOf(path: string, streams: Iterable<Stream>, rotatedDirs: readonly string[]): Stream[] {
  const name = basename(path);
  const folder = dirname(path);
  const found: Stream[] = [];
  for (const stream of streams) {
    if (!isRotatedName(name, basename(stream.file))) continue;
    const own = dirname(stream.file);
    if (folder === own || dirname(folder) === own || rotatedDirs.includes(folder)) found.push(stream);
  }
  return found.sort((a, b) => b.id - a.id);
}
