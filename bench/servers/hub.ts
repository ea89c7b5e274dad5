// Flywatch itself, as an operator starts it, fed by a nats-server; without the store unless asked for.

import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { startChild, waitUntil } from '../child.ts';
import type { NatsServer } from './nats.ts';
import { freePort } from './ports.ts';
import type { Server } from './server.ts';

export interface Hub extends Server {
  port: number;
  /** `/metrics`: events put into the ring since the start. */
  messagesForwarded(): Promise<number>;
  ready(): Promise<void>;
}

/** The checkout that the bench stands in; `--hub FILE` takes another one, to compare two states of the code. */
export const OWN_HUB = resolve(import.meta.dirname, '../../packages/cli/bin/flywatch.js');

export const hubExists = (file: string): boolean => existsSync(file);

export async function startHub(file: string, nats: NatsServer, env: Record<string, string> = {}): Promise<Hub> {
  const port = await freePort();
  const dir = mkdtempSync(join(tmpdir(), 'flywatch-bench-hub-'));
  const child = startChild({
    name: 'flywatch',
    command: process.execPath,
    args: [file, 'serve'],
    cwd: dir,
    env: {
      NODE_ENV: 'production',
      HOST: '127.0.0.1',
      PORT: String(port),
      NATS_URL: `nats://127.0.0.1:${nats.port}`,
      FLY_ORG: nats.user,
      ACCESS_TOKEN: nats.password,
      FLY_APP: '*',
      DEMO_RATE: '0',
      PERSISTENCE_ENABLED: 'false',
      LOG_LEVEL: 'warn',
      ...env,
    },
  });
  const url = (path: string): string => `http://127.0.0.1:${port}${path}`;
  const ready = (): Promise<void> =>
    waitUntil('flywatch is ready', async () => (await fetch(url('/ready'))).ok, child, 30_000);
  try {
    await ready();
  } catch (error) {
    await child.stop();
    throw error;
  }
  return {
    pid: child.pid,
    port,
    ready,
    async messagesForwarded() {
      const metrics = await (await fetch(url('/metrics'), { headers: { accept: 'application/json' } })).json();
      return Number((metrics as { messages_forwarded: unknown }).messages_forwarded);
    },
    async stop() {
      await child.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
