/**
 * Patterns of paths: `*`, `?` and `[abc]` within a name, `**` for any number of folders, `{a,b}` for either. Written here,
 * because neither Node nor Bun lists a pattern without walking all of it each time: folders are read again only when
 * their time of change says that a name in them came or went.
 */

import { type Dirent, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { MAX_FILES } from './limits.ts';

/** Folders below a `**`: deeper than any tree of logs. */
const MAX_DEPTH = 8;

/** Changes of a folder that came this close before it was read may be missing in what was read: the clock of a file system is coarse. */
const COARSE_MS = 1_000;

/** Alternatives of one pattern; more are a mistake. */
const MAX_ALTERNATIVES = 64;

/** `a{b,c}d` as `abd` and `acd`. */
export function expandBraces(pattern: string): string[] {
  const done: string[] = [];
  const open = [pattern];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const braces = /\{([^{}]*)\}/.exec(next);
    if (braces === null) done.push(next);
    else {
      for (const part of braces[1]!.split(',')) {
        open.push(next.slice(0, braces.index) + part + next.slice(braces.index + braces[0].length));
      }
    }
    if (done.length + open.length > MAX_ALTERNATIVES) {
      throw new RangeError(`${pattern} stands for more than ${MAX_ALTERNATIVES} patterns; write fewer braces`);
    }
  }
  return done.reverse();
}

const hasWildcard = (text: string) => /[*?[]/.test(text);

/** The regular expression of one name in a pattern. */
export function compileName(name: string): RegExp {
  const source = name.replace(/\[!?[^\]]+\]|[\s\S]/g, (part) => {
    if (part === '*') return '[^/]*';
    if (part === '?') return '[^/]';
    if (part.length > 1)
      return `[${part[1] === '!' ? '^' : ''}${part.slice(part[1] === '!' ? 2 : 1, -1).replace(/[\\\]^]/g, '\\$&')}]`;
    return part.replace(/[\\^$+.()|{}[\]]/g, '\\$&');
  });
  return new RegExp(`^${source}$`);
}

interface Folder {
  readonly changedMs: number;
  readonly readMs: number;
  readonly entries: readonly Dirent[];
}

/** Lists paths by pattern, and remembers folders that have not changed. */
export class Lister {
  readonly #folders = new Map<string, Folder>();
  #isCut = false;

  /** Whether the last listing had more than MAX_FILES. */
  get isCut(): boolean {
    return this.#isCut;
  }

  /** Paths that match, in order of their names; a pattern without wildcards is a path, whether there is a file or not. */
  list(pattern: string): string[] {
    const found = new Set<string>();
    this.#isCut = false;
    for (const path of expandBraces(pattern)) {
      if (!hasWildcard(path)) found.add(path);
      else
        this.#walk(
          path.startsWith('/') ? '/' : '.',
          path.split('/').filter((part) => part !== ''),
          found,
          0,
        );
    }
    return [...found].sort();
  }

  #walk(folder: string, parts: readonly string[], found: Set<string>, depth: number): void {
    const [part, ...rest] = parts;
    if (part === undefined || depth > MAX_DEPTH) return;
    if (part !== '**' && !hasWildcard(part)) {
      const path = join(folder, part);
      if (rest.length > 0) this.#walk(path, rest, found, depth);
      else if (this.entries(folder).some((entry) => entry.name === part)) this.#add(path, found);
      return;
    }
    if (part === '**') {
      this.#walk(folder, rest, found, depth);
      for (const entry of this.entries(folder)) {
        if (entry.isDirectory()) this.#walk(join(folder, entry.name), parts, found, depth + 1);
      }
      return;
    }
    const name = compileName(part);
    for (const entry of this.entries(folder)) {
      // As in a shell, a wildcard at the beginning means no hidden file.
      if ((entry.name.startsWith('.') && !part.startsWith('.')) || !name.test(entry.name)) continue;
      const path = join(folder, entry.name);
      if (rest.length > 0) this.#walk(path, rest, found, depth);
      else if (!entry.isDirectory()) this.#add(path, found);
    }
  }

  #add(path: string, found: Set<string>): void {
    if (found.size < MAX_FILES) found.add(path);
    else this.#isCut = true;
  }

  /** What is in a folder; nothing where it cannot be read, since a folder may come later. */
  entries(path: string): readonly Dirent[] {
    try {
      const changedMs = statSync(path).mtimeMs;
      const known = this.#folders.get(path);
      if (known !== undefined && known.changedMs === changedMs && known.readMs - changedMs > COARSE_MS) {
        return known.entries;
      }
      const readMs = Date.now();
      const entries = readdirSync(path, { withFileTypes: true });
      if (this.#folders.size > MAX_FILES) this.#folders.clear();
      this.#folders.set(path, { changedMs, readMs, entries });
      return entries;
    } catch {
      // Not there, no folder, or not for us to read: the next look may find it otherwise.
      this.#folders.delete(path);
      return [];
    }
  }
}
