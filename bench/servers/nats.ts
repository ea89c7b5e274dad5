// nats-server from the machine, with user and password as Fly's bus has them, and its own WebSocket: both the source that
// feeds the hub and the rival of the fan-out.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findProgram, startChild, waitUntil } from '../child.ts';
import { freePort } from './ports.ts';
import type { Server } from './server.ts';

export interface NatsServer extends Server {
  port: number;
  websocketPort: number;
  user: string;
  password: string;
}

/** The organization is the user, its token the password. */
const USER = 'bench';
const PASSWORD = 'bench-token-0123456789abcdef';

export const NATS_MISSING = 'nats-server is not installed (Debian: apt-get install nats-server)';

export const findNats = (): string | undefined => findProgram('nats-server');

/** True when something accepts connections on the port. */
const accepts = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('connect', () => resolve(true)).on('error', () => resolve(false));
    socket.on('connect', () => socket.destroy());
  });

export async function startNats(): Promise<NatsServer> {
  const command = findNats();
  if (!command) throw new Error(NATS_MISSING);
  const [port, websocketPort] = [await freePort(), await freePort()];
  const dir = mkdtempSync(join(tmpdir(), 'flywatch-bench-nats-'));
  const file = join(dir, 'nats.conf');
  // All else is nats-server's default, the 64 MB that it keeps for a slow client included.
  writeFileSync(
    file,
    `host: 127.0.0.1
port: ${port}
authorization { user: "${USER}", password: "${PASSWORD}" }
websocket { host: 127.0.0.1, port: ${websocketPort}, no_tls: true }
`,
  );
  const child = startChild({ name: 'nats-server', command, args: ['-c', file] });
  await waitUntil('nats-server listens', async () => (await accepts(port)) && accepts(websocketPort), child);
  return {
    pid: child.pid,
    port,
    websocketPort,
    user: USER,
    password: PASSWORD,
    async stop() {
      await child.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
