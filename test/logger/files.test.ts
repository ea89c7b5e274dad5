/**
 * Files of logs, with what happens to files: rotation, by us, by others, by several processes; renaming; deletion; a
 * full disk.
 */

import { readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { getLogger, validateLogFormat } from '@flywatch/logger';
import { expect, test } from 'vitest';
import { numbersIn, startWriter, temporaryFolder, upTo } from './writers.ts';

const read = (...path: string[]) => readFileSync(join(...path), 'utf8');

test('a file is kept below its size, with so many old ones, newest first', async () => {
  using folder = temporaryFolder();
  const logFile = join(folder.path, 'app.log');
  const log = getLogger('app', { logFile, maxFileBytes: 2_000, maxFiles: 2 });
  for (let i = 0; i < 100; i++) {
    log.info(`line ${i}`, { i });
    await log.flush();
  }
  await log.close();
  expect(readdirSync(folder.path).sort()).toEqual(['app.log', 'app.log.1', 'app.log.2']);
  const names = ['app.log.2', 'app.log.1', 'app.log'];
  const numbers = numbersIn(names.map((name) => read(folder.path, name)).join(''));
  expect(numbers).toEqual(upTo(100).slice(-numbers.length));
  for (const name of names) expect(statSync(join(folder.path, name)).size).toBeLessThanOrEqual(2_000);
});

test('several processes write to one file and rotate it: no line is lost, cut or twice', async () => {
  using folder = temporaryFolder();
  const logFile = join(folder.path, 'app.log');
  const lines = 10_000;
  const task = { options: { logFile, maxFileBytes: 300_000, maxFiles: 50 }, lines, end: 'natural' as const };
  const labels = ['a', 'b', 'c'];
  const writers = labels.map((label) => startWriter({ ...task, label }));
  expect(await Promise.all(writers.map((writer) => writer.ended))).toEqual([0, 0, 0]);
  const names = readdirSync(folder.path);
  expect(names.length).toBeGreaterThan(5);
  expect(names).not.toContain('app.log.lock');
  const all = names.flatMap((name) => read(folder.path, name).trimEnd().split('\n'));
  expect(all.every(validateLogFormat)).toBe(true);
  const messages = all.map((line) => (JSON.parse(line) as { message: string }).message);
  expect(new Set(messages).size).toBe(labels.length * lines);
  expect(messages).toHaveLength(labels.length * lines);
});

test('a file that was moved away or deleted is made anew within a moment', async () => {
  using folder = temporaryFolder();
  const logFile = join(folder.path, 'app.log');
  const log = getLogger('app', { logFile });
  log.info('first', { i: 0 });
  await log.flush();
  renameSync(logFile, `${logFile}.moved`);
  await expect
    .poll(async () => {
      log.info('more', { i: 1 });
      await log.flush();
      return readdirSync(folder.path);
    })
    .toContain('app.log');
  rmSync(logFile);
  await expect
    .poll(async () => {
      log.info('more', { i: 2 });
      await log.flush();
      return readdirSync(folder.path);
    })
    .toContain('app.log');
  await log.close();
});

test('two loggers of one name and file write each line once, and one may be closed without the other', async () => {
  using folder = temporaryFolder();
  const logFile = join(folder.path, 'app.log');
  const first = getLogger('app', { logFile });
  const second = getLogger('app', { logFile: join(folder.path, 'sub', '..', 'app.log') });
  first.info('one', { i: 0 });
  second.info('two', { i: 1 });
  await first.close();
  first.info('ignored: it is closed', { i: 9 });
  second.info('three', { i: 2 });
  await second.close();
  expect(numbersIn(read(logFile))).toEqual([0, 1, 2]);
});

test('a lock that a dead process left behind holds up one rotation and not all', async () => {
  using folder = temporaryFolder();
  const logFile = join(folder.path, 'app.log');
  const lock = `${logFile}.lock`;
  writeFileSync(lock, '');
  utimesSync(lock, new Date(0), new Date(0));
  const log = getLogger('app', { logFile, maxFileBytes: 100, maxFiles: 2 });
  for (let i = 0; i < 3; i++) {
    log.info(`a line of some length ${i}`, { i });
    await log.flush();
  }
  await log.close();
  expect(readdirSync(folder.path)).toContain('app.log.1');
});

test('a file that cannot be written is told once, and the app goes on', async () => {
  using folder = temporaryFolder();
  writeFileSync(join(folder.path, 'blocked'), 'a file where a folder should be');
  const problems: string[] = [];
  const logFile = join(folder.path, 'blocked/app.log');
  const log = getLogger('app', { logFile, onProblem: (message) => problems.push(message) });
  for (let i = 0; i < 10; i++) {
    log.info('anything', { i });
    await log.flush();
  }
  expect(problems).toEqual([expect.stringMatching(/app\.log cannot be written: .*; tried again$/)]);
  // The cause is gone: what waited is written.
  rmSync(join(folder.path, 'blocked'));
  await expect.poll(() => statSync(logFile, { throwIfNoEntry: false })?.size ?? 0).toBeGreaterThan(0);
  await log.close();
  expect(numbersIn(read(logFile))).toEqual(upTo(10));
});

test.runIf(process.platform === 'linux')('a full disk costs lines and not the app', async () => {
  const problems: string[] = [];
  const log = getLogger('app', { logFile: '/dev/full', onProblem: (message) => problems.push(message) });
  log.info('anything');
  await log.flush();
  await log.close();
  expect(problems).toEqual([
    expect.stringMatching(/ENOSPC/),
    expect.stringMatching(/1 lines could not be written to \/dev\/full before the end/),
  ]);
});
