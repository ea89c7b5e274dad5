/** A real Redis on loopback that keeps nothing on disk. It can be killed, and started again on the same port. */

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { requireProgram } from './debian.ts';
import { freePort, untilListening } from './nats-server.ts';

export interface RedisServer {
  readonly url: string;
  /** Starts it again after `kill`; resolves when it takes connections. */
  start(): Promise<void>;
  /** Ends it at once, as a crash would. */
  kill(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

export async function startRedisServer(): Promise<RedisServer> {
  const program = requireProgram('redis-server', { debianPackage: 'redis-server' });
  const folder = mkdtempSync(join(tmpdir(), 'flywatch-redis-'));
  const port = await freePort();
  const password = 'kept-out-of-every-message';
  let child: ChildProcess | undefined;
  const server: RedisServer = {
    url: `redis://:${password}@127.0.0.1:${port}`,
    start: async () => {
      const place = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder];
      child = spawn(program, [...place, '--requirepass', password, '--save', '', '--appendonly', 'no'], {
        stdio: 'ignore',
      });
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
    [Symbol.asyncDispose]: async () => {
      await server.kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  await server.start();
  return server;
}
