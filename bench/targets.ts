// The servers that readers can be put on, each started fresh for a measurement and stopped after it.

import type { Bench } from './bench.ts';
import type { Target } from './load.ts';
import { type Hub, hubExists, startHub } from './servers/hub.ts';
import { findNats, NATS_MISSING, type NatsServer, startNats } from './servers/nats.ts';
import { findNchan, NCHAN_MISSING, startNchan } from './servers/nginx.ts';

const HUB_MISSING = 'Flywatch: no start file, so its own lines are missing';

/** A hub with the nats-server that feeds it. */
export interface FedHub {
  hub: Hub;
  nats: NatsServer;
  /** Readers on `/logs/stream` or `/logs/ws`, with one query string each in turn. */
  target(mode: 'sse' | 'ws', queries?: string[]): Target;
}

/** Says why the hub cannot run here, or nothing. */
export function hubMissing(bench: Bench): string | undefined {
  if (!findNats()) return NATS_MISSING;
  return bench.hub && hubExists(bench.hub) ? undefined : HUB_MISSING;
}

export async function withHub<T>(
  bench: Bench,
  run: (fed: FedHub) => Promise<T>,
  env?: Record<string, string>,
): Promise<T> {
  const nats = await startNats();
  try {
    const hub = await startHub(bench.hub!, nats, env);
    const target: FedHub['target'] = (mode, queries = ['']) => ({
      name: `flywatch ${mode}`,
      pid: hub.pid,
      feederPid: nats.pid,
      publishTo: { kind: 'nats', port: nats.port, user: nats.user, password: nats.password },
      connect: {
        mode,
        port: hub.port,
        paths: queries.map((query) => `/logs/${mode === 'sse' ? 'stream' : 'ws'}${query}`),
      },
    });
    try {
      return await run({ hub, nats, target });
    } finally {
      await hub.stop();
    }
  } finally {
    await nats.stop();
  }
}

/** A server to put the fan-out load on; `missing` says why it cannot run here. */
export interface Rival {
  name: string;
  missing: string | undefined;
  with<T>(run: (target: Target) => Promise<T>): Promise<T>;
}

export function fanoutRivals(bench: Bench): Rival[] {
  const nchanMissing = findNchan() ? undefined : NCHAN_MISSING;
  const nats: Rival = {
    name: 'nats-server ws',
    missing: findNats() ? undefined : NATS_MISSING,
    async with(run) {
      const server = await startNats();
      try {
        const { user, password } = server;
        return await run({
          name: 'nats-server ws',
          pid: server.pid,
          publishTo: { kind: 'nats', port: server.port, user, password },
          connect: { mode: 'natsws', port: server.websocketPort, paths: ['/'], user, password },
        });
      } finally {
        await server.stop();
      }
    },
  };
  const flywatch = (mode: 'sse' | 'ws'): Rival => ({
    name: `flywatch ${mode}`,
    missing: hubMissing(bench),
    with: (run) => withHub(bench, (fed) => run(fed.target(mode))),
  });
  const nchan = (mode: 'sse' | 'ws'): Rival => ({
    name: `nchan ${mode}`,
    missing: nchanMissing,
    async with(run) {
      const server = await startNchan();
      try {
        return await run({
          name: `nchan ${mode}`,
          pid: server.pid,
          publishTo: { kind: 'nchan', port: server.port, path: server.publishPath },
          connect: { mode, port: server.port, paths: [server.subscribePath] },
        });
      } finally {
        await server.stop();
      }
    },
  });
  return [nats, flywatch('sse'), flywatch('ws'), nchan('sse'), nchan('ws')];
}
