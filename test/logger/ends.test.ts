/** Nothing that was logged is lost, however the process ends. The bench does the same with a million lines. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { numbersIn, startWriter, temporaryFolder, upTo } from './writers.ts';

const LINES = 50_000;

test.each([
  ['process.exit', 'exit', 3],
  ['an uncaught exception', 'throw', 1],
  ['SIGTERM, by which it still ends', 'signal', 'SIGTERM'],
  ['its natural end', 'natural', 0],
] as const)('a file has every line after %s', async (_, end, status) => {
  using folder = temporaryFolder();
  const logFile = join(folder.path, 'logs/app.log');
  const writer = startWriter({ options: { logFile }, lines: LINES, end });
  expect(await writer.ended).toBe(status);
  expect(numbersIn(readFileSync(logFile, 'utf8'))).toEqual(upTo(LINES));
});

test('a pipe has every line after process.exit, though its reader is slow', async () => {
  const writer = startWriter({ options: { stdout: 'json' }, lines: LINES, end: 'exit' }, 'pipe');
  await sleep(300);
  expect(numbersIn(await text(writer.child.stdout!))).toEqual(upTo(LINES));
  expect(await writer.ended).toBe(3);
});

test('a reader of standard output that stands still does not stop the app; what it never gets is counted', async () => {
  const lines = 200_000;
  const writer = startWriter({ options: { stdout: 'json' }, lines, end: 'wait' }, 'pipe');
  // Nobody reads: the program comes to the end of its lines all the same.
  await writer.said('written');
  expect(writer.stderr()).toMatch(/lines for standard output are dropped: it takes nothing; \d+ so far/);
  const output = text(writer.child.stdout!);
  writer.child.kill('SIGTERM');
  expect(await writer.ended).toBe('SIGTERM');
  const written = (await output).trimEnd().split('\n');
  const told = written.map((line) => Number(/(\d+) lines were dropped here/.exec(line)?.[1] ?? 0));
  const dropped = told.reduce((sum, count) => sum + count, 0);
  expect(dropped).toBeGreaterThan(10_000);
  expect(written.length - told.filter((count) => count > 0).length + dropped).toBe(lines);
});

test('a program ends though its reader never moves again, and says what is lost', async () => {
  const writer = startWriter({ options: { stdout: 'json' }, lines: LINES, end: 'exit' }, 'pipe');
  expect(await writer.ended).toBe(3);
  expect(writer.stderr()).toMatch(/\d+ lines could not be written to standard output before the end/);
});

test('a reader of standard output that goes away does not end the app', async () => {
  const writer = startWriter({ options: { stdout: 'json' }, lines: LINES, end: 'natural' }, 'pipe');
  writer.child.stdout!.destroy();
  expect(await writer.ended).toBe(0);
});

test('lines at error are written before the call returns: a fault of the engine does not take them along', async () => {
  using folder = temporaryFolder();
  const logFile = join(folder.path, 'app.log');
  const { getLogger } = await import('@flywatch/logger');
  const log = getLogger('urgent', { logFile });
  log.info('waits for the end of the turn');
  log.error('does not wait');
  expect(readFileSync(logFile, 'utf8').split('\n')).toHaveLength(3);
  await log.close();
});
