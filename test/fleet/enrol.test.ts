/** Enrolment: a host is handed a token of its own, with the line to type there, and it can be taken back. */

import { execFile } from 'node:child_process';
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { get, request } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { buildAgent } from '../../scripts/build-agent.ts';
import { startTestHub, type TestHub } from '../support/test-hub.ts';

const AUTH = { authorization: 'Bearer reads-and-writes' };
const GUARDED = { AUTH_TOKEN: 'reads-and-writes', INGEST_TOKEN: 'only-writes' };

interface Enrolled {
  readonly id: string;
  readonly name: string | null;
  readonly token: string;
  readonly created_at: string;
  readonly command: string;
  readonly single_file: boolean;
}

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'flywatch-enrol-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const enrol = (hub: TestHub, body?: object, headers: Record<string, string> = AUTH) =>
  fetch(`${hub.url}/agents`, {
    method: 'POST',
    headers,
    ...(body === undefined ? undefined : { body: JSON.stringify(body) }),
  });

const enrolled = async (hub: TestHub, body?: object) => (await (await enrol(hub, body)).json()) as Enrolled;

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

const post = (hub: TestHub, token: string) =>
  fetch(`${hub.url}/ingest/logs`, { method: 'POST', headers: bearer(token), body: 'a line' });

async function agents(hub: TestHub): Promise<{ id: string; name: string | null; last_used_at: string | null }[]> {
  const response = await fetch(`${hub.url}/agents`, { headers: AUTH });
  return ((await response.json()) as { agents: { id: string; name: string | null; last_used_at: string | null }[] })
    .agents;
}

test('a token of an agent writes and does nothing else, is listed without its secret, and ends when it is revoked', async () => {
  await using hub = await startTestHub(GUARDED);
  const response = await enrol(hub, { name: 'vps-1' });
  expect([response.status, response.headers.get('cache-control')]).toEqual([201, 'no-store']);
  const { id, token, created_at, command } = (await response.json()) as Enrolled;
  expect(command).toContain(`--hub ${hub.url.replace('127.0.0.1', 'localhost')} --token ${token} --vps-name vps-1`);
  expect((await agents(hub))[0]).toEqual({ id, name: 'vps-1', created_at, last_used_at: null });

  expect((await post(hub, token)).status).toBe(200);
  expect((await agents(hub))[0]!.last_used_at).toMatch(/^\d{4}-/);
  for (const [method, path] of [
    ['GET', '/logs/history'],
    ['GET', '/agents'],
    ['POST', '/agents'],
    ['DELETE', `/agents/${id}`],
    ['GET', '/no-such-route'],
  ] as const) {
    for (const writer of [token, 'only-writes']) {
      expect((await fetch(hub.url + path, { method, headers: bearer(writer) })).status, path).toBe(403);
    }
  }
  const signIn = await fetch(`${hub.url}/session`, { method: 'POST', body: JSON.stringify({ token }) });
  expect(signIn.status).toBe(403);

  const revoke = () => fetch(`${hub.url}/agents/${id}`, { method: 'DELETE', headers: AUTH });
  expect((await revoke()).status).toBe(204);
  const refused = await post(hub, token);
  expect([refused.status, ((await refused.json()) as { error: string }).error]).toEqual([
    401,
    'this token of an agent was revoked, or another hub has made it; enrol the host again',
  ]);
  expect((await revoke()).status).toBe(404);
  expect(hub.lines.join('\n')).not.toContain(token.slice(-43));
});

test('a signed-in browser enrols, and a page of another origin does not, with its cookie', async () => {
  await using hub = await startTestHub(GUARDED);
  const session = await fetch(`${hub.url}/session`, {
    method: 'POST',
    body: JSON.stringify({ token: 'reads-and-writes' }),
  });
  const cookie = session.headers.get('set-cookie')!.split(';', 1)[0]!;
  expect((await enrol(hub, undefined, { cookie })).status).toBe(201);
  expect((await enrol(hub, undefined, { cookie, origin: 'https://elsewhere.example' })).status).toBe(403);
  expect((await enrol(hub, undefined, {})).status).toBe(401);
});

test('a hub that is open to everybody enrols too, so that its hosts have tokens when it is closed', async () => {
  const state = { STORE_PATH: join(folder, 'flywatch.db') };
  let token: string;
  {
    await using hub = await startTestHub(state);
    ({ token } = (await (await enrol(hub, { name: 'vps-1' }, {})).json()) as Enrolled);
  }
  await using hub = await startTestHub({ ...state, ...GUARDED });
  expect((await post(hub, token)).status).toBe(200);
  expect((await post(hub, 'fwa_none')).status).toBe(401);
});

test('what is no name is refused, and makes no token', async () => {
  await using hub = await startTestHub(GUARDED);
  for (const [body, status, code] of [
    ['{"name": "vps 1"}', 400, 'bad_request'],
    ['{"name": "$(reboot)"}', 400, 'bad_request'],
    ['{"name": "-x"}', 400, 'bad_request'],
    [JSON.stringify({ name: 'a'.repeat(101) }), 400, 'bad_request'],
    ['{"name": 7}', 400, 'bad_request'],
    ['[]', 400, 'bad_request'],
    ['{', 400, 'bad_json'],
    [JSON.stringify({ name: 'a'.repeat(2000) }), 413, 'too_large'],
  ] as const) {
    const response = await fetch(`${hub.url}/agents`, { method: 'POST', headers: AUTH, body });
    expect([response.status, await response.json()], body).toEqual([status, expect.objectContaining({ code })]);
  }
  expect(await agents(hub)).toEqual([]);
});

test('without a name the host goes by its own', async () => {
  await using hub = await startTestHub(GUARDED);
  for (const body of [undefined, {}, { name: null }]) {
    const { name, command } = await enrolled(hub, body);
    expect([name, command.includes('--vps-name')]).toEqual([null, false]);
  }
});

test('the command has the address under which it was asked for, and no address that is none', async () => {
  await using hub = await startTestHub(GUARDED);
  const ask = (headers: Record<string, string>) =>
    new Promise<{ status: number; body: string }>((resolve, reject) => {
      const { port } = hub;
      const options = { host: '127.0.0.1', port, path: '/agents', method: 'POST', headers: { ...AUTH, ...headers } };
      request(options, async (response) => {
        let body = '';
        for await (const piece of response) body += piece;
        resolve({ status: response.statusCode!, body });
      })
        .on('error', reject)
        .end();
    });
  const behindProxy = await ask({ host: 'logs.example.com', 'x-forwarded-proto': 'https, http' });
  expect(behindProxy.body).toContain('--hub https://logs.example.com --token');
  expect((await ask({ host: '[::1]:8080' })).body).toContain('--hub http://[::1]:8080 --token');
  expect(await ask({ host: 'a;reboot' })).toMatchObject({ status: 400 });
});

/** What tells Linux for which machine a program is. */
function elf(machine: number): Buffer {
  const header = Buffer.alloc(64);
  header.write('\x7fELF', 'latin1');
  header.writeUInt16LE(machine, 18);
  return header;
}

/** A file as large as the agent is, of which next to nothing is on disk. */
function writeAgentFile(name: string, machine: number): string {
  const path = join(folder, name);
  const file = openSync(path, 'w');
  writeSync(file, elf(machine));
  writeSync(file, 'the end', 90 * 1024 * 1024);
  closeSync(file);
  return path;
}

test('a host fetches the file that it can run, as the command says, and not that of another machine', async () => {
  await using hub = await startTestHub(GUARDED, { agentFolder: folder });
  expect((await enrolled(hub)).single_file).toBe(false);
  const built = writeAgentFile('flywatch-agent', 62);
  const { command, single_file } = await enrolled(hub, { name: 'vps-1' });
  expect(single_file).toBe(true);
  const [, fetching = '', installing] = /^(curl .*?) && chmod \+x flywatch-agent && (.*)$/.exec(command) ?? [];
  expect(installing).toMatch(
    /^sudo \.\/flywatch-agent install --hub \S+ --token fwa_\S+ --vps-name vps-1 && rm flywatch-agent$/,
  );
  const host = mkdtempSync(join(folder, 'host-'));
  await promisify(execFile)('sh', ['-c', fetching.replace('$(uname -m)', 'x86_64')], { cwd: host });
  expect(readFileSync(join(host, 'flywatch-agent')).equals(readFileSync(built))).toBe(true);

  const other = await fetch(`${hub.url}/agent/linux-aarch64`);
  expect([other.status, await other.json()]).toEqual([
    404,
    expect.objectContaining({
      code: 'no_agent_file',
      error: expect.stringMatching(/it has linux-x86_64.*build:agent/),
    }),
  ]);
  writeAgentFile('flywatch-agent-arm', 183);
  const arm = await fetch(`${hub.url}/agent/linux-arm64`, { method: 'HEAD' });
  expect(Object.fromEntries(arm.headers)).toMatchObject({
    'content-type': 'application/octet-stream',
    'content-length': String(90 * 1024 * 1024 + 7),
    'content-disposition': 'attachment; filename="flywatch-agent"',
    'x-content-type-options': 'nosniff',
  });
});

/** A host whose `sudo` keeps to a root of its own, and which has a `systemctl` that does nothing. */
function makeHost(): { readonly root: string; readonly home: string; readonly env: Record<string, string> } {
  const root = join(folder, 'root');
  const home = join(folder, 'home');
  const programs = join(folder, 'programs');
  for (const path of [root, home, programs]) mkdirSync(path);
  writeFileSync(join(programs, 'sudo'), `#!/bin/sh\nexec "$@" --root ${root}\n`, { mode: 0o755 });
  writeFileSync(join(programs, 'systemctl'), '#!/bin/sh\n', { mode: 0o755 });
  return { root, home, env: { PATH: `${programs}:${process.env.PATH}`, XDG_STATE_HOME: folder } };
}

test('the command as a whole, typed on a host: what it has fetched installs itself, and reports with its token', async () => {
  const agentFolder = dirname(buildAgent());
  await using hub = await startTestHub(GUARDED, { agentFolder });
  const { command } = await enrolled(hub, { name: 'vps-1' });
  const { root, home, env } = makeHost();
  await promisify(execFile)('sh', ['-c', command], { cwd: home, env });
  expect(readdirSync(home)).toEqual([]);
  const installed = join(root, 'usr/local/bin/obs-agent');
  const config = join(root, 'etc/flywatch/agent.yml');
  await promisify(execFile)(installed, ['run', '--once', '--config', config], { env });
  const response = await fetch(`${hub.url}/api/fleet/summary`, { headers: AUTH });
  expect(await response.json()).toEqual([expect.objectContaining({ vps_name: 'vps-1', app_name: 'host' })]);
  expect((await agents(hub))[0]!.last_used_at).not.toBe(null);
});

test('a hub without the file says how it is built, and the command does without', async () => {
  await using hub = await startTestHub(GUARDED);
  const response = await fetch(`${hub.url}/agent/linux-x86_64`);
  expect([response.status, ((await response.json()) as { error: string }).error]).toEqual([
    404,
    expect.stringContaining('"npm run build:agent" makes one'),
  ]);
  expect((await enrolled(hub)).command).toContain('sudo flywatch agent install --hub');
});

test('hosts that fetch and do not read leave no room for a seventeenth, until one of them is gone', async () => {
  await using hub = await startTestHub(GUARDED, { agentFolder: folder });
  writeAgentFile('flywatch-agent', 62);
  const url = `${hub.url}/agent/linux-x64`;
  const begin = () =>
    new Promise<{ status: number; end: () => void }>((resolve, reject) => {
      const asked = get(url, { agent: false }, (response) => {
        response.on('error', () => {});
        resolve({ status: response.statusCode!, end: () => response.destroy() });
      });
      asked.on('error', reject);
    });
  const fetching = await Promise.all(Array.from({ length: 16 }, begin));
  expect(fetching.every(({ status }) => status === 200)).toBe(true);
  const refused = await fetch(url);
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '30']);
  fetching[0]!.end();
  await expect
    .poll(async () => {
      const { status, end } = await begin();
      if (status !== 200) end();
      else fetching.push({ status, end });
      return status;
    })
    .toBe(200);
  for (const { end } of fetching) end();
});
