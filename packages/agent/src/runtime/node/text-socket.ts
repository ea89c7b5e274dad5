/**
 * A socket in the file system that tells a text to everyone who asks, and who asks there, on Node. To ask is to say anything: Bun
 * takes a connection that is answered and closed before it has looked for one that failed.
 */

import { once } from 'node:events';
import { connect, createServer } from 'node:net';

/** Resolves when it listens. @returns what ends it */
export async function serveText(path: string, text: () => string): Promise<() => void> {
  const server = createServer((socket) => {
    // Whoever asked and went away has no need of an answer.
    socket.on('error', () => {}).once('data', () => socket.end(text()));
  });
  server.listen(path).unref();
  await once(server, 'listening');
  return () => void server.close();
}

/** Whether somebody listens there. */
export async function isServed(path: string): Promise<boolean> {
  const socket = connect(path);
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    // No such file, or nobody behind it.
    return false;
  } finally {
    socket.destroy();
  }
}

export interface AskOptions {
  /** More is no answer. */
  readonly maxBytes: number;
  readonly signal: AbortSignal;
}

/** What is told there. Rejects where nobody does, or not within the bounds. */
export async function askText(path: string, { maxBytes, signal }: AskOptions): Promise<string> {
  const socket = connect({ path, signal });
  socket.write('?');
  const pieces: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const piece of socket as AsyncIterable<Buffer>) {
      bytes += piece.length;
      if (bytes > maxBytes) throw new Error(`more than ${maxBytes} bytes`);
      pieces.push(piece);
    }
    return Buffer.concat(pieces).toString('utf8');
  } finally {
    socket.destroy();
  }
}
