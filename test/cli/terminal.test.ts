/** The commands in a real terminal: what somebody sees, and that nothing of a hostile line gets through. */

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestHub, type TestHub } from '../support/test-hub.ts';
import { BIN, send } from './program.fixture.ts';
import { openTerminal } from './terminal.fixture.ts';

let hub: TestHub;
let url: string;

beforeAll(async () => {
  hub = await startTestHub();
  url = `http://127.0.0.1:${hub.port}`;
});
afterAll(() => hub[Symbol.asyncDispose]());

const command = (...args: string[]) => `"${process.execPath}" "${BIN}" ${args.join(' ')}`;

describe('logs', () => {
  test('colours and tags, breaks that fit the window, stack traces below their line', async () => {
    const stack = 'Error: no stock\n    at buy (shop.js:1:2)';
    await send(url, [
      {
        time: new Date().toISOString(),
        level: 'error',
        message: JSON.stringify({ msg: 'order failed', err: { stack }, sku: 'x1' }),
        app: 'shop',
        instance: '6e82d4e6a37548',
      },
      { time: new Date().toISOString(), level: 'info', message: 'the quick brown fox '.repeat(8), app: 'shop' },
    ]);
    using terminal = openTerminal(70);
    terminal.press(command('logs', '-u', url, '-n', '2', '--utc'), 'Enter');
    const screen = await terminal.until((shown) => shown.includes('brown fox'));
    expect(screen).toMatch(
      /^\d\d:\d\d:\d\d\.\d{3} ERROR shop\[6e82d4\] {2}order failed sku=x1\n {13}Error: no stock\n {17}at buy/m,
    );
    expect(screen).toMatch(/INFO {2}shop {2}the quick.*\n {13}(?:the|quick|brown|fox).*\n {13}/);
    // Red for the tag, and dim for the time.
    expect(terminal.screen(true)).toMatch(/\x1b\[31m(?:\x1b\[49m)?ERROR/);
    terminal.press('C-c');
    terminal.press('echo status=$?', 'Enter');
    await terminal.until((shown) => shown.includes('status=130'));
  });

  test('a hostile line changes neither the title nor the screen', async () => {
    await send(url, [
      {
        message: '\x1b]0;owned\x07\x1b[2J\x1b[H\x1b[?1049hleft \x1b[31mred\x1b[8mhidden\u202eesrever',
        app: 'evil\x1b[2J',
      },
    ]);
    using terminal = openTerminal(100);
    terminal.press('echo before', 'Enter');
    terminal.press(command('logs', '-u', url, '-n', '1', '--no-follow'), 'Enter');
    const screen = await terminal.until((shown) => shown.includes('left'));
    expect(screen).toContain('before');
    expect(screen).toContain('left redhidden\\u202eesrever');
    expect(terminal.title()).not.toContain('owned');
  });
});

test('top shows the fleet in place, marks, filters, follows the window, and leaves the terminal as it was', async () => {
  const row = (name: string, disk: number) => ({
    timestamp: new Date().toISOString(),
    vps_name: name,
    app_name: 'shop',
    cpu_percent: 12.5,
    memory_percent: 40,
    memory_mb: 400,
    disk_percent: disk,
    disk_gb: 5,
    load_avg_1m: 0.1,
    load_avg_5m: 0.1,
    load_avg_15m: 0.1,
  });
  const answer = await fetch(`${url}/ingest/metrics`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify([row('web-1', 61), row('db-1', 97)]),
  });
  expect(answer.status).toBe(200);
  using terminal = openTerminal(100, 20);
  terminal.press('echo before', 'Enter');
  terminal.press(command('top', '-u', url), 'Enter');
  const screen = await terminal.until((shown) => shown.includes('web-1') && shown.includes('q quit'));
  expect(screen).not.toContain('before');
  terminal.press('/', 'web');
  await terminal.until((shown) => !shown.includes('db-1'));
  terminal.press('Escape');
  await terminal.until((shown) => shown.includes('db-1'));
  terminal.resize(40, 10);
  await terminal.until((shown) => shown.includes('q quit') && shown.split('\n').every((line) => line.length <= 40));
  terminal.press('q');
  await terminal.until((shown) => shown.includes('ready$') && !shown.includes('q quit'));
  terminal.press('echo "status=$?"; stty -a | grep -o " echo "', 'Enter');
  await terminal.until((shown) => /status=0\s+echo/.test(shown));
});

test('top needs a terminal', async () => {
  using terminal = openTerminal(100);
  terminal.press(`${command('top', '-u', url)} | cat`, 'Enter');
  await terminal.until((shown) => shown.includes('top needs a terminal'));
});
