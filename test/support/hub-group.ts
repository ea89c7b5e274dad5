/** Hubs that share their live events over a real engine: what tests about a group of hubs have in common. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { freePort, startNatsServer } from './nats-server.ts';
import { isLogBlock, readSse, type SseBlock } from './readers.ts';
import { startRedisServer } from './redis-server.ts';
import { type HubProcess, spawnHub } from './test-hub.ts';

export interface Engine {
  /** What makes a hub use it. */
  readonly env: Readonly<Record<string, string>>;
  start(): Promise<void>;
  kill(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

export interface EngineKind {
  readonly name: string;
  /** Whether it keeps messages for a hub that is away. */
  readonly keeps: boolean;
  readonly begin: () => Promise<Engine>;
}

export const REDIS: EngineKind = {
  name: 'Redis',
  keeps: false,
  begin: async () => {
    const server = await startRedisServer();
    return { ...server, env: { REDIS_URL: server.url } };
  },
};

export const NATS: EngineKind = {
  name: 'NATS',
  keeps: false,
  begin: async () => {
    const server = await startNatsServer();
    return { ...server, env: { RELAY_NATS_URL: server.urlWithCredentials } };
  },
};

export const JETSTREAM: EngineKind = {
  name: 'JetStream',
  keeps: true,
  begin: async () => {
    const server = await startNatsServer({ jetstream: true });
    return { ...server, env: { RELAY_NATS_URL: server.urlWithCredentials, RELAY_DURABLE: 'true' } };
  },
};

export interface HubPlaces {
  /** A hub whose port and store stay over restarts; each call starts it. */
  place(env: Readonly<Record<string, string>>): Promise<() => Promise<HubProcess>>;
  remove(): void;
}

export function createHubPlaces(): HubPlaces {
  const folder = mkdtempSync(join(tmpdir(), 'flywatch-group-'));
  let hubs = 0;
  return {
    place: async (env) => {
      const all = { PORT: String(await freePort()), STORE_PATH: join(folder, `hub-${++hubs}.db`), ...env };
      return async () => {
        const hub = await spawnHub(all);
        await hub.logged(/live events are shared/);
        return hub;
      };
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Sends the lines `name from`, `name from+1`, … to a hub. */
export async function post(hub: HubProcess, from: number, count: number, name: string): Promise<void> {
  const headers = { 'content-type': 'text/plain' };
  const body = numbered(name, from, count).join('\n');
  const answer = await fetch(`${hub.url}/ingest/logs?app=${name}`, { method: 'POST', headers, body });
  expect(answer.status).toBe(200);
}

export const numbered = (name: string, from: number, count: number) =>
  Array.from({ length: count }, (_, i) => `${name} ${from + i}`);

export const stream = (hub: HubProcess, headers: Record<string, string> = {}) =>
  readSse(`${hub.url}/logs/stream?format=flat`, headers);

export const messagesOf = (blocks: readonly SseBlock[]) =>
  blocks.filter(isLogBlock).map(({ data }) => (JSON.parse(data) as { message: string }).message);

export const gapsOf = (blocks: readonly SseBlock[]) =>
  blocks
    .filter(({ event }) => event === 'gap')
    .map(({ data }) => JSON.parse(data) as { reason: string; count: number | null; from: string; to: string });
