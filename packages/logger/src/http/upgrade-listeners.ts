/** Upgrades have one event and many listeners, each of which has to know which requests are meant for others. */

import { type IncomingMessage, type Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

export type UpgradeListener = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

/** On listeners that look on and take no socket. */
const WATCHES = Symbol.for('@flywatch/logger/watches');

export function asWatcher(listener: UpgradeListener): UpgradeListener {
  return Object.assign(listener, { [WATCHES]: true });
}

/** Whether `own` is the only listener that takes sockets. */
export function isAlone(server: Server, own: UpgradeListener): boolean {
  return server.listeners('upgrade').every((listener) => listener === own || WATCHES in listener);
}

/**
 * Has the app answer an upgrade that nobody takes as the ordinary request that it would be without any listener. Java's
 * client asks for HTTP/2 with each plain request, and an app must not fall silent because it got a gateway.
 */
export function answerAsRequest(server: Server, request: IncomingMessage, socket: Duplex): void {
  const response = new ServerResponse(request);
  response.shouldKeepAlive = false;
  response.assignSocket(socket as Socket);
  response.on('finish', () => {
    response.detachSocket(socket as Socket);
    socket.end();
  });
  server.emit('request', request, response);
}

/** An ordinary answer in place of a handshake, in the form of a hub's errors. */
export function refuseUpgrade(socket: Duplex, status: number, code: string, error: string): void {
  const body = JSON.stringify({ error, code, status });
  const extra = status === 401 ? 'WWW-Authenticate: Bearer\r\n' : status === 503 ? 'Retry-After: 5\r\n' : '';
  socket.end(
    `HTTP/1.1 ${status} ${REASONS[status] ?? 'Error'}\r\nConnection: close\r\nContent-Type: application/json; charset=utf-8\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\n${extra}\r\n${body}`,
  );
}

const REASONS: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
};
