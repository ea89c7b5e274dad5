/** Completion in the shells themselves: each is asked what it would offer. */

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { requireProgram } from '../support/debian.ts';
import { environment, vg } from './program.fixture.ts';
import { openTerminal } from './terminal.fixture.ts';

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'flywatch-completion-'));
  for (const shell of ['bash', 'zsh', 'fish']) {
    const { status, stdout } = await vg(['completion', shell]);
    expect(status).toBe(0);
    writeFileSync(join(folder, shell), stdout);
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

// biome-ignore format: a table
const CASES: readonly (readonly [line: string, offered: readonly string[]])[] = [
  ['vg lo', ['login', 'logout', 'logs']],
  ['vg logs --le', ['--level']],
  ['vg logs --level e', ['error']],
  ['vg logs -n 5 --no-f', ['--no-follow']],
  ['vg patterns --sort c', ['change', 'count']],
  ['flywatch agent check', ['check-config']],
  ['flywatch completion f', ['fish']],
];

test.each(CASES)('bash: %s', (line, offered) => {
  const words = line.split(' ');
  const script = `source ${join(folder, 'bash')}; COMP_WORDS=(${words.join(' ')}); COMP_CWORD=${words.length - 1}; _flywatch; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr } = spawnSync('bash', ['--norc', '-c', script], { env: environment(), encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(stdout.trim().split('\n').sort()).toEqual(offered);
});

test.each(CASES)('fish: %s', (line, offered) => {
  const fish = requireProgram('fish', { debianPackage: 'fish' });
  const script = `source ${join(folder, 'fish')}; complete -C ${JSON.stringify(line)}`;
  const { stdout, stderr } = spawnSync(fish, ['--no-config', '-c', script], { env: environment(), encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(
    stdout
      .trim()
      .split('\n')
      .map((row) => row.split('\t')[0])
      .sort(),
  ).toEqual(offered);
});

test('zsh offers commands, options and values', async () => {
  requireProgram('zsh', { debianPackage: 'zsh' });
  using terminal = openTerminal(120, 30);
  terminal.press(`PS1='zsh> ' zsh -f`, 'Enter');
  await terminal.until((shown) => shown.includes('zsh>'));
  terminal.press(`autoload -U compinit; compinit -u -D; source ${join(folder, 'zsh')}; clear`, 'Enter');
  await terminal.until((shown) => !shown.includes('compinit') && shown.includes('zsh>'));
  // The first key completes what is common, the second lists.
  terminal.press('vg lo', 'Tab', 'Tab');
  await terminal.until((shown) => shown.includes('follow the lines of a hub') && shown.includes('login'));
  terminal.press('C-u', 'vg logs --level e', 'Tab');
  await terminal.until((shown) => shown.includes('--level error'));
  terminal.press('C-u', 'flywatch agent check', 'Tab');
  await terminal.until((shown) => shown.includes('agent check-config'));
});
