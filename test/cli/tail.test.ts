/** `flywatch tail` on real files that grow and rotate, and on what is piped in. */

import { appendFileSync, mkdtempSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { linesOf, start, vg } from './program.fixture.ts';

let folder: string;
const path = (name: string) => join(folder, name);

const PINO = '{"level":50,"time":1795169704000,"pid":7,"hostname":"h","name":"shop","msg":"no stock","sku":"x1"}';
const TEXT = `2026-11-20T10:00:00Z INFO one
2026-11-20T11:00:00Z ERROR two
    at a.js:1
2026-11-20T12:00:00Z INFO three
`;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'flywatch-tail-'));
  writeFileSync(path('app.log'), TEXT);
  writeFileSync(path('app.log.1.gz'), gzipSync('packed\n'));
});
afterAll(() => rmSync(folder, { recursive: true }));

test('to a pipe a file goes byte for byte, broken ones too', async () => {
  writeFileSync(path('bytes.log'), Buffer.from([0xff, 0x00, 0x0a, 0x0d, 0x61]));
  const { status, stdout } = await vg(['tail', path('bytes.log'), path('app.log'), path('app.log.1.gz')]);
  expect(status).toBe(0);
  expect(stdout).toBe(`\ufffd\0\n\ra${TEXT}packed\n`);
});

// biome-ignore format: a table
test.each([
  [['-l', 'error'], '2026-11-20T11:00:00Z ERROR two\n    at a.js:1\n'],
  [['--since', '2026-11-20T11:30:00Z'], '2026-11-20T12:00:00Z INFO three\n'],
  [['-n', '1'], '2026-11-20T12:00:00Z INFO three\n'],
  [['-q', '-two', '-n', '1', '--format', '{level} {message}'], 'info 2026-11-20T12:00:00Z INFO three\n'],
])('%j', async (args, output) => expect(await vg(['tail', path('app.log'), ...args])).toMatchObject({ status: 0, stdout: output }));

test('standard input is read to its end, and can be shown as records', async () => {
  const { status, stdout } = await vg(['tail', '--json'], {}, `${PINO}\nplain`);
  expect(status).toBe(0);
  expect(linesOf(stdout).map((line) => JSON.parse(line) as object)).toMatchObject([
    { level: 'error', message: 'no stock', source: 'shop', time: '2026-11-20T10:15:04.000Z', fields: { sku: 'x1' } },
    { level: 'info', message: 'plain' },
  ]);
});

test('a file that is not there ends with 1, after the others were read', async () => {
  const { status, stdout, stderr } = await vg(['tail', path('none.log'), path('app.log')]);
  expect(stdout).toBe(TEXT);
  expect(stderr).toContain('none.log cannot be read: there is no such file');
  expect(status).toBe(1);
});

test('following goes on over a rename, a truncation, and files that come later', async () => {
  const file = path('live-a.log');
  writeFileSync(file, 'n=0\n');
  await using program = start(['tail', '-f', '--format', 'raw', join(folder, 'live-*.log')]);
  await program.until((stdout) => stdout.includes('n=0'));
  appendFileSync(file, 'n=1\nhalf');
  await program.until((stdout) => stdout.includes('n=1'));
  appendFileSync(file, '-done\n');
  renameSync(file, path('old.log'));
  writeFileSync(file, 'n=2\n');
  await program.until((stdout) => stdout.includes('n=2'));
  truncateSync(file);
  // Shorter than what was read of it.
  appendFileSync(file, '3\n');
  writeFileSync(path('live-b.log'), 'n=4\n');
  await program.until((stdout) => stdout.includes('\n3\n') && stdout.includes('n=4'));
  expect(linesOf(program.stdout)).toEqual(['n=0', 'n=1', 'half-done', 'n=2', '3', 'n=4']);
  program.process.kill('SIGINT');
  expect(await program.ended).toBe(130);
});
