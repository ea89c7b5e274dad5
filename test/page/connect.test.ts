/** The Connect page: what it tells people to type is typed here, in a real shell, and the page notices by itself. */

import { execFile, spawn } from 'node:child_process';
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
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

async function signedIn(hub: TestHub): Promise<string | undefined> {
  const session = await fetch(`${hub.url}/session`, {
    method: 'POST',
    body: JSON.stringify({ token: TOKENS.AUTH_TOKEN }),
  });
  return session.headers.get('set-cookie')?.split(';', 1)[0];
}

async function openConnect(hub: TestHub, way: string) {
  const view = await openPage(browser, hub.url, { path: 'connect', cookie: await signedIn(hub) });
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
  expect((await run('bash', ['-c', typed], { env, timeout: 60_000 })).stdout).toBe('{"accepted":1}');
  await page.getByRole('heading', { name: 'Lines arrive' }).waitFor();
  const script = join(folder, 'send.mjs');
  writeFileSync(script, await code(page, 'Send from Node'));
  expect((await run(process.execPath, [script], { env, timeout: 60_000 })).stderr).toBe('');
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
  expect((await run('bash', ['-c', sent], { env, cwd: folder, timeout: 60_000 })).stdout).toBe('{"accepted":2}');
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
        { interval: 300 },
      )
      .toContain('a line with \\ and  two blanks');
  } finally {
    process.kill(-shell.pid!, 'SIGTERM');
  }
});

const FLYWATCH = fileURLToPath(new URL('../../packages/cli/bin/flywatch.js', import.meta.url));

/** An agent as the command that the page shows would install it, in a root of its own, and one cycle of it. */
async function runAgentAsShown(command: string, root: string): Promise<void> {
  const options = /agent install (.*)$/.exec(command)?.[1]?.split(' ') ?? [];
  const systemctl = join(root, 'systemctl');
  writeFileSync(systemctl, '#!/bin/sh\n', { mode: 0o755 });
  const path = { PATH: `${root}:${process.env.PATH}`, XDG_STATE_HOME: root };
  await run(process.execPath, [FLYWATCH, 'agent', 'install', ...options, '--root', root], { env: path });
  const config = join(root, 'etc/flywatch/agent.yml');
  await run(process.execPath, [FLYWATCH, 'agent', '--once', '--config', config], { env: path });
}

test('a VPS: the command of a named host works, its card turns green by itself, and its token is taken back', async () => {
  await using hub = await setupHub(TOKENS);
  await using view = await openConnect(hub, 'A VPS');
  const { page } = view;
  await page.getByLabel('Name of the host').fill('vps-1');
  await page.keyboard.press('Enter');
  const block = page.locator('.code-block');
  const hidden = await block.locator('code').innerText();
  expect(hidden).toMatch(/--token fwa_\w{4}•+ --vps-name vps-1$/);
  await page.getByText('Waiting for the first report').waitFor();
  await page.getByText('Never used').waitFor();
  await block.getByRole('button', { name: 'Show token' }).click();
  const command = await block.locator('code').innerText();
  expect(command).toContain(`--hub ${hub.url} --token fwa_`);

  const root = mkdtempSync(join(folder, 'root-'));
  await runAgentAsShown(command, root);
  await page.getByRole('heading', { name: 'vps-1 reports' }).waitFor();
  await page.getByText(/^Used \d+ s ago/).waitFor();

  await page.getByRole('button', { name: 'Revoke the token of vps-1' }).click();
  await page.getByRole('button', { name: 'Revoke the token', exact: true }).click();
  await page.getByText('Hosts that have a token').waitFor({ state: 'detached' });
  const [token = ''] = /fwa_\S+/.exec(command) ?? [];
  const headers = { authorization: `Bearer ${token}` };
  expect((await fetch(`${hub.url}/ingest/logs`, { method: 'POST', headers, body: 'x' })).status).toBe(401);
  expect(view.faults).toEqual([]);
});

test('a name that no host can have is refused in words, and a token that is kept stays', async () => {
  await using hub = await setupHub(TOKENS);
  await using view = await openPage(browser, hub.url, {
    path: 'connect?way=vps',
    cookie: await signedIn(hub),
    expectedFailures: /400/,
  });
  const { page } = view;
  await page.getByLabel('Name of the host').fill('vps 1');
  await page.getByRole('button', { name: 'Make the command' }).click();
  await page.getByText('Name: "vps 1" cannot be one').waitFor();
  await page.getByLabel('Name of the host').fill('vps-1');
  await page.getByRole('button', { name: 'Make the command' }).click();
  await page.getByRole('button', { name: 'Revoke the token of vps-1' }).click();
  await page.getByRole('button', { name: 'Keep it' }).click();
  await page.getByRole('button', { name: 'Revoke the token of vps-1' }).waitFor();
  expect(view.faults).toEqual([]);
});

test('an open hub asks for no token, and shows its demo until a real line comes', async () => {
  await using hub = await setupHub({ DEMO_RATE: '20' });
  await using view = await openPage(browser, hub.url, { path: 'connect' });
  const { page } = view;
  await page.getByText('You are looking at demo traffic.').waitFor();
  await page.getByRole('tab', { name: 'An app, over HTTP' }).click();
  const typed = await code(page, 'Try it with curl');
  expect(typed).not.toContain('Authorization');
  expect((await run('bash', ['-c', typed], { env, timeout: 60_000 })).stdout).toBe('{"accepted":1}');
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
