/** One request and its answer over a connection that is there already. */

import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import type { Socket } from 'node:net';
import { CheckFailure, failureOf } from './check-failure.ts';
import type { PhaseClock } from './phases.ts';

/** More of a body is not read: a health check that answers with more is judged by its beginning. */
const MAX_BODY_BYTES = 1024 * 1024;

export interface ExchangeRequest {
  readonly target: URL;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  /** Whether the text of the answer is wanted, or only that it came. */
  readonly keepBody: boolean;
}

export interface Answer {
  readonly statusCode: number;
  readonly location: string | undefined;
  readonly body: string | undefined;
  readonly bodyCut: boolean;
}

export function exchange(
  socket: Socket,
  wanted: ExchangeRequest,
  clock: PhaseClock,
  signal: AbortSignal,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    clock.begin('firstByte');
    const sent = start(socket, wanted);
    const onAbort = () => fail(signal.reason);
    const fail = (failure: unknown) => {
      signal.removeEventListener('abort', onAbort);
      // The request may report its end once more; it has been judged.
      sent.on('error', () => {}).destroy();
      socket.on('error', () => {}).destroy();
      reject(failure);
    };
    signal.addEventListener('abort', onAbort, { once: true });
    sent.once('error', (error) => fail(failureOf(error, 'protocol')));
    sent.once('response', (response) => {
      clock.end();
      readBody(response, wanted.keepBody).then(({ body, bodyCut }) => {
        signal.removeEventListener('abort', onAbort);
        sent.on('error', () => {});
        socket.on('error', () => {}).destroy();
        const { statusCode = 0, headers } = response;
        resolve({ statusCode, location: headers.location, body, bodyCut });
      }, fail);
    });
  });
}

function start(socket: Socket, { target, method, headers, body }: ExchangeRequest): ClientRequest {
  const credentials = `${decodeURIComponent(target.username)}:${decodeURIComponent(target.password)}`;
  const sent = request({
    createConnection: () => socket,
    method,
    path: `${target.pathname}${target.search}`,
    headers: {
      host: target.host,
      'user-agent': 'flywatch-agent',
      accept: '*/*',
      'accept-encoding': 'identity',
      connection: 'close',
      ...(credentials === ':' ? undefined : { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` }),
      ...(body === undefined ? undefined : { 'content-length': String(Buffer.byteLength(body)) }),
      ...headers,
    },
  });
  sent.end(body);
  return sent;
}

/** Reads to the end or to the limit, whichever comes first. */
function readBody(response: IncomingMessage, keep: boolean): Promise<{ body: string | undefined; bodyCut: boolean }> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const done = (bodyCut: boolean) => {
      const body = keep ? Buffer.concat(chunks).subarray(0, MAX_BODY_BYTES).toString('utf8') : undefined;
      resolve({ body, bodyCut });
    };
    response.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (keep) chunks.push(chunk);
      if (bytes <= MAX_BODY_BYTES) return;
      // The caller destroys the socket; until then nothing more is taken from it.
      response.removeAllListeners('data').pause();
      done(true);
    });
    response.once('end', () => done(false));
    response.once('error', (error) => reject(failureOf(error, 'protocol')));
    response.once('aborted', () => reject(new CheckFailure('protocol', 'the connection was closed within the answer')));
  });
}
