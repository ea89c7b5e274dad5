/** Answers that do not come from a route: errors, and what has to be written to a bare socket before an upgrade. */

import type { Duplex } from 'node:stream';
import { errorBody, HttpError } from '../errors.ts';
import { StoreUnavailableError } from '../store/store.ts';
import { STATUS_CODES } from './node-http.ts';

/** On every answer: no type is guessed, no address leaks, nothing is kept by caches. */
export const SECURITY_HEADERS = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
};

/** How long a client may take to accept such an answer, and to end its own side, before the socket is cut. */
const CLOSE_PATIENCE_MS = 1000;

/** An answer of HTTP/1.1 on a socket that never became a WebSocket; closes it. */
export function respondOnSocket(
  socket: Duplex,
  error: HttpError,
  headers: Readonly<Record<string, string>> = {},
): void {
  const body = JSON.stringify(errorBody(error));
  const head = [
    `HTTP/1.1 ${error.status} ${STATUS_CODES[error.status]}`,
    'content-type: application/json; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
    ...Object.entries({ ...headers, ...error.headers }).map(([name, value]) => `${name}: ${value}`),
  ];
  socket.on('error', () => {});
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
  // Cut at once it would be reset while bytes of the client lie unread, and the answer with it. Nobody watches over this
  // socket any more: without an end of its own it would stay for as long as the client likes.
  socket.resume();
  const cut = setTimeout(() => socket.destroy(), CLOSE_PATIENCE_MS);
  cut.unref();
  socket.once('close', () => clearTimeout(cut));
}

/** The error that a client is told about, whatever was thrown; `onFault` hears of faults of the hub. */
export function toHttpError(error: unknown, onFault: (error: unknown) => void): HttpError {
  if (error instanceof HttpError) return error;
  if (error instanceof StoreUnavailableError)
    return new HttpError('store_unavailable', error.message, { cause: error, headers: { 'retry-after': '5' } });
  const { statusCode, code, message } = error as { statusCode?: number; code?: string; message?: string };
  // Fastify's own refusals, made while it reads a request.
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE')
    return new HttpError('too_large', 'the body is over the limit of this route');
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500)
    return new HttpError('bad_request', message ?? 'bad request');
  onFault(error);
  return new HttpError('internal', 'a fault of the hub; its log has more', { cause: error });
}
