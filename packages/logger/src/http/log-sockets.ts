/** WebSockets and other upgrades of a server: one line each, at their end, with the status that they were answered with. */

import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Logger } from '../logger.ts';
import { CLIENT_GONE, createExchange, exchangeOf, HttpLog, type HttpLogOptions } from './http-log.ts';
import { asWatcher } from './upgrade-listeners.ts';

/** Logs the sockets of a server from now on. It takes no connection itself. */
export function logSockets(server: Server, logger: Logger, options: HttpLogOptions = {}): void {
  const log = new HttpLog(logger, options);
  const watch = asWatcher((request, socket) => watchSocket(log, request, socket));
  // With a listener for upgrades Node hands every one of them over, also those that nobody takes: so only beside another one.
  if (server.listenerCount('upgrade') > 0) server.prependListener('upgrade', watch);
  else {
    const joined = (event: string | symbol) => {
      if (event !== 'upgrade') return;
      server.removeListener('newListener', joined);
      server.prependListener('upgrade', watch);
    };
    server.on('newListener', joined);
  }
}

const SWITCHING = 101;

function watchSocket(log: HttpLog, request: IncomingMessage, socket: Duplex): void {
  // Two that watch one server write one line.
  if (exchangeOf(request) !== undefined || log.isSkipped(request)) return;
  const exchange = createExchange(request);
  const startedMs = performance.now();
  const status = firstStatus(socket);
  socket.once('close', () => {
    const answered = status();
    log.write({
      method: request.method ?? 'GET',
      url: request.url ?? '/',
      statusCode: answered ?? CLIENT_GONE,
      ms: performance.now() - startedMs,
      exchange,
      // A socket that was opened ends when one side has had enough: that is no abort.
      isAborted: answered === undefined,
      extra: answered === SWITCHING ? { upgrade: 'websocket' } : undefined,
    });
  });
}

/** What the first bytes that are written to a socket say: it is all that tells how an upgrade was answered. */
function firstStatus(socket: Duplex): () => number | undefined {
  let status: number | undefined;
  const { write, end } = socket;
  const look = (chunk: unknown) => {
    socket.write = write;
    socket.end = end;
    const text =
      typeof chunk === 'string'
        ? chunk
        : chunk instanceof Uint8Array
          ? Buffer.from(chunk).toString('latin1', 0, 16)
          : '';
    const match = /^HTTP\/1\.1 (\d{3})/.exec(text);
    if (match !== null) status = Number(match[1]);
  };
  socket.write = ((...args: Parameters<typeof write>) => {
    look(args[0]);
    return write.apply(socket, args);
  }) as typeof write;
  socket.end = ((...args: Parameters<typeof end>) => {
    look(args[0]);
    return end.apply(socket, args);
  }) as typeof end;
  return () => status;
}
