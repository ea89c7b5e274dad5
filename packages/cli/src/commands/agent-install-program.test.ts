import {
  chmodSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { assertUnitCanSee, putProgram, removeProgram, thisProgram } from './agent-install-program.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'flywatch-program-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

test('a program of Bun in one file is that file; what Node runs is Node with a script', () => {
  expect(thisProgram('/srv/flywatch-agent', '/$bunfs/root/flywatch-agent')).toEqual({
    kind: 'file',
    path: '/srv/flywatch-agent',
  });
  expect(thisProgram('/usr/bin/node', '/usr/bin/flywatch')).toEqual({
    kind: 'script',
    runtime: '/usr/bin/node',
    script: expect.stringMatching(/\/bin\/obs-agent\.js$/),
  });
});

test('a script in a folder that is hidden from the unit is refused; the one file is copied from anywhere', () => {
  const script = '/usr/lib/node_modules/flywatch/bin/obs-agent.js';
  expect(() => assertUnitCanSee({ kind: 'script', runtime: '/usr/bin/node', script })).not.toThrow();
  expect(() => assertUnitCanSee({ kind: 'script', runtime: '/usr/bin/node', script: `/var/tmp${script}` })).toThrow(
    'hidden from the unit',
  );
  expect(() => assertUnitCanSee({ kind: 'script', runtime: '/run/user/1000/node', script })).toThrow(
    'hidden from the unit',
  );
  expect(() => assertUnitCanSee({ kind: 'file', path: '/var/tmp/flywatch-agent' })).not.toThrow();
});

test('the one file is put in place over another one, which may be running, and left where it is that one itself', () => {
  const [fetched, place] = [join(folder, 'flywatch-agent'), join(folder, 'local/bin/obs-agent')];
  writeFileSync(fetched, 'old');
  expect(putProgram({ kind: 'file', path: fetched }, place)).toBe(true);
  const before = statSync(place);
  writeFileSync(fetched, 'new');
  chmodSync(fetched, 0o700);
  expect(putProgram({ kind: 'file', path: fetched }, place)).toBe(true);
  const after = statSync(place);
  expect([readFileSync(place, 'utf8'), after.mode & 0o777, after.ino === before.ino]).toEqual(['new', 0o755, false]);
  expect(putProgram({ kind: 'file', path: place }, place)).toBe(false);
  expect([removeProgram(place), removeProgram(place)]).toEqual([true, false]);
});

test('the link that npm has made for the whole system stays npm’s', () => {
  const [script, link] = [join(folder, 'obs-agent.js'), join(folder, 'obs-agent')];
  writeFileSync(script, '');
  symlinkSync(script, link);
  expect(putProgram({ kind: 'script', runtime: process.execPath, script }, link)).toBe(false);
  expect([removeProgram(link), readlinkSync(link)]).toEqual([false, script]);
});
