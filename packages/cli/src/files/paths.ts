/** Files that are named on the command line: as they are, or by patterns that the shell did not expand. */

import { existsSync, globSync } from 'node:fs';

/** Files at once: each is open while it is followed. */
export const MAX_FILES = 1_000;

const PATTERN = /[*?[{]/;

/** The files of a word. One that is there is itself, whatever is in its name; a pattern may stand for none yet. */
export function expandPath(word: string): readonly string[] {
  return PATTERN.test(word) && !existsSync(word) ? globSync(word).sort() : [word];
}

export function isPattern(word: string): boolean {
  return PATTERN.test(word) && !existsSync(word);
}
