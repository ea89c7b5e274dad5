/** docs/cli.md against the definitions of the commands. */

import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { readDocument } from './markdown.ts';

const BIN = fileURLToPath(new URL('../../packages/cli/bin/flywatch.js', import.meta.url));

const HEADING = '## Commands\n\n';

function run(...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, [BIN, ...args], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return stdout;
}

test('docs/cli.md ends with all commands as they are defined (npm run docs:cli writes them)', () => {
  const document = readDocument('docs/cli.md');
  expect(document.slice(document.indexOf(HEADING) + HEADING.length)).toBe(run('man', '--markdown'));
});

test('the man page has every command, and nothing that roff would take for a macro', () => {
  const page = run('man', '--roff');
  for (const command of ['logs', 'tail', 'search', 'hosts', 'top', 'login', 'doctor', 'agent status']) {
    expect(page).toContain(`.SS flywatch ${command.replaceAll('-', '\\-')} `);
  }
  const macros = new Set(page.match(/^\.\w+/gm));
  expect([...macros].sort()).toEqual(['.B', '.I', '.PP', '.SH', '.SS', '.TH', '.TP', '.fi', '.nf']);
});
