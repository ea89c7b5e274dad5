/** A real nats-server with one user, on loopback. It can be killed, started again on the same port, and given a new password. */

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect as connectSocket, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { requireProgram } from './debian.ts';
import { PATIENCE_MS } from './patience.ts';

export interface NatsServer {
  readonly port: number;
  readonly url: string;
  /** The address with user and password in it. */
  readonly urlWithCredentials: string;
  /** Starts it again after `kill`, perhaps with another password; resolves when it takes connections. */
  start(password?: string): Promise<void>;
  /** Ends it at once, as a crash would. */
  kill(): Promise<void>;
  /** A connection with the right user and password. */
  client(): Promise<NatsConnection>;
  [Symbol.asyncDispose](): Promise<void>;
}

export const NATS_USER = 'acme';
/** As long as a real token, so that it does not look truncated. */
export const NATS_PASSWORD = `FlyV1 fm2_${'first'.repeat(68)},fm2_${'other'.repeat(68)}`;

export async function startNatsServer(
  options: { password?: string; maxPayload?: number; jetstream?: boolean } = {},
): Promise<NatsServer> {
  const program = requireProgram('nats-server', { debianPackage: 'nats-server' });
  const folder = mkdtempSync(join(tmpdir(), 'flywatch-nats-'));
  const config = join(folder, 'nats.conf');
  const port = await freePort();
  let password = options.password ?? NATS_PASSWORD;
  let child: ChildProcess | undefined;
  const clients: NatsConnection[] = [];

  const server: NatsServer = {
    port,
    url: `nats://127.0.0.1:${port}`,
    urlWithCredentials: `nats://${NATS_USER}:${encodeURIComponent(password)}@127.0.0.1:${port}`,
    start: async (newPassword) => {
      password = newPassword ?? password;
      writeFileSync(
        config,
        [
          `listen: "127.0.0.1:${port}"`,
          `max_payload: ${options.maxPayload ?? 1_048_576}`,
          ...(options.jetstream === true
            ? [`jetstream { store_dir: ${JSON.stringify(join(folder, 'streams'))} }`]
            : []),
          `authorization {`,
          `  users = [{ user: ${NATS_USER}, password: ${JSON.stringify(password)}, permissions: { publish: ">", subscribe: { allow: ">", deny: "logs.forbidden-app.>" } } }]`,
          `}`,
        ].join('\n'),
      );
      child = spawn(program, ['-c', config], { stdio: 'ignore' });
      await untilListening(port);
    },
    kill: async () => {
      const running = child;
      if (running === undefined) return;
      child = undefined;
      const ended = new Promise((resolve) => running.once('exit', resolve));
      running.kill('SIGKILL');
      await ended;
    },
    client: async () => {
      const client = await connect({ servers: server.url, user: NATS_USER, pass: password });
      clients.push(client);
      return client;
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.all(clients.map((client) => client.close().catch(() => {})));
      await server.kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  await server.start();
  return server;
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

export async function untilListening(port: number): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = connectSocket({ port, host: '127.0.0.1' });
      socket.once('connect', () => {
        socket.destroy();
        resolve(true);
      });
      socket.once('error', () => resolve(false));
    });
    if (open) return;
    if (Date.now() > deadline) throw new Error(`nothing listens on port ${port} after ${PATIENCE_MS} ms`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
