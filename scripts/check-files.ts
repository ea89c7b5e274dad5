/**
 * What must not be in any file of the repository: paths of somebody's machine, and the address of a package registry. The
 * lockfile then works wherever packages come from.
 */

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

interface Rule {
  readonly what: string;
  /** Files that it is for; all where it is left out. */
  readonly files?: RegExp;
  readonly pattern: RegExp;
}

/** Folders that exist on one machine only. They are spelled apart here, so that this file passes its own check. */
const HOMES = ['home', 'Users', 'root', 'work', 'workspace'].join('|');

const RULES: readonly Rule[] = [
  { what: 'a path of one machine', pattern: new RegExp(`(?<![\\w.:/~-])/(?:${HOMES})/[\\w.-]`) },
  { what: 'a path of one machine', pattern: /(?<!\w)[A-Z]:\\Users\\/ },
  { what: 'the address of a package', files: /^package-lock\.json$/, pattern: /"resolved": "(?:https?|git|ssh)/ },
  { what: 'a registry', files: /(?:^|\/)\.npmrc$/, pattern: /registry\s*=|\/\// },
  { what: 'a registry', pattern: /\/\/registry\.(?:npm|yarn)/ },
];

/** Files that show what others print: their paths are the point. */
const QUOTES = /(?:^|\/)(?:samples|fixtures?)\/|\.fixture\.ts$|\.ndjson$/;

const listed = spawnSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { encoding: 'utf8' });
if (listed.status !== 0) throw new Error(`git ls-files: ${listed.stderr}`);

const found: string[] = [];
for (const file of listed.stdout.split('\0').filter((name) => name !== '' && !QUOTES.test(name))) {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    // Deleted, and not yet said to git.
    continue;
  }
  if (text.includes('\0')) continue;
  text.split('\n').forEach((line, index) => {
    for (const { what, files, pattern } of RULES) {
      if ((files === undefined || files.test(file)) && pattern.test(line)) {
        found.push(`${file}:${index + 1}: ${what}: ${line.trim().slice(0, 120)}`);
      }
    }
  });
}
for (const line of found) process.stdout.write(`${line}\n`);
if (found.length > 0) process.exitCode = 1;
