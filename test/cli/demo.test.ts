/** `flywatch demo`: lines at once, and no traces. */

import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { start, vg } from './program.fixture.ts';

test('a hub with traffic, whatever the environment configures, that leaves nothing behind', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'flywatch-demo-test-'));
  const foreign = {
    TMPDIR: folder,
    FLY_ORG: 'acme',
    ACCESS_TOKEN: 'x',
    AUTH_TOKEN: 'secret',
    STORE_PATH: join(folder, 'mine.db'),
  };
  await using demo = start(['demo', '--port', '0', '--rate', '200'], foreign);
  await demo.until((_, stderr) => stderr.includes('listens at'));
  const [, url] = /listens at (http:\S+)/.exec(demo.stderr)!;
  await using reader = start(['logs', '-u', url!, '--json']);
  await reader.until((stdout) => stdout.includes('\n'));
  expect(JSON.parse(reader.stdout.split('\n')[0]!)).toMatchObject({ fields: { demo: true } });
  demo.process.kill('SIGINT');
  expect(await demo.ended).toBe(0);
  expect(readdirSync(folder)).toEqual([]);
  rmSync(folder, { recursive: true });
  expect((await vg(['logs', '-u', url!])).status).toBe(1);
});
