/** What somebody probably meant who wrote a name that does not exist. */

/** Farther than this and a suggestion is a guess. */
const MAX_EDITS = 3;

/** The known name that is fewest edits away, at most three and fewer than half of what was written; else undefined. */
export function nearestName(written: string, known: Iterable<string>): string | undefined {
  let best: string | undefined;
  let bestDistance = Math.min(MAX_EDITS, Math.ceil(written.length / 2)) + 1;
  for (const name of known) {
    // The difference in length is a lower bound: most names need no table.
    if (Math.abs(name.length - written.length) >= bestDistance) continue;
    const distance = editDistance(written, name);
    if (distance < bestDistance) [best, bestDistance] = [name, distance];
  }
  return best;
}

/** Letters to insert, delete or replace (Levenshtein), one row of the table at a time. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length]!;
}
