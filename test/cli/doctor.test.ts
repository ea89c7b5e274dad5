/** `flywatch doctor` with real servers, and with those that are not there. */

import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { NATS_PASSWORD, NATS_USER, type NatsServer, startNatsServer } from '../support/nats-server.ts';
import { startTestHub } from '../support/test-hub.ts';
import { linesOf, vg } from './program.fixture.ts';

let nats: NatsServer;
let folder: string;
let env: Record<string, string>;

beforeAll(async () => {
  nats = await startNatsServer();
  folder = mkdtempSync(join(tmpdir(), 'flywatch-doctor-'));
  env = { STORE_PATH: join(folder, 'flywatch.db'), PORT: '0', HOST: '127.0.0.1', NATS_URL: nats.url };
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await nats[Symbol.asyncDispose]();
});

async function doctor(more: Record<string, string>, ...args: string[]) {
  const { status, stdout } = await vg(['doctor', '--json', ...args], { ...env, ...more });
  const findings = linesOf(stdout).map(
    (line) => JSON.parse(line) as { subject: string; state: string; text: string; remedy?: string },
  );
  return { status, stdout, of: (subject: string) => findings.find((finding) => finding.subject === subject) };
}

test('where everything is as it should be, all is good', async () => {
  await using hub = await startTestHub({ AUTH_TOKEN: 'reader-token' });
  const url = `http://127.0.0.1:${hub.port}`;
  const { status, stdout, of } = await doctor(
    { FLY_ORG: NATS_USER, ACCESS_TOKEN: NATS_PASSWORD },
    '-u',
    url,
    '--token',
    'reader-token',
  );
  for (const subject of [
    'Node',
    'clock',
    'configuration',
    'hub',
    'organization',
    'access token',
    'bus',
    'store',
    'disk',
    'port',
  ]) {
    expect(of(subject), subject).toMatchObject({ state: 'good' });
  }
  expect(stdout).not.toContain('fm2_first');
  expect(status).toBe(0);
});

test('what is wrong is named with what to do, and the status is 1', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => taken.once('listening', resolve));
  const { port } = taken.address() as { port: number };
  const { status, of } = await doctor({
    FLY_ORG: 'personal',
    ACCESS_TOKEN: 'FlyV1 fm2_cut',
    PORT: String(port),
    STORE_PATH: '/dev/null/flywatch.db',
    FLYWATCH_URL: 'http://127.0.0.1:1',
  });
  taken.close();
  expect(status).toBe(1);
  expect(of('organization')).toMatchObject({ state: 'bad', remedy: expect.stringContaining('fly orgs list') });
  expect(of('access token')).toMatchObject({ state: 'warning', remedy: expect.stringContaining('fly tokens create') });
  expect(of('bus')).toMatchObject({ state: 'bad', text: expect.stringContaining('refuses the login') });
  expect(of('store')).toMatchObject({ state: 'bad', remedy: expect.stringContaining('STORE_PATH') });
  expect(of('port')).toMatchObject({ state: 'bad', remedy: expect.stringContaining('PORT') });
  expect(of('hub')).toMatchObject({ state: 'bad' });
});

test('mistakes of the configuration are shown', async () => {
  const { status, of } = await doctor({ PORT: 'http' });
  expect(of('configuration')).toMatchObject({ state: 'bad', text: expect.stringContaining('PORT') });
  expect(status).toBe(1);
});
