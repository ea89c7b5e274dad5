/** The other end of a WebSocket: whether it is still there, and how much it may make us say. */

import type { Duplex } from 'node:stream';
import { WebSocket } from 'ws';
import { wsTextFrame } from '../fanout/frames.ts';

const PONG = wsTextFrame('{"type":"pong"}');

export class Peer {
  readonly socket: WebSocket;
  /** Whether anything came since the last ping. */
  heard = true;
  readonly #stream: Duplex;
  #owesPong = false;

  /** `stream` is the socket below: frames that many readers share are written to it as they are. */
  constructor(socket: WebSocket, stream: Duplex) {
    this.socket = socket;
    this.#stream = stream;
    socket.on('message', (data, isBinary) => {
      this.heard = true;
      if (!isBinary && isPing(data.toString())) this.#pong();
    });
    socket.on('ping', () => {
      this.heard = true;
    });
    socket.on('pong', () => {
      this.heard = true;
    });
    // Protocol errors of the client: ws closes the connection with the right code by itself.
    socket.on('error', () => {});
    stream.on('drain', () => {
      if (!this.#owesPong) return;
      this.#owesPong = false;
      this.write(PONG);
    });
  }

  /** Whether the socket has taken everything so far. */
  get isIdle(): boolean {
    return this.#stream.writableLength === 0;
  }

  /** Hands frames to the socket; false where it is full, or takes none any more because the end has begun. */
  write(bytes: Uint8Array): boolean {
    // After a close frame nothing may follow; ws itself has ended the socket when the client sent the first one.
    if (this.socket.readyState !== WebSocket.OPEN) return false;
    return this.#stream.write(bytes);
  }

  /** A client that asks and does not read gets one answer when it reads again, not one for each question. */
  #pong(): void {
    if (this.#stream.writableNeedDrain) this.#owesPong = true;
    else this.write(PONG);
  }
}

/** Whether a client's text frame is `{"type":"ping"}`; anything else is ignored, as clients may say what they like. */
function isPing(text: string): boolean {
  if (text.length > 200 || !text.includes('ping')) return false;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && (value as { type?: unknown }).type === 'ping';
  } catch {
    return false;
  }
}
