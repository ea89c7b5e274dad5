/** A socket in the file system that tells a text to everyone who connects, on Node. */

import { once } from 'node:events';
import { connect, createServer } from 'node:net';

/** Resolves when it listens. @returns what ends it */
export async function serveText(path: string, text: () => string): Promise<() => void> {
  const server = createServer((socket) => {
    // Whoever asked and went away has no need of an answer.
    socket.on('error', () => {}).end(text());
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
