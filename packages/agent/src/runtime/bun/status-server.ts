/** A socket in the file system that tells a text to everyone who connects, on Bun. */

import { bun } from './bun.ts';
import { Sending } from './sending.ts';

/** @returns what ends it */
export async function serveText(path: string, text: () => string): Promise<() => void> {
  const sendings = new WeakMap<object, Sending>();
  const listener = bun.listen({
    unix: path,
    socket: {
      open(socket) {
        const sending = new Sending(socket);
        sendings.set(socket, sending);
        sending.add(Buffer.from(text()));
        sending.end();
      },
      drain: (socket) => sendings.get(socket)?.go(),
      data() {},
      // Whoever asked and went away has no need of an answer.
      error() {},
    },
  });
  listener.unref();
  return () => listener.stop();
}

/** Whether somebody listens there. */
export async function isServed(path: string): Promise<boolean> {
  try {
    const socket = await bun.connect({ unix: path, socket: { data() {}, connectError() {} } });
    socket.terminate();
    return true;
  } catch {
    // No such file, or nobody behind it.
    return false;
  }
}
