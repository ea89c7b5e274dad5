/** `flywatch login` and `logout`: what is saved, for whom, and what is never said. */

import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestHub, type TestHub } from '../support/test-hub.ts';
import { send, vg } from './program.fixture.ts';

const TOKEN = 'reader-token-of-this-test';

let hub: TestHub;
let url: string;
let folder: string;
let env: Record<string, string>;
let file: string;

beforeAll(async () => {
  hub = await startTestHub({ AUTH_TOKEN: TOKEN });
  url = `http://127.0.0.1:${hub.port}/`;
  await send(url.slice(0, -1), ['hello'], { Authorization: `Bearer ${TOKEN}` });
  folder = mkdtempSync(join(tmpdir(), 'flywatch-login-'));
  env = { XDG_CONFIG_HOME: folder };
  file = join(folder, 'flywatch/login.json');
});

afterAll(async () => {
  rmSync(folder, { recursive: true });
  await hub[Symbol.asyncDispose]();
});

test('a wrong token is not saved', async () => {
  const { status, stderr, stdout } = await vg(['login', url], env, 'wrong-token\n');
  expect(stderr).toContain('refuses the token');
  expect(stdout + stderr).not.toContain('wrong-token');
  expect(status).toBe(1);
  expect(existsSync(file)).toBe(false);
});

test('a token from a pipe is saved for its owner alone, never shown, and used from then on', async () => {
  const { status, stdout, stderr } = await vg(['login', url], env, `${TOKEN}\n`);
  expect(status).toBe(0);
  expect(stdout).toBe(`${url} is saved in ${file}\n`);
  expect(stdout + stderr).not.toContain(TOKEN);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ url, token: TOKEN });
  expect(await vg(['logs', '--no-follow', '--format', 'raw'], env)).toMatchObject({ status: 0, stdout: 'hello\n' });
});

test('the saved token does not go to another hub', async () => {
  await using other = await startTestHub({ AUTH_TOKEN: TOKEN });
  const { status, stderr } = await vg(['logs', '--no-follow', '-u', `http://127.0.0.1:${other.port}`], env);
  expect(stderr).toContain('wants a token');
  expect(status).toBe(1);
});

test('a file that others may read is refused', async () => {
  chmodSync(file, 0o644);
  const { status, stderr } = await vg(['logs', '--no-follow'], env);
  expect(stderr).toContain(`${file} can be read by others; chmod 600 it`);
  expect(status).toBe(1);
  chmodSync(file, 0o600);
});

test('logout removes it, and may be said twice', async () => {
  expect(await vg(['logout'], env)).toMatchObject({ status: 0, stdout: `${file} is removed\n` });
  expect(existsSync(file)).toBe(false);
  expect(await vg(['logout'], env)).toMatchObject({ status: 0, stdout: 'nothing was saved\n' });
});

test('a hub without a token is saved without one', async () => {
  await using open = await startTestHub();
  const { status, stderr } = await vg(['login', `127.0.0.1:${open.port}`], env);
  expect(status).toBe(0);
  expect(stderr).toContain('open to everybody');
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ url: `http://127.0.0.1:${open.port}/` });
});
