/**
 * Seed 004's gateway: an app's own lines over a WebSocket on its own port. `docs/logger.md` has the protocol.
 *
 * It shares the server with the app. Upgrades for other paths are none of its business, and where nobody else takes them
 * they are answered as they would be without it.
 */

import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { answerAsRequest, isAlone, refuseUpgrade, type UpgradeListener } from '../http/upgrade-listeners.ts';
import { CLIENT_FRAME_BYTES, MAX_READERS, PING_MS } from '../limits.ts';
import { type AdmissionOptions, admit, parseReaderParams, Refusal } from './admission.ts';
import { FeedReader } from './feed-reader.ts';
import type { LogFeed } from './log-feed.ts';

export interface GatewayOptions extends AdmissionOptions {
  /** @defaultValue '/logs' */
  readonly path?: string | undefined;
}

/** RFC 6455's registry: the service restarts, come again. */
const SERVICE_RESTART = 1012;

export class LogGateway {
  readonly #feed: LogFeed;
  readonly #options: GatewayOptions;
  readonly #path: string;
  readonly #sockets: WebSocketServer;
  readonly #readers = new Set<FeedReader>();
  readonly #servers = new Map<Server, UpgradeListener>();
  #timer: NodeJS.Timeout | undefined;

  constructor(feed: LogFeed, options: GatewayOptions = {}) {
    const { path = '/logs', token } = options;
    if (!path.startsWith('/')) throw new TypeError(`path is ${JSON.stringify(path)}; expected one such as "/logs"`);
    if (token === '') throw new TypeError('token is empty; leave it out where there is none');
    this.#feed = feed;
    this.#options = { ...options };
    this.#path = path;
    this.#sockets = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false,
      maxPayload: CLIENT_FRAME_BYTES,
    });
  }

  get readers(): number {
    return this.#readers.size;
  }

  /** Serves on a server, before or after it listens. Twice is once. */
  attach(server: Server): void {
    if (this.#servers.has(server)) return;
    const listener: UpgradeListener = (request, socket, head) => {
      if (!this.#upgrade(request, socket, head) && isAlone(server, listener)) answerAsRequest(server, request, socket);
    };
    this.#servers.set(server, listener);
    server.on('upgrade', listener);
    this.#timer ??= setInterval(() => this.#heartbeat(), PING_MS).unref();
  }

  /** Ends all readers, who may come again, and leaves the servers. */
  close(): void {
    for (const [server, listener] of this.#servers) server.off('upgrade', listener);
    this.#servers.clear();
    clearInterval(this.#timer);
    this.#timer = undefined;
    for (const { socket } of this.#readers) {
      socket.close(SERVICE_RESTART, 'the app stops');
      // A server waits for its sockets to end; a peer that is not there any more would never say goodbye.
      setTimeout(() => socket.terminate(), 500).unref();
    }
  }

  /** Whether the upgrade is meant for us. */
  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean {
    const [path, search] = splitUrl(request.url ?? '/');
    if (path !== this.#path || request.headers.upgrade?.toLowerCase() !== 'websocket') return false;
    // Until the handshake nobody else listens, and a socket without a listener for errors ends the process.
    socket.on('error', () => {});
    this.#open(request, socket, head, new URLSearchParams(search)).catch((error: unknown) => {
      const { status, code, message } = error instanceof Refusal ? error : FAULT;
      refuseUpgrade(socket, status, code, message);
    });
    return true;
  }

  async #open(request: IncomingMessage, socket: Duplex, head: Buffer, query: URLSearchParams): Promise<void> {
    await admit(request, this.#options);
    const params = parseReaderParams(query);
    if (this.#readers.size >= MAX_READERS) {
      throw new Refusal(503, 'overloaded', `${MAX_READERS} readers are connected`);
    }
    if (socket.destroyed) return;
    this.#sockets.handleUpgrade(request, socket, head, (webSocket) => {
      const reader = new FeedReader(webSocket, this.#feed, params);
      this.#readers.add(reader);
      webSocket.on('close', () => this.#readers.delete(reader));
    });
  }

  #heartbeat(): void {
    for (const reader of this.#readers) {
      if (!reader.heard) reader.socket.terminate();
      else {
        reader.heard = false;
        reader.socket.ping();
      }
    }
  }
}

/** `authorize` of the app threw: what it says is not for readers. */
const FAULT = new Refusal(500, 'internal', 'this reader could not be judged');

function splitUrl(url: string): [string, string] {
  const at = url.indexOf('?');
  return at === -1 ? [url, ''] : [url.slice(0, at), url.slice(at + 1)];
}
