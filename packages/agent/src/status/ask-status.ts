/** Asks an agent how it is. */

import { join } from 'node:path';

/** A status has some KB; a socket that says more is not ours. */
const MAX_BYTES = 8 * 1024 * 1024;
const TIMEOUT_MS = 3000;

/** Where an agent with this state folder answers. */
export function socketPath(folder: string): string {
  return join(folder, 'agent.sock');
}

/** The status of the agent that has this folder; undefined where none answers. */
export async function askStatus(folder: string): Promise<unknown> {
  // Loaded when it is needed: an agent that runs never asks.
  const { connect } = await import('node:net');
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
