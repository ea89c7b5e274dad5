/** A socket in the file system that tells a text to everyone who asks, and who asks there, on Bun. */

import type { AskOptions } from '../node/text-socket.ts';
import { bun } from './bun.ts';
import { Inbox } from './inbox.ts';
import { Sending } from './sending.ts';

/** @returns what ends it */
export async function serveText(path: string, text: () => string): Promise<() => void> {
  const sendings = new WeakMap<object, Sending>();
  const listener = bun.listen({
    unix: path,
    socket: {
      data(socket) {
        if (sendings.has(socket)) return;
        const sending = new Sending(socket);
        sendings.set(socket, sending);
        sending.add(Buffer.from(text()));
        sending.end();
      },
      drain: (socket) => sendings.get(socket)?.go(),
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

/** What is told there. Rejects where nobody does, or not within the bounds. */
export async function askText(path: string, { maxBytes, signal }: AskOptions): Promise<string> {
  const inbox = new Inbox();
  const onAbort = () => inbox.end(signal.reason as Error);
  signal.addEventListener('abort', onAbort, { once: true });
  const socket = await bun.connect({
    unix: path,
    socket: {
      open: (opened) => void opened.write(Buffer.from('?')),
      data: (_, bytes) => inbox.push(bytes),
      end: () => inbox.end(),
      close: (_, error) => inbox.end(error),
      error: (_, error) => inbox.end(error),
      connectError() {},
    },
  });
  const pieces: Buffer[] = [];
  let bytes = 0;
  try {
    for (let piece = await inbox.read(); piece !== undefined; piece = await inbox.read()) {
      bytes += piece.length;
      if (bytes > maxBytes) throw new Error(`more than ${maxBytes} bytes`);
      pieces.push(piece);
    }
    return Buffer.concat(pieces).toString('utf8');
  } finally {
    signal.removeEventListener('abort', onAbort);
    socket.terminate();
  }
}
