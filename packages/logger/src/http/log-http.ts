import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Logger } from '../logger.ts';
import { processWide } from '../process-wide.ts';
import { HttpLog, type HttpLogOptions } from './http-log.ts';
import { logSockets } from './log-sockets.ts';

export type { HttpLogOptions } from './http-log.ts';

/**
 * Logs every request and every socket of a server, whatever answers them, and gives each request a context of its own:
 * lines that are logged while it is answered have its `requestId`. Call it before the server listens, or at least
 * before requests come.
 */
export function logHttp(server: Server, logger: Logger, options: HttpLogOptions = {}): void {
  const log = new HttpLog(logger, options);
  const { contexts } = processWide();
  // Listeners of one event share an asynchronous context: those after this one, which are the app, are in that of the request.
  server.prependListener('request', (request: IncomingMessage, response: ServerResponse) => {
    contexts.enterWith(log.begin(request, response).context);
  });
  logSockets(server, logger, options);
}
