/** What the agent writes to: a hub, or a database. Both can go away and come back, and say what they have. */

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres } from '../support/postgres.ts';
import { spawnHub } from '../support/test-hub.ts';

export const OTHER_SIDES = ['hub', 'postgres'] as const;

export interface OtherSide extends AsyncDisposable {
  readonly port: number;
  /** What the configuration of an agent says of it, that reaches it by this port. */
  settings(port: number): object;
  /** Ends it without warning. */
  goAway(): Promise<void>;
  comeBack(): Promise<void>;
  /** Messages of all lines. */
  lines(): Promise<string[]>;
  /** Times of all figures, and of all results of checks. */
  figures(): Promise<string[]>;
  checks(): Promise<string[]>;
}

export function startOtherSide(name: (typeof OTHER_SIDES)[number]): Promise<OtherSide> {
  return name === 'hub' ? startHub() : startDatabase();
}

async function startHub(): Promise<OtherSide> {
  const folder = mkdtempSync(join(tmpdir(), 'flywatch-outages-hub-'));
  const env = { STORE_PATH: join(folder, 'flywatch.db'), INGEST_TOKEN: 'writes', AUTH_TOKEN: 'reads' };
  let hub = await spawnHub(env);
  const { port, url } = hub;
  const get = async (path: string) => {
    const response = await fetch(url + path, { headers: { authorization: 'Bearer reads' } });
    if (!response.ok) throw new Error(`the hub answered ${response.status} to ${path}`);
    return response.text();
  };
  const times = async (path: string) =>
    (JSON.parse(await get(path)) as { timestamp: string }[]).map(({ timestamp }) => timestamp);
  return {
    port,
    settings: (near) => ({ hub_url: `http://127.0.0.1:${near}`, token: 'writes' }),
    goAway: async () => void (await hub.end('SIGKILL')),
    comeBack: async () => {
      hub = await spawnHub({ ...env, PORT: String(port) });
    },
    lines: async () =>
      (await get('/logs/export?format=ndjson'))
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => (JSON.parse(line) as { message: string }).message),
    figures: () => times('/api/vps/vps-1/metrics?hours=24'),
    checks: () => times('/api/vps/vps-1/health?hours=24'),
    [Symbol.asyncDispose]: async () => {
      await hub[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function startDatabase(): Promise<OtherSide> {
  const server = await startPostgres();
  const url = await server.createDatabase();
  await server.query(url, readFileSync(new URL('../../fleet_hub/schema.sql', import.meta.url), 'utf8'));
  const column = async (sql: string) => (await server.query<{ value: string }>(url, sql)).map(({ value }) => value);
  return {
    port: server.port,
    settings: (near) => ({ postgres_url: url.replace(`:${server.port}/`, `:${near}/`) }),
    goAway: () => server.kill(),
    comeBack: () => server.start(),
    lines: () => column('SELECT message AS value FROM log_entries'),
    figures: () => column('SELECT timestamp::text AS value FROM vps_metrics'),
    checks: () => column('SELECT timestamp::text AS value FROM health_checks'),
    [Symbol.asyncDispose]: () => server.remove(),
  };
}
