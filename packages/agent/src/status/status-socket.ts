/**
 * Answers how the agent is, over a socket in its state folder: who connects gets one JSON text. A file would have to be written
 * every few seconds, and would go on saying that all is well after the agent has died. The socket also keeps a second agent
 * away from the same folder.
 */

import { once } from 'node:events';
import { unlinkSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';

/** A status has some KB; a socket that says more is not ours. */
const MAX_BYTES = 8 * 1024 * 1024;
const TIMEOUT_MS = 3000;

export class StatusSocket {
  readonly #path: string;
  readonly #status: () => object;
  #server: Server | undefined;

  constructor(folder: string, status: () => object) {
    this.#path = socketPath(folder);
    this.#status = status;
  }

  /** @throws {Error} where another agent has the folder */
  async start(): Promise<void> {
    if (await isAnswered(this.#path)) {
      throw new Error(
        `another agent with the same app and host name runs (${this.#path}); use another --app-name or --vps-name`,
      );
    }
    // Left behind by a crash.
    removeIfThere(this.#path);
    const server = createServer((socket) => {
      // Whoever asked and went away has no need of an answer.
      socket.on('error', () => {}).end(JSON.stringify(this.#status()));
    });
    server.listen(this.#path).unref();
    await once(server, 'listening');
    this.#server = server;
  }

  stop(): void {
    this.#server?.close();
    this.#server = undefined;
  }
}

/** The status of the agent that has this folder; undefined where none answers. */
export async function askStatus(folder: string): Promise<unknown> {
  const socket = connect(socketPath(folder));
  socket.setTimeout(TIMEOUT_MS, () => socket.destroy(new Error('no answer')));
  const pieces: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const piece of socket as AsyncIterable<Buffer>) {
      bytes += piece.length;
      if (bytes > MAX_BYTES) return undefined;
      pieces.push(piece);
    }
    return JSON.parse(Buffer.concat(pieces).toString('utf8'));
  } catch {
    // No socket, nobody behind it, not for us, or no JSON: no agent.
    return undefined;
  } finally {
    socket.destroy();
  }
}

function socketPath(folder: string): string {
  return join(folder, 'agent.sock');
}

async function isAnswered(path: string): Promise<boolean> {
  const socket = connect(path);
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

function removeIfThere(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
