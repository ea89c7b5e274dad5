// Lines whose statements are known, and how well a grouping of them agrees: grouping accuracy as the literature has it, the share of
// lines whose group has all lines of their statement and no others (J. Zhu et al., "Tools and Benchmarks for Automated Log Parsing", ICSE-SEIP 2019).
//
// The sets are those of Loghub (LOGHUB_DIR: a folder with `*_2k.log_structured.csv`). Without it, lines are made from statements of our own: the
// result says so.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface KnownLine {
  readonly text: string;
  /** Which statement printed it. */
  readonly statement: string;
}

export interface KnownSet {
  readonly name: string;
  readonly lines: readonly KnownLine[];
  /** Grouping accuracy of Drain as published in that paper; undefined for lines of our own. */
  readonly publishedDrain: number | undefined;
}

/** Table II of the paper. */
const PUBLISHED_DRAIN: Readonly<Record<string, number>> = {
  Apache: 1,
  HDFS: 0.998,
  Hadoop: 0.948,
  Linux: 0.69,
  OpenSSH: 0.788,
  OpenStack: 0.733,
  Spark: 0.92,
  Zookeeper: 0.967,
};

export function readSets(folder = process.env.LOGHUB_DIR): { sets: readonly KnownSet[]; from: string } {
  if (folder === undefined || folder === '')
    return { sets: [madeUpSet()], from: 'a generator (LOGHUB_DIR is not set)' };
  const sets = Object.entries(PUBLISHED_DRAIN).map(([name, publishedDrain]) => {
    const [head = [], ...rows] = parseCsv(readFileSync(join(folder, `${name}_2k.log_structured.csv`), 'utf8'));
    const [text, statement] = [head.indexOf('Content'), head.indexOf('EventId')];
    return {
      name,
      publishedDrain,
      lines: rows.map((row) => ({ text: row[text]!, statement: row[statement]! })),
    };
  });
  return { sets, from: `${sets.length} systems of Loghub` };
}

export function groupingAccuracy(lines: readonly KnownLine[], groups: readonly (string | number)[]): number {
  const byStatement = Map.groupBy(lines.keys(), (i) => lines[i]!.statement);
  const byGroup = Map.groupBy(lines.keys(), (i) => groups[i]!);
  let right = 0;
  for (const members of byStatement.values()) {
    const group = byGroup.get(groups[members[0]!]!)!;
    if (group.length === members.length && group.every((line, i) => line === members[i])) right += members.length;
  }
  return right / lines.length;
}

/** RFC 4180. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  for (const [, quoted, plain = '', end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/g)) {
    row.push(quoted?.replaceAll('""', '"') ?? plain);
    if (end === ',') continue;
    if (row.length > 1) rows.push(row);
    row = [];
  }
  return rows;
}

/** Two thousand lines of statements that a shop might have; each `{}` is a value of another kind. */
function madeUpSet(): KnownSet {
  const names = 'ada grace linus ken barbara dennis bjarne guido'.split(' ');
  const values = [
    (i: number) => String(i * 37),
    (i: number) => `10.${i % 200}.${(i * 7) % 250}.${(i * 13) % 250}:${1024 + i}`,
    (i: number) => `/srv/data/${names[i % 8]}/part-${i}`,
    (i: number) => `${((i * 2654435761) >>> 0).toString(16)}-4e5f-a1b2`,
  ];
  const statements = [
    'accepted connection from {1}',
    'user {n} signed in from {1}',
    'user {n} signed out',
    'order {0} paid in {0} ms',
    'order {0} refused in {0} ms',
    'job {3} started',
    'job {3} finished after {0} ms',
    'job {3} failed: no space left on {2}',
    'wrote {0} KB to {2}',
    'cache {3} is cold',
    'cache {3} is warm',
    'request {3} to {1} timed out after {0} ms, attempt {0} of {0}',
    'shutting down',
  ];
  const lines = Array.from({ length: 2000 }, (_, i) => {
    const statement = statements[(i * i + 3 * i) % statements.length]!;
    const text = statement.replace(/\{(\w)\}/g, (_, kind) => (kind === 'n' ? names[i % 8]! : values[Number(kind)]!(i)));
    return { text, statement };
  });
  return { name: 'made up', lines, publishedDrain: undefined };
}
