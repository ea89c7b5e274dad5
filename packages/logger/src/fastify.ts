/** Request logs for Fastify 5. */

import type { FastifyInstance, FastifyPluginCallback } from 'fastify';
import { exchangeOf, HttpLog, type HttpLogOptions } from './http/http-log.ts';
import { logSockets } from './http/log-sockets.ts';
import type { Logger } from './logger.ts';
import { processWide } from './process-wide.ts';

export type { HttpLogOptions } from './http/http-log.ts';

/** A plugin that logs each request and each socket of the app at its end: `app.register(requestLogger(log))`. */
export function requestLogger(logger: Logger, options: HttpLogOptions = {}): FastifyPluginCallback {
  const plugin: FastifyPluginCallback = (fastify, _, done) => {
    addRequestHooks(fastify, new HttpLog(logger, options));
    logSockets(fastify.server, logger, options);
    done();
  };
  // The hooks are for the whole app, and not for what is registered inside of this plugin alone.
  return Object.assign(plugin, { [Symbol.for('skip-override')]: true });
}

/** What a request needs: its line, its context, and who asked, which only Fastify's own request knows. */
export function addRequestHooks(fastify: FastifyInstance, log: HttpLog): void {
  const { contexts } = processWide();
  fastify.addHook('onRequest', (request, reply, next) => {
    const exchange = log.begin(request.raw, reply.raw);
    exchange.frameworkRequest = request;
    contexts.run(exchange.context, next);
  });
  // The body arrives in events of the socket, which belong to no request.
  fastify.addHook('preValidation', (request, _, next) => {
    const exchange = exchangeOf(request.raw);
    if (exchange === undefined) next();
    else contexts.run(exchange.context, next);
  });
  fastify.addHook('onError', (request, _, error, next) => {
    const exchange = exchangeOf(request.raw);
    if (exchange !== undefined) exchange.error = error;
    next();
  });
}
