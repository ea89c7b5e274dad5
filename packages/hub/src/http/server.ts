/**
 * The HTTP side: Fastify for requests and answers, bare sockets for streams. Authorization comes before everything else,
 * so that nobody without a token learns which routes there are or which parameters they take.
 */

import type { IncomingMessage, Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { fastify } from 'fastify';
import { errorBody, HttpError } from '../errors.ts';
import { MAX_HEADER_BYTES, SESSION_BODY_MAX_BYTES, WS_MAX_INCOMING_BYTES, WS_PING_INTERVAL_MS } from '../limits.ts';
import { Answering } from './answering.ts';
import { Origins } from './cors.ts';
import { createHandlers, type Handler } from './handlers.ts';
import type { HubApi } from './hub-api.ts';
import { asHttpError } from './live-params.ts';
import { MetricsFeed } from './metrics-feed.ts';
import { createServer } from './node-http.ts';
import { loadPage } from './page.ts';
import { respondOnSocket, SECURITY_HEADERS, toHttpError } from './respond.ts';
import { ROUTES, type RouteDefinition, type RouteName } from './routes.ts';
import { createUpgradeRoutes } from './upgrade-routes.ts';
import { Upgrades } from './upgrades.ts';

export interface HttpServer {
  /** Where it listens: a URL that works on this machine. */
  readonly url: string;
  readonly port: number;
  /** Stops taking connections; open requests go on. */
  stopListening(): void;
  /** Resolves when all connections are gone; cuts what is left after `patienceMs`. */
  close(patienceMs: number): Promise<void>;
}

/** Slower requests are cut: headers and small bodies take moments, ingest bodies of 16 MB a minute at most. */
const REQUEST_TIMEOUT_MS = 60_000;

/**
 * Routes declare no schemas: what comes in is judged by our own readers, and answers are written as they are. Without compilers of
 * ours Fastify loads Ajv and fast-json-stringify all the same, 4 MB.
 */
const NO_SCHEMAS = {
  buildValidator: () => refuseSchema,
  buildSerializer: () => refuseSchema,
};

function refuseSchema(): never {
  throw new Error('a route has a schema, and nothing here compiles one: judge what comes in where it is read');
}

/** Of a name in a path: those of hosts have 256 characters at most. A longer one is a 400. */
const MAX_NAME_CHARS = 300;

export async function startHttpServer(hub: HubApi, host: string, port: number): Promise<HttpServer> {
  const origins = new Origins(hub.corsOrigins);
  const onFault = (error: unknown) => hub.log.error(`a request failed: ${(error as Error).stack ?? String(error)}`);
  const sockets = new Set<Socket>();
  const answering = new Answering();
  const app = fastify({
    serverFactory: (handler) => {
      const server = createServer(
        {
          maxHeaderSize: MAX_HEADER_BYTES,
          requestTimeout: REQUEST_TIMEOUT_MS,
          keepAliveTimeout: 75_000,
          noDelay: true,
          // Node would refuse a request without one before anybody has asked for the token, and without our body.
          requireHostHeader: false,
          // Other upgrades (h2c, which curl offers) are ordinary requests.
          shouldUpgradeCallback: (request: IncomingMessage) => request.headers.upgrade?.toLowerCase() === 'websocket',
        },
        (request, response) => answering.begin(request, response) && handler(request, response),
      );
      // `Expect` may be answered with 417 or ignored; Node would answer without asking for the token.
      server.on('checkExpectation', (request, response) => server.emit('request', request, response));
      server.on('connect', (request, socket) => {
        refuseTunnel(hub, request).catch((error) => respondOnSocket(socket, toHttpError(error, onFault)));
      });
      server.on('connection', (socket: Socket) => {
        sockets.add(socket);
        socket.once('close', () => sockets.delete(socket));
      });
      server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) =>
        refuseGarbage(error, socket, answering),
      );
      return server;
    },
    bodyLimit: SESSION_BODY_MAX_BYTES,
    schemaController: { compilersFactory: NO_SCHEMAS },
    routerOptions: { maxParamLength: MAX_NAME_CHARS },
    // A path that cannot be decoded, or a name in it that is too long: authorization first, like everything else.
    frameworkErrors: (_error, request, reply) => {
      admit(hub, request, 'read')
        .then(() => sendError(unreadablePath(request), request, reply, origins))
        .catch((refusal: unknown) => sendError(toHttpError(refusal, onFault), request, reply, origins));
    },
  });
  const server = app.server as Server;

  app.addHook('onRequest', async (request, reply) => {
    const preflight = origins.preflight(request.method, request.headers);
    if (preflight !== undefined) {
      await reply.code(204).headers(preflight).send();
      return;
    }
    const route = definitionOf(request);
    const access = isOpenMetrics(hub, route) ? 'open' : (route?.access ?? 'read');
    await admit(hub, request, access);
    if (request.headers.host === undefined && request.raw.httpVersion !== '1.0')
      throw new HttpError('bad_request', 'Host: missing; expected the name or address of this hub, as HTTP/1.1 has it');
    origins.check(request.headers, false);
    // A type that cannot be read says nothing, and lines are lines without one too; Fastify would refuse it.
    const { headers } = request.raw;
    if (!READABLE_TYPE.test(headers['content-type'] ?? '')) delete headers['content-type'];
    reply.headers({ ...SECURITY_HEADERS, ...origins.headers(request.headers) });
  });
  app.setErrorHandler((error, request, reply) =>
    sendError(toHttpError(asHttpError(error), onFault), request, reply, origins),
  );
  app.setNotFoundHandler((request, reply) => sendError(missing(request), request, reply, origins));

  // Bodies are handed on unread; the routes that take one know how.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, payload, done) => done(null, payload));

  const feed = new MetricsFeed(() => hub.metrics());
  const page = await loadPage(hub.pageFolder);
  const handlers = createHandlers(hub, origins, page, answering, onFault);
  for (const [name, route] of Object.entries(ROUTES) as [RouteName, RouteDefinition][]) {
    register(app, name, route, handlers);
  }

  const upgrades = new Upgrades({
    auth: hub.auth,
    origins,
    routes: createUpgradeRoutes(hub, feed),
    pingIntervalMs: WS_PING_INTERVAL_MS,
    maxIncomingBytes: WS_MAX_INCOMING_BYTES,
    isAnswering: (socket) => answering.isBusy(socket),
    onFault,
  });
  upgrades.attach(server);

  await listen(app, host, port);
  const { port: actualPort } = server.address() as AddressInfo;
  let stopped: Promise<void> | undefined;
  const stopListening = () => {
    stopped ??= new Promise((resolve) => server.close(() => resolve()));
    server.closeIdleConnections();
  };
  return {
    url: `http://localhost:${actualPort}`,
    port: actualPort,
    stopListening,
    close: async (patienceMs) => {
      stopListening();
      upgrades.close();
      const cut = setTimeout(() => {
        upgrades.terminate();
        for (const socket of sockets) socket.destroy();
      }, patienceMs);
      await stopped;
      clearTimeout(cut);
      await app.close();
    },
  };
}

const READABLE_TYPE = /^\s*[\w!#$%&'*+.^`|~-]+\/[\w!#$%&'*+.^`|~-]+\s*(?:;|$)/;

/** `::` takes IPv4 too; where a machine has no IPv6 at all, `0.0.0.0` is what was meant. */
async function listen(app: FastifyInstance, host: string, port: number): Promise<void> {
  try {
    await app.listen({ host, port });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (host !== '::' || (code !== 'EAFNOSUPPORT' && code !== 'EADDRNOTAVAIL')) throw error;
    await app.listen({ host: '0.0.0.0', port });
  }
}

async function admit(hub: HubApi, request: FastifyRequest, access: 'open' | 'write' | 'read'): Promise<void> {
  await hub.auth.admit(request.headers, request.ip, access);
}

function isOpenMetrics(hub: HubApi, route: RouteDefinition | undefined): boolean {
  return hub.metricsPublic && (route === ROUTES.metrics || route === ROUTES.prometheus);
}

function definitionOf(request: FastifyRequest): RouteDefinition | undefined {
  const { config } = request.routeOptions as { config?: { definition?: RouteDefinition } };
  return config?.definition;
}

function register(
  app: FastifyInstance,
  name: RouteName,
  route: RouteDefinition,
  handlers: Record<RouteName, Handler>,
): void {
  app.route({
    method: methodsOf(route.method),
    url: route.path,
    config: { definition: route } as object,
    handler: async (request, reply) => handlers[name](request, reply),
  });
}

/** A route of `GET` takes `HEAD` too. */
function methodsOf(method: RouteDefinition['method']): string[] {
  return method === 'GET' ? ['GET', 'HEAD'] : [method];
}

/** 405 where the path is a route for other methods, else 404. */
function missing(request: FastifyRequest): HttpError {
  const path = request.url.split('?', 1)[0]!;
  const methods = (Object.values(ROUTES) as RouteDefinition[])
    .filter((route) => isOf(route.path, path))
    .flatMap(({ method }) => methodsOf(method));
  if (methods.length === 0)
    return new HttpError('not_found', `there is no ${path.slice(0, 200)}; GET /openapi.json lists the routes`);
  const allow = [...new Set(methods)].join(', ');
  return new HttpError('method_not_allowed', `${request.method} is not for ${path}; expected ${allow}`, {
    headers: { allow },
  });
}

function unreadablePath(request: FastifyRequest): HttpError {
  return new HttpError(
    'bad_request',
    `the path ${JSON.stringify(request.url.slice(0, 100))} cannot be read; expected names of at most ${MAX_NAME_CHARS} characters, and %XX for bytes of UTF-8 alone`,
  );
}

/** Whether a path is one of a route's: `:name` stands for a part of it, `*` at the end for all the rest. */
function isOf(pattern: string, path: string): boolean {
  if (pattern.endsWith('/*')) return path.startsWith(pattern.slice(0, -1));
  const parts = path.split('/');
  const wanted = pattern.split('/');
  return (
    parts.length === wanted.length &&
    wanted.every((part, i) => (part.startsWith(':') ? parts[i] !== '' : part === parts[i]))
  );
}

function sendError(error: HttpError, request: FastifyRequest, reply: FastifyReply, origins: Origins): FastifyReply {
  return reply
    .code(error.status)
    .headers({ ...SECURITY_HEADERS, ...origins.headers(request.headers), ...error.headers })
    .header('content-type', 'application/json; charset=utf-8')
    .send(JSON.stringify(errorBody(error)));
}

/** The hub is no proxy; authorization comes first all the same. */
async function refuseTunnel(hub: HubApi, request: IncomingMessage): Promise<never> {
  await hub.auth.admit(request.headers, request.socket.remoteAddress ?? '', 'read');
  throw new HttpError('method_not_allowed', 'CONNECT is for proxies, and this is none');
}

/** What is no HTTP gets one answer and a closed socket; a client that is gone already gets nothing. */
function refuseGarbage(error: NodeJS.ErrnoException, socket: Socket, answering: Answering): void {
  if (error.code === 'ECONNRESET' || !socket.writable || answering.isStreaming(socket)) {
    socket.destroy();
    return;
  }
  const code =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? 'headers_too_large'
      : error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? 'request_timeout'
        : 'bad_request';
  const text = {
    headers_too_large: 'the headers are over the limit of 16 KB',
    request_timeout: 'the request did not arrive in time',
    bad_request: 'this is no HTTP/1.1 request',
  };
  respondOnSocket(socket, new HttpError(code, text[code]));
}
