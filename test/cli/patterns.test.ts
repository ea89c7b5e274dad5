/** `flywatch patterns` as a process: of a real hub, of files, of what is piped in, and in a terminal. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { intoClosedPipe } from '../support/closed-pipe.ts';
import { startTestHub, type TestHub } from '../support/test-hub.ts';
import { BIN, environment, linesOf, send, start, vg } from './program.fixture.ts';
import { openTerminal } from './terminal.fixture.ts';

const START = Date.parse('2026-11-20T10:00:00Z');
const at = (second: number) => new Date(START + second * 1000).toISOString();
const RANGE = ['--since', at(60), '--until', at(200)];

const many = (count: number, from: number, message: string, more: object = {}) =>
  Array.from({ length: count }, (_, i) => ({ message: `${message} ${i}`, time: at(from + i / 10), ...more }));

let hub: TestHub;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'flywatch-patterns-'));
  hub = await startTestHub();
  await send(hub.url, [
    ...many(50, 0, 'order paid'),
    ...many(50, 100, 'order paid', { app: 'shop' }),
    ...many(7, 103, 'disk is full at', { level: 'error' }),
  ]);
});
afterAll(async () => {
  await hub[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

const patterns = (...args: string[]) => vg(['patterns', ...args]);
const ofHub = (...args: string[]) => patterns('--url', hub.url, ...args);
const records = (text: string) => linesOf(text).map((line) => JSON.parse(line) as Record<string, unknown>);

function file(name: string, text: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

describe('of a hub', () => {
  test('the most frequent come first, under filters and a range', async () => {
    const all = await ofHub('--json');
    expect(all).toMatchObject({ status: 0, stderr: '' });
    expect(records(all.stdout)).toMatchObject([
      { pattern: 'order paid <*>', count: 100, levels: { info: 100 } },
      { pattern: 'disk is full at <*>', count: 7, example: { message: 'disk is full at 6' } },
    ]);
    expect(records((await ofHub('--json', '-a', 'shop', ...RANGE)).stdout)).toMatchObject([{ count: 50 }]);
    expect(records((await ofHub('--json', '-n', '1')).stdout)).toHaveLength(1);
    expect(await ofHub('-q', 'nowhere')).toMatchObject({ status: 1, stdout: '', stderr: 'nothing was found\n' });
  });

  test('beside a baseline it says what is new, first', async () => {
    const { stdout } = await ofHub(...RANGE, '--baseline', '1h');
    expect(stdout).toMatch(/^CHANGE +BEFORE +COUNT .*\nnew +0 +7 +12% .*error.* disk is full at <\*>\nsteady +50 +50 /);
    const byCount = await ofHub(...RANGE, '--baseline', '1h', '--sort', 'count');
    expect(byCount.stdout).toMatch(/\nsteady .*\nnew /);
  });

  test.each([
    [['--baseline', '1h'], '--baseline: give --since too'],
    [['--baseline', 'soon', '--since', '1h'], '--baseline: "soon" cannot be used; expected a duration'],
    [['--sort', 'change'], '--sort: nothing is known to have changed without --baseline'],
    [['--sort', 'name'], 'Allowed choices are count, change'],
    [['-n', '0'], 'expected a whole number from 1 to 1000'],
    [['-q', 'status:>'], '^^'],
    [['--since', 'yesterday'], '--since: "yesterday" cannot be used'],
    [['--token', 'a b'], 'the token has a blank'],
  ])('%j is wrong usage', async (args, said) => {
    expect(await ofHub(...args)).toMatchObject({ status: 2, stdout: '', stderr: expect.stringContaining(said) });
  });

  test('a hub that is not there is said as everywhere', async () => {
    const answer = await patterns('--url', 'http://127.0.0.1:9');
    expect(answer).toMatchObject({ status: 1, stderr: expect.stringContaining('cannot reach') });
  });
});

const LINES = `2026-11-20T10:00:00Z INFO job 17 took 3 ms
2026-11-20T11:00:00Z ERROR no stock
    at a.js:1
2026-11-20T12:00:00Z INFO job 18 took 40 ms
`;

describe('of files', () => {
  test('packed ones too, each line counted once, without a hub', async () => {
    const paths = [file('app.log', LINES), file('app.log.1.gz', gzipSync(LINES))];
    expect(records((await patterns(...paths, '--json')).stdout)).toMatchObject([
      { pattern: 'INFO job <*> took <*> <*>', count: 4, first_seen: '2026-11-20T10:00:00.000Z' },
      { pattern: 'ERROR no stock', count: 2, levels: { error: 2 }, last_seen: '2026-11-20T11:00:00.000Z' },
    ]);
    const ranged = await patterns(
      paths[0]!,
      '--json',
      '--since',
      '2026-11-20T10:30:00Z',
      '--until',
      '2026-11-20T11:30:00Z',
    );
    expect(records(ranged.stdout)).toMatchObject([{ pattern: 'ERROR no stock', count: 1 }]);
    expect((await patterns(paths[0]!, '-l', 'error', '-e')).stdout).toMatch(
      / ERROR no stock\n {4}2026-11-20T11:00:00Z ERROR/,
    );
  });

  test('one that is not there ends with 1, after the others were shown', async () => {
    const answer = await patterns(join(folder, 'none.log'), file('some.log', LINES));
    expect(answer).toMatchObject({ status: 1, stderr: expect.stringContaining('none.log cannot be read') });
    expect(answer.stdout).toContain('no stock');
  });

  test('what is for a hub is refused', async () => {
    const answer = await patterns(file('some.log', LINES), '--baseline', '1h', '--since', '2h');
    expect(answer).toMatchObject({ status: 2, stderr: expect.stringContaining('--baseline: is for a hub') });
  });

  test('- is what is piped in, to its end or to Ctrl-C', async () => {
    expect((await vg(['patterns', '-', '--json'], {}, LINES)).stdout).toContain('"count":2');
    await using program = start(['patterns', '-', '--json']);
    // So much is read before the next line is taken from a pipe that it has begun by then.
    program.process.stdin!.write(LINES.repeat(10_000));
    await new Promise((resolve) => program.process.stdin!.write('end 1\n', resolve));
    program.process.kill('SIGINT');
    expect(await program.ended).toBe(130);
    expect(records(program.stdout)[0]).toMatchObject({ pattern: 'INFO job <*> took <*> <*>' });
  });

  test('a reader that has gone ends it with 0 and without a word', async () => {
    const command = [process.execPath, BIN, 'patterns', file('some.log', LINES)];
    expect(await intoClosedPipe(command, { env: environment() })).toEqual({ status: 0, stderr: '' });
  });
});

test('in a terminal it fits the window, in colours, and a hostile line changes nothing', async () => {
  const path = file(
    'evil.log',
    `${'\x1b]0;owned\x07\x1b[2J\x1b[Hleft \x1b[31mred\u202e 7\n'.repeat(3)}${'a word and '.repeat(40)}end\n`,
  );
  using terminal = openTerminal(60, 30);
  terminal.press('echo before', 'Enter');
  terminal.press(`"${process.execPath}" "${BIN}" patterns -e ${path}; echo status=$?`, 'Enter');
  const screen = await terminal.until((shown) => shown.includes('status=0'));
  expect(screen).toMatch(
    /before\n[\s\S]*COUNT {2}SHARE {2}LEVEL {2}PATTERN\n {4}3 {4}75% {2}info {3}left red\\u202e <\*>\n/,
  );
  expect(screen).toMatch(/and a word…\n/);
  expect(screen).toContain('2 patterns in 4 lines');
  expect(terminal.screen(true)).toMatch(/\x1b\[36m<\*>/);
  expect(terminal.title()).not.toContain('owned');
});
