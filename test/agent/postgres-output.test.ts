/** An agent that writes to PostgreSQL itself: what is in the tables, what a hub over them makes of it, and what is said when it fails. */

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, chmodSync, chownSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Delivery, HubDelivery, type LogBatch, LogTail, PostgresDelivery } from '@flywatch/agent';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { type PostgresServer, SERVER_UID, startPostgres } from '../support/postgres.ts';
import { isLogBlock, readSse } from '../support/readers.ts';
import { startTestHub } from '../support/test-hub.ts';
import { makeCertificate } from './certificates.fixture.ts';
import { endAll } from './processes.fixture.ts';

const OBS_AGENT = fileURLToPath(new URL('../../packages/cli/bin/obs-agent.js', import.meta.url));
const SCHEMA = readFileSync(new URL('../../fleet_hub/schema.sql', import.meta.url), 'utf8');

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server?.remove());

let root: string;
const running: ChildProcess[] = [];
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'flywatch-output-'));
});
afterEach(async () => {
  await endAll(running);
  rmSync(root, { recursive: true });
});

async function database({ isEmpty = false } = {}): Promise<string> {
  const url = await server.createDatabase();
  if (!isEmpty) await server.query(url, SCHEMA);
  return url;
}

function configure(url: string, more: object = {}): string {
  const file = join(root, 'config.yml');
  const monitoring = {
    enabled: true,
    postgres_url: url,
    health_checks: [{ url: 'tcp://127.0.0.1:1', interval: 1 }],
    log_files: [join(root, 'app.log')],
    ...more,
  };
  writeFileSync(file, JSON.stringify({ monitoring }));
  return file;
}

const args = (file: string, ...more: string[]) => [
  OBS_AGENT,
  ...more,
  ...['--config', file, '--app-name', 'shop', '--vps-name', 'vps-1'],
];
const env = () => ({ PATH: process.env.PATH, XDG_STATE_HOME: join(root, 'state') });

function start(file: string, ...more: string[]): ChildProcess & { said: () => string } {
  const child = spawn(process.execPath, args(file, ...more), { env: env(), stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (text) => {
    said += text;
  });
  running.push(child);
  return Object.assign(child, { said: () => said });
}

const messages = async (url: string) =>
  (await server.query<{ message: string }>(url, 'SELECT message FROM log_entries ORDER BY id')).map(
    ({ message }) => message,
  );

/** What apps write into files, each of which has to mean the same whichever way it goes. */
const LINES: readonly (string | Buffer)[] = [
  'a plain line',
  '',
  'ERROR something is wrong',
  '2026-02-08 20:30:00,123 WARNING disk is nearly full',
  'level=warn msg="slow query" duration=12ms user.id=42',
  '{"timestamp": "2026-02-08T20:30:00.123456Z", "level": "WARNING", "logger": "my_app", "message": "User action", "context": {"user_id": 123}}',
  '{"timestamp":"2026-02-08T20:30:00Z","level":"CRITICAL","logger":"my_app","message":"no","exception":{"type":"E","message":"x","traceback":"t\\n"},"source":{"file":"a.py","line":1,"function":"f"}}',
  '{"level":50,"time":1770582600123,"pid":7,"hostname":"web","name":"api","msg":"pino says","reqId":"r-1"}',
  '{"v":0,"name":"svc","hostname":"h","level":40,"msg":"bunyan says","time":"2026-02-08T20:30:00.001Z","pid":1}',
  '{"level":"error","message":"winston says","timestamp":"2026-02-08T20:30:00.123456789Z","region":"fra","instance":"i-7"}',
  '{"time":"2026-02-08T20:30:00+02:00","message":"with an offset","severity":"notice"}',
  '{"timestamp":"1999-01-01T00:00:00Z","level":"INFO","logger":"old","message":"absurd time","context":{}}',
  '{"time":"2026-06-30T23:59:60Z","level":30,"msg":"leap second"}',
  '{"message":"nul \\u0000 and half \\ud800","level":"info","key\\u0000":"\\u0000","deep":{"list":[1,"\\u0000"]}}',
  '203.0.113.9 - - [21/Nov/2026:10:15:00 +0100] "GET /cart?id=7 HTTP/1.1" 503 512 "-" "Mozilla/5.0 (X11)"',
  '2026-02-08T20:30:00.5+00:00 web-1 sshd[812]: Failed password for root',
  '<34>1 2026-02-08T20:30:00.003Z mymachine su - ID47 - text of syslog',
  '{"__CURSOR":"c","__REALTIME_TIMESTAMP":"1770582600123456","PRIORITY":"3","MESSAGE":[104,105,255],"_SYSTEMD_UNIT":"a.service","_PID":"9"}',
  '[1,2,3]',
  '42',
  '{"not json',
  '\u001b[31mERROR\u001b[0m in colour\ttab \\ backslash \\N',
  'carriage return\r',
  Buffer.from([0x62, 0x61, 0x64, 0x20, 0xff, 0xfe, 0x20, 0x75, 0x74, 0x66]),
  Buffer.from('a nul \0 in text'),
  `long ${'x'.repeat(250_000)}`,
  `too long ${'é'.repeat(200_000)}`,
  `{"message":"wide","list":[${'1,'.repeat(30_000)}1]}`,
  'Traceback (most recent call last):\n  File "a.py", line 1, in <module>\n    boom()\nValueError: boom',
];

const lineFile = () =>
  Buffer.concat(LINES.flatMap((line) => [typeof line === 'string' ? Buffer.from(line) : line, Buffer.from('\n')]));

test('every line means the same written directly as through a hub', async () => {
  const url = await database();
  await using hub = await startTestHub({ DATABASE_URL: url });
  await expect.poll(async () => (await fetch(`${hub.url}/ready`)).status, { timeout: 20_000 }).toBe(200);
  const file = join(root, 'app.log');
  writeFileSync(file, lineFile());
  const warnings: string[] = [];
  const warn = (message: string) => warnings.push(message);
  const ways: Record<string, Delivery> = {
    hub: new HubDelivery({ settings: { url: hub.url }, warn }),
    direct: new PostgresDelivery({ url, warn }),
  };
  const recordsOf: Record<string, Record<string, unknown>[]> = {};
  for (const [way, sink] of Object.entries(ways)) {
    const settings = { agent: way, stateDir: join(root, way), files: [{ pattern: file, app: way, host: 'vps-1' }] };
    const tail = new LogTail({ settings, sink, warn });
    await tail.start();
    await expect.poll(() => tail.status().linesSent, { timeout: 20_000 }).toBe(LINES.length);
    await tail.stop();
    sink.close();
    const answer = await fetch(`${hub.url}/logs/export?format=ndjson&app=${way}`);
    recordsOf[way] = (await answer.text())
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
      .map(({ id, receivedAt, app, time, ...record }) => ({
        ...record,
        time: (record.fields as { _time?: string } | undefined)?._time === 'received' ? 'received' : time,
      }));
  }
  const byMessage = (a: Record<string, unknown>, b: Record<string, unknown>) =>
    String(a.message) < String(b.message) ? -1 : 1;
  expect(recordsOf.direct!.sort(byMessage)).toEqual(recordsOf.hub!.sort(byMessage));
  expect(recordsOf.direct).toHaveLength(LINES.length);
  // Columns as people read them in SQL, too.
  const columns = (app: string) =>
    server.query(
      url,
      `SELECT vps_name, level, message, context FROM log_entries WHERE app_name = $1 ORDER BY message, level`,
      [app],
    );
  expect(await columns('direct')).toEqual(await columns('hub'));
  expect(warnings).toEqual([]);
});

test('what an agent writes is in history and fleet routes at once, and in live streams within 5 s', async () => {
  const url = await database();
  await using hub = await startTestHub({ DATABASE_URL: url });
  await expect.poll(async () => (await fetch(`${hub.url}/ready`)).status, { timeout: 20_000 }).toBe(200);
  const live = await readSse(`${hub.url}/logs/stream?format=flat`);
  const agent = start(configure(url));
  await expect
    .poll(async () => (await server.query(url, 'SELECT FROM vps_metrics')).length, { timeout: 20_000 })
    .toBe(1);
  await expect.poll(async () => (await server.query(url, 'SELECT FROM health_checks')).length).toBeGreaterThan(0);
  const read = async (path: string) => (await (await fetch(hub.url + path)).json()) as Record<string, unknown>[];
  expect(await read('/api/fleet/summary?details=true')).toEqual([
    expect.objectContaining({ vps_name: 'vps-1', app_name: 'shop', cpu_percent: expect.any(Number) }),
  ]);
  expect((await read('/api/vps/vps-1/health?details=true'))[0]).toMatchObject({
    url: 'tcp://127.0.0.1:1',
    success: false,
    details: { state: expect.any(String) },
  });
  appendFileSync(join(root, 'app.log'), 'seen live\n');
  const writtenAt = performance.now();
  await live.until(1, isLogBlock, 10_000);
  expect(performance.now() - writtenAt).toBeLessThan(5000);
  live.close();
  const status = spawnSync(process.execPath, args(join(root, 'config.yml'), 'status'), {
    env: env(),
    encoding: 'utf8',
  });
  expect(status.stdout).toMatch(/^database: connected, last answer \d+ s ago/m);
  expect(status.stdout).toMatch(/^lost: 0$/m);
  expect(agent.said()).not.toContain(server.password);
});

test('--once writes one round and what the log files have, and ends', async () => {
  const url = await database();
  writeFileSync(join(root, 'app.log'), 'one\ntwo\n');
  const [code] = await once(start(configure(url), '--once'), 'exit');
  expect(code).toBe(0);
  expect(await messages(url)).toEqual(['one', 'two']);
  expect(await server.query(url, 'SELECT FROM vps_metrics')).toHaveLength(1);
  expect(await server.query(url, 'SELECT FROM health_checks')).toHaveLength(1);
});

const OBSERV_TABLES = `CREATE TABLE log_entries (id serial PRIMARY KEY, timestamp timestamp, vps_name text, app_name text,
  level text, message text, context jsonb)`;

test.each([
  ['nothing', '', /it has no tables yet; run psql \w+ < fleet_hub\/schema\.sql once/],
  ['the tables of Observ', OBSERV_TABLES, /those of Observ.*run psql \w+ < fleet_hub/],
])('where the database has %s, the agent says once what to run, and goes on when it was', async (_, sql, expected) => {
  const url = await database({ isEmpty: true });
  await server.query(url, sql);
  writeFileSync(join(root, 'app.log'), 'waits for its table\n');
  const agent = start(configure(url));
  await expect.poll(() => agent.said(), { timeout: 20_000 }).toMatch(expected);
  await server.query(url, SCHEMA);
  await expect.poll(() => messages(url), { timeout: 30_000 }).toEqual(['waits for its table']);
  expect(agent.said().match(/schema\.sql/g)).toHaveLength(1);
  expect(agent.said()).toContain('takes what is sent again');
});

test('a wrong password is said once, without the password', async () => {
  const url = await database();
  const agent = start(configure(url.replace(server.password, 'not-the-password')));
  await expect.poll(() => agent.said(), { timeout: 20_000 }).toMatch(/cannot be used: password authentication failed/);
  agent.kill('SIGTERM');
  await once(agent, 'exit');
  expect(agent.said()).not.toContain('not-the-password');
  expect(agent.said().match(/password authentication/g)).toHaveLength(1);
});

test('a line that the database takes in no form is counted and said, and holds up no other', async () => {
  const url = await database();
  await server.query(url, `ALTER TABLE log_entries ADD CONSTRAINT bad CHECK (message <> 'cannot be stored')`);
  const lines = Array.from({ length: 1200 }, (_, i) => (i === 777 ? 'cannot be stored' : `line ${i}`));
  writeFileSync(join(root, 'app.log'), `${lines.join('\n')}\n`);
  const agent = start(configure(url), '--once');
  await once(agent, 'exit');
  expect(await messages(url)).toEqual(lines.filter((line) => line !== 'cannot be stored'));
  expect(agent.said()).toMatch(/takes 1 of \d+ lines in no form: .*violates check constraint/);
});

const batch = (id: string, offset: number, text: string): LogBatch => ({
  id,
  agent: 'a',
  body: Buffer.from(`{"lines":1,"app":"shop","host":"vps-1"}\n${text}\n`),
  lines: 1,
  reached: [{ file: '/var/log/app.log', generation: 'b/1/0', offset }],
});

test('what is sent twice is kept once, also over two connections at the same time', async () => {
  const url = await database();
  const { signal } = new AbortController();
  const [one, other] = [url, url].map((address) => new PostgresDelivery({ url: address, warn: () => {} }));
  const metrics = { timestamp: '2026-11-21T10:00:00Z', vps_name: 'v', app_name: 'a\0b', cpu_percent: 1.5, more: null };
  const rows = { kind: 'metrics', id: 'agent/a/b/1/0', rows: [JSON.stringify(metrics)] } as const;
  for (const [offset, text] of [
    [10, 'first'],
    [20, 'second'],
  ] as const) {
    const sent = batch(`agent/a/b/${offset}/0`, offset, text);
    await Promise.all([one!.send(sent, signal), other!.send(sent, signal)]);
  }
  await Promise.all([one!.sendRows(rows, signal), other!.sendRows(rows, signal)]);
  expect(await messages(url)).toEqual(['first', 'second']);
  expect(await server.query(url, 'SELECT app_name, cpu_percent, details FROM vps_metrics')).toEqual([
    { app_name: 'a\\u0000b', cpu_percent: 1.5, details: null },
  ]);
  expect(await server.query(url, 'SELECT agent, file, generation, "offset" FROM agent_ledger')).toEqual([
    { agent: 'a', file: '/var/log/app.log', generation: 'b/1/0', offset: '20' },
  ]);
  one!.close();
  other!.close();
});

test.each([
  ['a server that is not there', (url: string) => url.replace(/:\d+\//, ':1/'), /cannot be reached: .*ECONNREFUSED/],
  ['a database that is not there', (url: string) => `${url}x`, /cannot be used: database "\w+x" does not exist; tried/],
  [
    'tables of an older version',
    (url: string) => url,
    /cannot be used: its tables are of an older version of Flywatch/,
  ],
])('%s is said once, and tried again', async (_, address, expected) => {
  const url = await database({ isEmpty: true });
  await server.query(url, 'CREATE TABLE flywatch_migrations (version integer)');
  const warnings: string[] = [];
  const delivery = new PostgresDelivery({ url: address(url), warn: (message) => warnings.push(message) });
  const ending = new AbortController();
  const sent = delivery.send(batch('agent/a/b/1/0', 10, 'waits'), ending.signal);
  await expect.poll(() => delivery.status.retries, { timeout: 10_000 }).toBeGreaterThan(1);
  ending.abort(new Error('stopping'));
  await expect(sent).rejects.toThrow('stopping');
  expect(warnings).toEqual([expect.stringMatching(expected)]);
  expect(delivery.status.detail).toBe(warnings[0]);
});

test('a role with the rights that docs/agent.md grants is enough', async () => {
  const url = await database();
  const docs = readFileSync(new URL('../../docs/agent.md', import.meta.url), 'utf8');
  await server.query(url, /```sql\n(CREATE ROLE[^`]+)```/.exec(docs)![1]!);
  const delivery = new PostgresDelivery({
    url: url.replace(/\/\/.*@/, '//flywatch_agent:choose%20one@'),
    warn: (message) => expect.fail(message),
  });
  const signal = AbortSignal.timeout(10_000);
  const check = { vps_name: 'v', app_name: 'a', timestamp: new Date(), url: 'http://a/', success: true };
  for (const number of [1, 2]) {
    await delivery.send(batch(`agent/a/b/${number}/0`, number, `line ${number}`), signal);
    await delivery.sendRows({ kind: 'checks', id: `agent/a/b/${number}/0`, rows: [JSON.stringify(check)] }, signal);
  }
  delivery.close();
  expect(await messages(url)).toEqual(['line 1', 'line 2']);
  expect(await server.query(url, 'SELECT FROM health_checks')).toHaveLength(2);
});

test('the certificate of the server is checked, and what to do about one that nobody knows is said', async () => {
  const url = await database();
  const { certFile, key } = makeCertificate(root, 'localhost', 3650);
  const keyFile = join(root, 'server.key');
  writeFileSync(keyFile, key, { mode: 0o600 });
  if (process.getuid?.() === 0) for (const file of [keyFile, certFile]) chownSync(file, SERVER_UID, SERVER_UID);
  chmodSync(root, 0o755);
  for (const setting of [`ssl_cert_file = '${certFile}'`, `ssl_key_file = '${keyFile}'`, 'ssl = on'])
    await server.query(url, `ALTER SYSTEM SET ${setting}`);
  await server.query(url, 'SELECT pg_reload_conf()');
  const said = async (parameters: string) => {
    const warnings: string[] = [];
    const ending = new AbortController();
    const warn = (message: string) => {
      warnings.push(message);
      ending.abort();
    };
    const address = `${url.replace('127.0.0.1', 'localhost')}?${parameters}`;
    const delivery = new PostgresDelivery({ url: address, warn });
    await delivery.send(batch('agent/a/b/1/0', 10, 'over TLS'), ending.signal).catch(() => {});
    const [encrypted] = await server.query<{ count: string }>(
      url,
      `SELECT count(*) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE ssl AND application_name = 'flywatch'`,
    );
    delivery.close();
    return [...warnings, Number(encrypted!.count)];
  };
  expect(await said('sslmode=require')).toEqual([
    expect.stringMatching(
      /certificate.*; name the authority by sslrootcert=FILE in postgres_url, or set sslmode=no-verify/,
    ),
    0,
  ]);
  expect(await said(`sslmode=require&sslrootcert=${certFile}`)).toEqual([1]);
  expect(await said('sslmode=no-verify')).toEqual([1]);
  for (const setting of ['ssl', 'ssl_cert_file', 'ssl_key_file'])
    await server.query(url, `ALTER SYSTEM RESET ${setting}`);
  await server.query(url, 'SELECT pg_reload_conf()');
});
