/**
 * The quick start of seed 003 as somebody types it who has only its page: the database, the configuration of an app, an agent on
 * each of three hosts, the dashboard's hub, and the statements of its troubleshooting and retention. Real programs throughout;
 * only `/opt` is a folder of the test, and the ports are free ones.
 */

// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of configuration files look like those of templates

import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { requireProgram } from '../support/debian.ts';
import { type PostgresServer, startPostgres } from '../support/postgres.ts';
import { type HubProcess, spawnHub } from '../support/test-hub.ts';

const repository = fileURLToPath(new URL('../../', import.meta.url));
const VPS_NAMES = ['vps-1', 'vps-2', 'vps-3'];

let root: string;
let app: Server;
let database: PostgresServer;
let url: string;
let hub: HubProcess;
const agents: ChildProcess[] = [];

/** What the page shows, with the folder and the port of this test in it. */
const config = (health: string) => `monitoring:
  enabled: true
  postgres_url: \${OBSERV_DB_URL}
  collection_interval: 60
  health_checks:
    - url: ${health}
      interval: 30
      timeout: 5
  log_files:
    - ${root}/opt/deployments/{app}/current/logs/app.log
`;

/** Runs a line as it is typed, in the folder of the project. */
async function type(line: string): Promise<string> {
  const env = {
    PATH: [
      join(repository, 'node_modules/.bin'),
      dirname(requireProgram('psql', { debianPackage: 'postgresql-client' })),
      process.env.PATH,
    ].join(':'),
    OBSERV_DB_URL: url,
    PGHOST: '127.0.0.1',
    PGPORT: String(database.port),
    PGUSER: 'fly',
    PGPASSWORD: database.password,
  };
  const { stdout } = await promisify(execFile)('bash', ['-c', `set -e; ${line}`], { cwd: repository, env });
  return stdout;
}

/** The number that `psql -c "SELECT COUNT(*) …"` prints. */
const countOf = async (line: string) => Number(/^\s*(\d+)$/m.exec(await type(line))?.[1]);

async function read(path: string): Promise<Record<string, unknown>[]> {
  return (await (await fetch(hub.url + path)).json()) as Record<string, unknown>[];
}

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'flywatch-seed-'));
  app = createServer((_request, response) => response.end('ok')).listen(0, '127.0.0.1');
  database = await startPostgres();
  url = database.urlOf('observ_metrics').replace('postgres:', 'postgresql:');
  await type('createdb observ_metrics');
  await type('psql observ_metrics < fleet_hub/schema.sql');

  const deployment = join(root, 'opt/deployments/my-app');
  mkdirSync(join(deployment, 'current/logs'), { recursive: true });
  writeFileSync(
    join(deployment, 'config.yml'),
    `name: my-app\n${config(`http://127.0.0.1:${(app.address() as AddressInfo).port}/health`)}`,
  );
  writeFileSync(join(deployment, '.env.production'), `OBSERV_DB_URL=${url}\n`);
  const { PATH = '' } = process.env;
  for (const name of VPS_NAMES) {
    const args = ['--config', join(deployment, 'config.yml'), '--app-name', 'my-app', '--vps-name', name];
    const env = { PATH, XDG_STATE_HOME: join(root, 'state') };
    agents.push(spawn(join(repository, 'node_modules/.bin/obs-agent'), args, { env, stdio: 'ignore' }));
  }
  hub = await spawnHub({ OBSERV_DB_URL: url }, 'fleet-hub');
}, 120_000);

afterAll(async () => {
  for (const agent of agents) agent.kill('SIGTERM');
  await hub?.[Symbol.asyncDispose]();
  await database?.remove();
  app?.close();
  rmSync(root, { recursive: true, force: true });
});

test('each host has figures in the table, which the command of the page counts', async () => {
  const command = `psql $OBSERV_DB_URL -c "SELECT COUNT(*) FROM vps_metrics WHERE app_name='my-app';"`;
  await expect.poll(() => countOf(command), { interval: 300 }).toBeGreaterThanOrEqual(3);
  const rows = await database.query<{ vps_name: string; cpu_percent: number; memory_mb: number; disk_gb: number }>(
    url,
    'SELECT DISTINCT ON (vps_name) * FROM vps_metrics ORDER BY vps_name, timestamp DESC',
  );
  expect(rows.map(({ vps_name }) => vps_name)).toEqual(VPS_NAMES);
  for (const row of rows) {
    for (const name of ['memory_percent', 'memory_mb', 'disk_percent', 'disk_gb', 'load_avg_1m', 'load_avg_15m'])
      expect(row, name).toHaveProperty(name, expect.any(Number));
  }
});

test('the health check of the page is in its table, with the columns of the page', async () => {
  const results = () =>
    database.query(
      url,
      `SELECT DISTINCT vps_name, app_name, status_code, success, error_message FROM health_checks ORDER BY 1`,
    );
  await expect.poll(results, { interval: 300 }).toEqual(
    VPS_NAMES.map((vps_name) => ({
      vps_name,
      app_name: 'my-app',
      status_code: 200,
      success: true,
      error_message: null,
    })),
  );
});

test('lines in logcore’s format are in the table once a host, their context as JSONB, and are found by their words', async () => {
  const line = (level: string, message: string, context: object) =>
    `${JSON.stringify({ timestamp: new Date().toISOString(), level, logger: 'my_app', message, context })}\n`;
  const file = join(root, 'opt/deployments/my-app/current/logs/app.log');
  appendFileSync(
    file,
    line('INFO', 'User action', { user_id: 123 }) + line('ERROR', 'Payment failed', { order_id: 456 }),
  );
  const found = () =>
    database.query(
      url,
      `SELECT vps_name, level, message, context->>'order_id' AS order_id FROM log_entries
       WHERE to_tsvector('english', message) @@ to_tsquery('english', 'payment') ORDER BY vps_name`,
    );
  await expect
    .poll(found, { interval: 300 })
    .toEqual(VPS_NAMES.map((vps_name) => ({ vps_name, level: 'ERROR', message: 'Payment failed', order_id: '456' })));
});

test('the dashboard’s hub shows all three hosts and their lines', async () => {
  await expect
    .poll(async () =>
      (await read('/api/fleet/summary')).map(({ vps_name, health_status }) => [vps_name, health_status]).sort(),
    )
    .toEqual(VPS_NAMES.map((name) => [name, 'healthy']));
  await expect
    .poll(async () => (await read('/api/logs/search?query=user%20action')).map(({ vps_name }) => vps_name).sort())
    .toEqual(VPS_NAMES);
  expect(await read('/api/vps/vps-2/metrics')).not.toEqual([]);
  expect(await read('/api/vps/vps-2/health')).toEqual([expect.objectContaining({ status_code: 200, success: true })]);
});

test('the statements of its retention take what is old, and nothing else', async () => {
  await type(`psql $OBSERV_DB_URL -c "
    INSERT INTO vps_metrics (timestamp, vps_name, app_name) VALUES (NOW() - INTERVAL '91 days', 'old', 'my-app');
    INSERT INTO health_checks (timestamp, vps_name, app_name, url, success) VALUES (NOW() - INTERVAL '91 days', 'old', 'my-app', 'x', true);
    INSERT INTO log_entries (timestamp, vps_name, app_name, level, message) VALUES (NOW() - INTERVAL '31 days', 'old', 'my-app', 'INFO', 'x');"`);
  for (const [table, days] of [
    ['vps_metrics', 90],
    ['health_checks', 90],
    ['log_entries', 30],
  ]) {
    const printed = await type(
      `psql observ_metrics -c "DELETE FROM ${table} WHERE timestamp < NOW() - INTERVAL '${days} days';"`,
    );
    expect(printed).toBe('DELETE 1\n');
    expect(
      await countOf(`psql observ_metrics -c "SELECT COUNT(*) FROM ${table} WHERE app_name='my-app';"`),
    ).toBeGreaterThanOrEqual(3);
  }
});

test('the configuration is as the page says: what is wrong is said, and the agent that runs says how it is', async () => {
  const file = join(root, 'opt/deployments/my-app/config.yml');
  expect(await type(`obs-agent check-config --config ${file} --app-name my-app`)).toContain('app my-app');
  const status = `XDG_STATE_HOME=${root}/state obs-agent status --config ${file} --app-name my-app --vps-name vps-1`;
  expect(await type(status)).toMatch(/^vps-1 my-app: pid \d+[\s\S]*^lost: 0$/m);
});
