/**
 * Which sockets have a request without an answer. HTTP/1.1 lets a client send requests behind requests; Node answers them
 * in order, but streams and WebSockets are written to the socket itself, so that here somebody has to keep the order.
 */

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

export class Answering {
  readonly #unanswered = new WeakMap<Duplex, number>();
  readonly #streaming = new WeakSet<Duplex>();

  /** A request has come; false where it came behind a stream, which has no end that it could wait for. */
  begin({ socket }: IncomingMessage, response: ServerResponse): boolean {
    if (this.#streaming.has(socket)) {
      socket.destroy();
      return false;
    }
    this.#unanswered.set(socket, (this.#unanswered.get(socket) ?? 0) + 1);
    response.once('close', () => this.#unanswered.set(socket, this.#unanswered.get(socket)! - 1));
    return true;
  }

  isBusy(socket: Duplex): boolean {
    return (this.#unanswered.get(socket) ?? 0) > 0;
  }

  isStreaming(socket: Duplex): boolean {
    return this.#streaming.has(socket);
  }

  /** Makes an answer the last of its socket; resolves when those before it are out. */
  async stream(socket: Duplex, response: ServerResponse): Promise<void> {
    this.#streaming.add(socket);
    if (response.socket === null) await new Promise((resolve) => response.once('socket', resolve));
  }
}
