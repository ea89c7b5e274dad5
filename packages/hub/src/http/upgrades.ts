/**
 * WebSocket upgrades: parameters, origin and token are judged before the handshake, with the status and body that any
 * other request would get. Then one of two feeds takes over.
 */

import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { Auth } from '../auth/auth.ts';
import { HttpError } from '../errors.ts';
import type { Origins } from './cors.ts';
import { Peer } from './peer.ts';
import { respondOnSocket, toHttpError } from './respond.ts';

/** What an upgraded path does; throws an HttpError before the handshake where it cannot. */
export type UpgradeRoute = (request: IncomingMessage, query: URLSearchParams) => (peer: Peer, socket: Duplex) => void;

export interface UpgradesOptions {
  readonly auth: Auth;
  readonly origins: Origins;
  readonly routes: ReadonlyMap<string, UpgradeRoute>;
  readonly pingIntervalMs: number;
  readonly maxIncomingBytes: number;
  /** Whether a request that came before on the same socket has no answer yet. */
  readonly isAnswering: (socket: Duplex) => boolean;
  readonly onFault: (error: unknown) => void;
}

export class Upgrades {
  readonly #options: UpgradesOptions;
  readonly #server: WebSocketServer;
  readonly #peers = new Set<Peer>();
  readonly #timer: NodeJS.Timeout;
  #closed = false;

  constructor(options: UpgradesOptions) {
    this.#options = options;
    this.#server = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      // Compression costs memory and CPU per reader and would make frames of their own for each.
      perMessageDeflate: false,
      maxPayload: options.maxIncomingBytes,
      skipUTF8Validation: false,
    });
    this.#timer = setInterval(() => this.#heartbeat(), options.pingIntervalMs);
    this.#timer.unref();
  }

  attach(server: Server): void {
    server.on('upgrade', (request, socket, head) => {
      // The answer would come amid the frames, and the handshake before the answer.
      if (this.#options.isAnswering(socket)) {
        socket.destroy();
        return;
      }
      this.#upgrade(request, socket, head).catch((error: unknown) => {
        const refusal = toHttpError(error, this.#options.onFault);
        respondOnSocket(socket, refusal, this.#options.origins.headers(request.headers));
      });
    });
  }

  /** Ends what is still open; streams have ended theirs with a code of their own before. */
  close(): void {
    this.#closed = true;
    clearInterval(this.#timer);
    for (const { socket } of this.#peers) socket.close(1012, 'the hub restarts');
  }

  terminate(): void {
    for (const { socket } of this.#peers) socket.terminate();
  }

  async #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    // Until the handshake nobody else listens, and a socket without a listener for errors ends the process.
    const ignore = () => {};
    socket.on('error', ignore);
    if (this.#closed) throw new HttpError('shutting_down', 'the hub is about to stop');
    const { auth, origins, routes } = this.#options;
    const [path = '/', search = ''] = splitUrl(request.url ?? '/');
    await auth.admit(request.headers, request.socket.remoteAddress ?? '', 'read');
    origins.check(request.headers, true);
    const route = routes.get(path);
    if (route === undefined) throw new HttpError('not_found', `there is no WebSocket at ${path.slice(0, 100)}`);
    const serve = route(request, new URLSearchParams(search));
    if (socket.destroyed) return;
    const refuse = (error: Error) => {
      const refusal = new HttpError('bad_request', `this is no WebSocket handshake: ${error.message}`);
      respondOnSocket(socket, refusal, { ...origins.headers(request.headers), 'sec-websocket-version': '13' });
    };
    this.#server.once('wsClientError', refuse);
    this.#server.handleUpgrade(request, socket, head, (webSocket) => {
      socket.off('error', ignore);
      const peer = new Peer(webSocket, socket);
      this.#peers.add(peer);
      webSocket.on('close', () => this.#peers.delete(peer));
      serve(peer, socket);
    });
    this.#server.off('wsClientError', refuse);
  }

  /** A ping to everybody; who has said nothing since the last one is gone. */
  #heartbeat(): void {
    for (const peer of this.#peers) {
      if (!peer.heard) peer.socket.terminate();
      else {
        peer.heard = false;
        peer.socket.ping();
      }
    }
  }
}

function splitUrl(url: string): [string, string] {
  const at = url.indexOf('?');
  return at === -1 ? [url, ''] : [url.slice(0, at), url.slice(at + 1)];
}
