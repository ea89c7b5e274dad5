/** Request logs for Express 4 and 5, and for anything else that takes `(request, response, next)`. */

import type { IncomingMessage, ServerResponse } from 'node:http';
import { exchangeOf, HttpLog, type HttpLogOptions } from './http/http-log.ts';
import type { Logger } from './logger.ts';
import { processWide } from './process-wide.ts';

export type { HttpLogOptions } from './http/http-log.ts';
export { logSockets } from './http/log-sockets.ts';

export type RequestLogger = (request: IncomingMessage, response: ServerResponse, next: () => void) => void;

/** A middleware that logs each request at its end. Put it before all others: what comes before it is not seen. */
export function requestLogger(logger: Logger, options: HttpLogOptions = {}): RequestLogger {
  const log = new HttpLog(logger, options);
  const { contexts } = processWide();
  return (request, response, next) => contexts.run(log.begin(request, response).context, next);
}

/** A middleware for errors that puts the error into the line of its request, and passes it on. Put it after all routes. */
export function requestErrors(
  error: unknown,
  request: IncomingMessage,
  _response: ServerResponse,
  next: (error: unknown) => void,
): void {
  const exchange = exchangeOf(request);
  if (exchange !== undefined) exchange.error = error;
  next(error);
}
