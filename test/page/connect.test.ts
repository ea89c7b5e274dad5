/** The Connect page: what it tells people to type is typed here, in a real shell, and the page notices by itself. */

import { execFile, spawn } from 'node:child_process';
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser, openPage, setupHub, type TestHub } from './setup.ts';

const TOKENS = { AUTH_TOKEN: 'correct-horse-battery', INGEST_TOKEN: 'write-only-token' };

let browser: Browser;
let folder: string;

beforeAll(async () => {
  browser = await launchBrowser();
  folder = mkdtempSync(join(tmpdir(), 'flywatch-connect-'));
}, 400_000);

afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

const code = async (page: Page, step: string) =>
  page
    .locator('.connect-step', { has: page.getByRole('heading', { name: step }) })
    .locator('code')
    .innerText();

const messages = async (hub: TestHub): Promise<string[]> => {
  const headers = { authorization: `Bearer ${TOKENS.AUTH_TOKEN}` };
  const response = await fetch(`${hub.url}/logs/history?order=asc`, { headers });
  return ((await response.json()) as { logs: { message: string }[] }).logs.map(({ message }) => message);
};

async function openConnect(hub: TestHub, way: string) {
  const session = await fetch(`${hub.url}/session`, {
    method: 'POST',
    body: JSON.stringify({ token: TOKENS.AUTH_TOKEN }),
  });
  const cookie = session.headers.get('set-cookie')?.split(';', 1)[0];
  const view = await openPage(browser, hub.url, { path: 'connect', cookie });
  await view.page.getByRole('tab', { name: way }).click();
  return view;
}

/** Not `spawnSync`: the hub is in this process, and has to answer meanwhile. */
const run = promisify(execFile);

const env = { PATH: process.env.PATH ?? '', INGEST_TOKEN: TOKENS.INGEST_TOKEN };

test('curl and Node: what stands there works with the token that may only write, and the card turns green', async () => {
  await using hub = await setupHub(TOKENS);
  await using view = await openConnect(hub, 'An app, over HTTP');
  const { page } = view;
  await page.getByText('Waiting for the first line').waitFor();
  const typed = await code(page, 'Try it with curl');
  expect(typed).toContain(hub.url);
  expect(typed).not.toContain(TOKENS.INGEST_TOKEN);
  expect((await run('bash', ['-c', typed], { env, timeout: 10_000 })).stdout).toBe('{"accepted":1}');
  await page.getByRole('heading', { name: 'Lines arrive' }).waitFor();
  const script = join(folder, 'send.mjs');
  writeFileSync(script, await code(page, 'Send from Node'));
  expect((await run(process.execPath, [script], { env, timeout: 10_000 })).stderr).toBe('');
  expect(await messages(hub)).toEqual(['hello from curl', 'hello from Node']);
  await page.getByRole('link', { name: 'See them live' }).click();
  await page.getByText('hello from Node').first().waitFor();
  expect(view.faults).toEqual([]);
});

test('a file: sent as it is, and followed from then on', async () => {
  await using hub = await setupHub(TOKENS);
  await using view = await openConnect(hub, 'A file or a pipe');
  const file = join(folder, 'app.log');
  writeFileSync(file, 'a plain line\n{"level":"warn","msg":"a JSON line"}\n');
  const sent = await code(view.page, 'Send a file as it is');
  expect((await run('bash', ['-c', sent], { env, cwd: folder, timeout: 10_000 })).stdout).toBe('{"accepted":2}');
  const followed = await code(view.page, 'Follow it from then on');
  const shell = spawn('bash', ['-c', followed], {
    env,
    cwd: folder,
    detached: true,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  try {
    // `tail` has to be there before the line is: what was before is not sent.
    await expect
      .poll(
        () => {
          appendFileSync(file, 'a line with \\ and  two blanks\n');
          return messages(hub);
        },
        { interval: 300, timeout: 15_000 },
      )
      .toContain('a line with \\ and  two blanks');
  } finally {
    process.kill(-shell.pid!, 'SIGTERM');
  }
});

test('an open hub asks for no token, and shows its demo until a real line comes', async () => {
  await using hub = await setupHub({ DEMO_RATE: '20' });
  await using view = await openPage(browser, hub.url, { path: 'connect' });
  const { page } = view;
  await page.getByText('You are looking at demo traffic.').waitFor();
  await page.getByRole('tab', { name: 'An app, over HTTP' }).click();
  const typed = await code(page, 'Try it with curl');
  expect(typed).not.toContain('Authorization');
  expect((await run('bash', ['-c', typed], { env, timeout: 10_000 })).stdout).toBe('{"accepted":1}');
  await page.getByText('You are looking at demo traffic.').waitFor({ state: 'detached' });
  await page.getByRole('heading', { name: 'Lines arrive' }).waitFor();
  expect(view.faults).toEqual([]);
});

test('the button copies the whole block', async () => {
  await using hub = await setupHub();
  await using view = await openPage(browser, hub.url.replace('127.0.0.1', 'localhost'), { path: 'connect' });
  const { page } = view;
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  const expected = await code(page, 'Choose the organization');
  await page.getByRole('button', { name: 'Copy' }).first().click();
  await page.getByRole('button', { name: 'Copied' }).waitFor();
  expect(await page.evaluate('navigator.clipboard.readText()')).toBe(expected);
});
