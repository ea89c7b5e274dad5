/** The system calls that an agent makes, against those that its unit allows: no systemd is needed for that, only strace. */

import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { requireProgram } from '../support/debian.ts';
import { startFakeHub } from './hub.fixture.ts';

const repository = fileURLToPath(new URL('../../', import.meta.url));

/** Calls of a set such as `@system-service`, with those of the sets in it. */
function callsOf(set: string): Set<string> {
  const analyze = requireProgram('systemd-analyze', { debianPackage: 'systemd' });
  const env = { ...process.env, SYSTEMD_COLORS: '0' };
  const text = execFileSync(analyze, ['syscall-filter', '--no-pager', set], { encoding: 'utf8', env });
  const names = text
    .split('\n')
    .slice(1)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
  return new Set(names.flatMap((name) => (name.startsWith('@') ? [...callsOf(name)] : [name])));
}

/** What `SystemCallFilter=` of the unit leaves: sets that are allowed, without those after a `~`. */
function allowedCalls(unit: string): Set<string> {
  // Allowed whatever the filter says (systemd.exec(5)).
  const allowed = callsOf('@default');
  for (const [, isDenied, sets = ''] of unit.matchAll(/^SystemCallFilter=(~?)(.+)$/gm)) {
    for (const call of sets.split(' ').flatMap((set) => [...callsOf(set)])) {
      if (isDenied === '~') allowed.delete(call);
      else allowed.add(call);
    }
  }
  return allowed;
}

test('an agent that collects, checks, tails and sends makes no call that the unit forbids', async () => {
  const strace = requireProgram('strace', { debianPackage: 'strace' });
  const folder = mkdtempSync(join(tmpdir(), 'flywatch-syscalls-'));
  await using hub = await startFakeHub();
  const [file, trace] = [join(folder, 'config.yml'), join(folder, 'trace')];
  const { url, token } = hub;
  const checks = [url, 'https://localhost:1/', url.replace('http:', 'tcp:')];
  writeFileSync(join(folder, 'app.log'), 'a line\n');
  writeFileSync(
    file,
    JSON.stringify({ monitoring: { enabled: true, hub_url: url, token, health_checks: checks, log_files: 'app.log' } }),
  );
  const agent = join(repository, 'packages/cli/bin/obs-agent.js');
  await promisify(execFile)(strace, ['-f', '-qq', '-o', trace, process.execPath, agent, '--once', '--config', file], {
    env: { ...process.env, XDG_STATE_HOME: folder },
  });
  const called = new Set(
    [...readFileSync(trace, 'utf8').matchAll(/^\d+ +([a-z_0-9]+)\(/gm)].map(([, name = '']) => name),
  );
  rmSync(folder, { recursive: true });
  expect(hub.logs.join('')).toContain('a line');
  expect([...called]).toEqual(expect.arrayContaining(['openat', 'connect', 'futex', 'statfs']));
  const allowed = allowedCalls(readFileSync(join(repository, 'templates/obs-agent.service'), 'utf8'));
  expect(allowed.has('mount') || allowed.has('setpriority')).toBe(false);
  expect([...called].filter((name) => !allowed.has(name))).toEqual([]);
});
