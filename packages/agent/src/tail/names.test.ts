import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { compileName, expandBraces, Lister } from './glob.ts';
import { isRotatedName } from './rotated-names.ts';

const folder = mkdtempSync(join(tmpdir(), 'flywatch-names-'));
afterAll(() => rmSync(folder, { recursive: true }));

test.each([
  ['app.log.1', true],
  ['app.log.12.gz', true],
  ['app.log-20261121', true],
  ['app.log-20261121-1795256100.gz', true],
  ['app-20261121.log', true],
  ['app-20261121.log.gz', true],
  ['app.log', false],
  ['app.log-audit', false],
  ['app.log.bak', false],
  ['application.log', false],
  ['app.log.1.tmp', false],
])('%s is an earlier app.log: %s', (name, expected) => {
  expect(isRotatedName(name, 'app.log')).toBe(expected);
});

test.each([
  ['*.log', 'a.log', true],
  ['*.log', 'a.txt', false],
  ['app-?.log', 'app-1.log', true],
  ['app-[0-9].log', 'app-7.log', true],
  ['app-[!0-9].log', 'app-7.log', false],
  ['a+b(c).log', 'a+b(c).log', true],
  ['a.log', 'axlog', false],
])('%s matches %s: %s', (pattern, name, expected) => {
  expect(compileName(pattern).test(name)).toBe(expected);
});

test('braces stand for either, and for no more than a person would write', () => {
  expect(expandBraces('/a/{b,c}/{d,e}.log')).toEqual(['/a/b/d.log', '/a/b/e.log', '/a/c/d.log', '/a/c/e.log']);
  expect(() => expandBraces('{a,b}'.repeat(10))).toThrow(/stands for more than 64 patterns/);
});

test('a pattern lists files in folders of any depth, hidden ones only when named, and sees what comes later', () => {
  const make = (path: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), '');
  };
  for (const path of ['a/x.log', 'a/b/y.log', 'a/b/.z.log', 'a/b/y.txt']) make(path);
  const lister = new Lister();
  const list = (pattern: string) => lister.list(join(folder, pattern)).map((path) => path.slice(folder.length + 1));
  expect(list('a/**/*.log')).toEqual(['a/b/y.log', 'a/x.log']);
  expect(list('a/b/.*.log')).toEqual(['a/b/.z.log']);
  expect(list('*/x.{log,txt}')).toEqual(['a/x.log']);
  make('a/b/later.log');
  expect(list('a/*/*.log')).toEqual(['a/b/later.log', 'a/b/y.log']);
  expect(list('not/there.log')).toEqual(['not/there.log']);
  expect(list('not/*.log')).toEqual([]);
});
