/** What is in the packages that are published, and what they do once they are installed. */

import { execFileSync } from 'node:child_process';
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { packAll } from '../../scripts/pack.ts';
import { InstalledProgram } from '../../scripts/pack-check/installed-program.ts';
import { checkProgram } from '../../scripts/pack-check/program.ts';
import { PACKED, type PackedName } from '../../scripts/pack-manifest.ts';

let tarballs: Readonly<Record<PackedName, string>>;

beforeAll(() => {
  tarballs = packAll(mkdtempSync(join(tmpdir(), 'flywatch-packed-')));
});

afterAll(() => rmSync(dirname(tarballs.core), { recursive: true, force: true }));

const folderOf = (name: PackedName) => join(dirname(tarballs[name]), name);

/** The files that `exports`, or the like, leads to, conditions and all. */
function targets(door: unknown): string[] {
  return typeof door === 'string' ? [door] : Object.values(door as object).flatMap(targets);
}

test.each(PACKED)('%s has everything that its manifest leads to, and no sources or tests', (name) => {
  const files = execFileSync('tar', ['tzf', tarballs[name]], { encoding: 'utf8' }).trim().split('\n');
  const {
    exports,
    bin = {},
    man = [],
  } = JSON.parse(readFileSync(join(folderOf(name), 'package.json'), 'utf8')) as {
    exports: object;
    bin?: object;
    man?: string[];
  };
  for (const target of targets([exports, bin, man])) expect(files).toContain(join('package', target));
  expect(
    files.filter((file) => /[.](?:test|bench|fixture|contract)[.]|\/testing\/|(?<![.]d)[.]tsx?$|tsconfig/.test(file)),
  ).toEqual([]);
  expect(files).toEqual(expect.arrayContaining(['package/README.md', 'package/LICENSE']));
});

/** What no compiler rewrites: `new URL('./thread.ts', import.meta.url)`. */
const SOURCE_BY_NAME = /['"`]\.\/[\w/-]+\.tsx?['"`]/;

test.each(PACKED)('%s names no file that is TypeScript', (name) => {
  const modules = globSync('**/*.js', { cwd: folderOf(name) });
  expect(modules.filter((file) => SOURCE_BY_NAME.test(readFileSync(join(folderOf(name), file), 'utf8')))).toEqual([]);
});

test('core can be required, and gives what it gives when imported', async () => {
  const required = createRequire(join(folderOf('core'), 'package.json'))('@flywatch/core') as Record<string, unknown>;
  const imported = (await import(join(folderOf('core'), 'esm/index.js'))) as Record<string, unknown>;
  expect(Object.keys(required).sort()).toEqual(Object.keys(imported).sort());
  expect((required.parseLogfmt as (line: string) => object)('status=200')).toEqual({ status: 200 });
});

test('modules with hooks say that they are for the client', () => {
  const module = (path: string) => readFileSync(join(folderOf('react'), 'esm', path), 'utf8');
  expect(module('viewer/LogViewer.js')).toMatch(/^'use client';/);
  expect(module('stream/useLogStream.js')).toMatch(/^'use client';/);
  expect(module('stream/log-stream.js')).not.toContain('use client');
  expect(existsSync(join(folderOf('react'), 'esm/style.css'))).toBe(true);
});

test('flywatch, installed for the whole system by its name: each command, a hub over a restart, an agent', async () => {
  const program = await InstalledProgram.install(join(dirname(tarballs.cli), 'installed'), tarballs);
  const major = Number.parseInt(process.versions.node, 10);
  const findings = await checkProgram(program, { major, program: process.execPath });
  expect(findings.filter(({ isRight }) => !isRight)).toEqual([]);
  expect(findings).toHaveLength(6);
});
