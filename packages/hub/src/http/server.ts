/**
 * The HTTP side: Fastify for requests and answers, bare sockets for streams. Authorization comes before everything else,
 * so that nobody without a token learns which routes there are or which parameters they take.
 */

import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { fastify } from 'fastify';
import { errorBody, HttpError } from '../errors.ts';
import { arriving } from '../ingest/http/body.ts';
import {
  MAX_HEADER_BYTES,
  MAX_READERS,
  SESSION_BODY_MAX_BYTES,
  WS_MAX_INCOMING_BYTES,
  WS_PING_INTERVAL_MS,
} from '../limits.ts';
import { renderPrometheus } from '../metrics/hub-metrics.ts';
import { Answering } from './answering.ts';
import { bufferStats } from './buffer-stats.ts';
import { Origins } from './cors.ts';
import type { HubApi } from './hub-api.ts';
import { ingestEnvelope } from './ingest-params.ts';
import { asHttpError, parseLiveParams, type Query } from './live-params.ts';
import { streamSse } from './live-sse.ts';
import { streamWs } from './live-ws.ts';
import { MetricsFeed } from './metrics-feed.ts';
import { greeting } from './natstream.ts';
import { describeApi } from './openapi.ts';
import { loadPage, type Page } from './page.ts';
import { respondOnSocket, toHttpError } from './respond.ts';
import { ROUTES, type RouteDefinition, type RouteName } from './routes.ts';
import { signIn, signOut } from './session-routes.ts';
import { type UpgradeRoute, Upgrades } from './upgrades.ts';

export interface HttpServer {
  /** Where it listens: a URL that works on this machine. */
  readonly url: string;
  readonly port: number;
  /** Stops taking connections; open requests go on. */
  stopListening(): void;
  /** Resolves when all connections are gone; cuts what is left after `patienceMs`. */
  close(patienceMs: number): Promise<void>;
}

type Handler = (request: FastifyRequest, reply: FastifyReply) => unknown;

/** Slower requests are cut: headers and small bodies take moments, ingest bodies of 16 MB a minute at most. */
const REQUEST_TIMEOUT_MS = 60_000;

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
    routerOptions: { maxParamLength: 300 },
    // A URL that cannot be decoded: authorization first, like everything else.
    frameworkErrors: (error, request, reply) => {
      admit(hub, request, 'read')
        .then(() => sendError(toHttpError(error, onFault), request, reply, origins))
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
  const page = await loadPage();
  const handlers = createHandlers(hub, origins, page, answering, onFault);
  for (const [name, route] of Object.entries(ROUTES) as [RouteName, RouteDefinition][]) {
    register(app, name, route, handlers);
  }

  const upgrades = new Upgrades({
    auth: hub.auth,
    origins,
    routes: upgradeRoutes(hub, feed),
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

const SECURITY_HEADERS = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
};

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
    method: route.method === 'GET' ? ['GET', 'HEAD'] : route.method,
    url: route.path,
    config: { definition: route } as object,
    handler: async (request, reply) => handlers[name](request, reply),
  });
}

function createHandlers(
  hub: HubApi,
  origins: Origins,
  page: Page,
  answering: Answering,
  onFault: (error: unknown) => void,
): Record<RouteName, Handler> {
  const stream =
    (defaultFormat: 'fly' | 'natstream'): Handler =>
    async (request, reply) => {
      const params = parseLiveParams(request.query as Query, lastEventId(request), defaultFormat, Date.now());
      if (hub.fanOut.readers >= MAX_READERS) throw tooManyReaders();
      if (request.method === 'HEAD') return reply.header('content-type', 'text/event-stream; charset=utf-8').send();
      const isNatstream = defaultFormat === 'natstream';
      await answering.stream(request.raw.socket, reply.raw);
      if (request.raw.socket.destroyed) return reply.hijack();
      reply.hijack();
      hub.readers.sse++;
      hub.readers.sseTotal++;
      streamSse(request.raw, reply.raw, {
        fanOut: hub.fanOut,
        params,
        headers: origins.headers(request.headers),
        ...(isNatstream ? { greeting: greeting(hub.busStatus(), Date.now()) } : undefined),
        notices: isNatstream,
        onClose: () => {
          hub.readers.sse--;
        },
      });
      return reply;
    };
  const upgradeOnly: Handler = (request) => {
    throw new HttpError('upgrade_required', `${request.routeOptions.url} speaks WebSocket only`, {
      headers: { upgrade: 'websocket' },
    });
  };
  const health: Handler = () => hub.health();
  return {
    health,
    healthz: health,
    ready: (_request, reply) => {
      const readiness = hub.readiness();
      return reply.code(readiness.ready ? 200 : 503).send(readiness);
    },
    metrics: (request, reply) => (wantsText(request.headers.accept) ? sendPrometheus(hub, reply) : hub.metrics()),
    prometheus: (_request, reply) => sendPrometheus(hub, reply),
    stream: stream('fly'),
    ws: upgradeOnly,
    metricsWs: upgradeOnly,
    natstream: stream('natstream'),
    bufferStats: () => bufferStats(hub.buffer),
    ingestLogs: async (request, reply) => {
      const envelope = ingestEnvelope(request.query as Query);
      try {
        const { accepted, duplicate } = await hub.ingest.take({
          headers: request.headers,
          body: request.raw,
          envelope,
        });
        return { accepted, ...(duplicate ? { duplicate } : undefined) };
      } catch (error) {
        // The rest of a refused body is thrown away for a moment, or the answer would be lost to the reset of a closed
        // socket with unread bytes; for another request the connection is of no use.
        if (request.raw.complete || reply.raw.socket === null) throw error;
        reply.hijack();
        request.raw.resume();
        respondOnSocket(request.raw.socket, toHttpError(error, onFault), {
          ...SECURITY_HEADERS,
          ...origins.headers(request.headers),
        });
        return reply;
      }
    },
    signIn: async (request, reply) => {
      const body = await readSmall(request.raw, SESSION_BODY_MAX_BYTES);
      return signIn(hub, Object.assign(request, { body }), reply);
    },
    signOut: (request, reply) => signOut(hub, request, reply),
    openapi: () => describeApi(hub.version),
    root: (_request, reply) => reply.redirect('/ui/', 302),
    page: (request, reply) => page.send(request.url, reply),
  };
}

function upgradeRoutes(hub: HubApi, feed: MetricsFeed): ReadonlyMap<string, UpgradeRoute> {
  const logs: UpgradeRoute = (_request, search) => {
    let params: ReturnType<typeof parseLiveParams>;
    try {
      params = parseLiveParams(queryOf(search), undefined, 'fly', Date.now());
    } catch (error) {
      throw asHttpError(error);
    }
    if (hub.fanOut.readers >= MAX_READERS) throw tooManyReaders();
    return (peer, socket) => {
      hub.readers.ws++;
      hub.readers.wsTotal++;
      peer.socket.on('close', () => {
        hub.readers.ws--;
      });
      streamWs(peer, socket, { fanOut: hub.fanOut, params });
    };
  };
  const metrics: UpgradeRoute = () => {
    if (feed.watchers >= MAX_READERS) throw tooManyReaders();
    return (peer) => feed.serve(peer);
  };
  return new Map([
    [ROUTES.ws.path, logs],
    [ROUTES.metricsWs.path, metrics],
  ]);
}

function queryOf(search: URLSearchParams): Query {
  const query: Record<string, string | string[]> = Object.create(null);
  for (const name of new Set(search.keys())) {
    const values = search.getAll(name);
    query[name] = values.length === 1 ? values[0]! : values;
  }
  return query;
}

function lastEventId(request: FastifyRequest): string | undefined {
  const header = request.headers['last-event-id'];
  return header === undefined || header === '' ? undefined : String(header);
}

function tooManyReaders(): HttpError {
  return new HttpError('overloaded', `${MAX_READERS} readers are connected, as many as the hub takes`, {
    headers: { 'retry-after': '10' },
  });
}

/** Scrapers ask for text; browsers and curl for anything, and get JSON. */
function wantsText(accept: string | undefined): boolean {
  return accept !== undefined && /text\/plain|openmetrics/i.test(accept);
}

function sendPrometheus(hub: HubApi, reply: FastifyReply): FastifyReply {
  return reply.header('content-type', 'text/plain; version=0.0.4; charset=utf-8').send(renderPrometheus(hub.metrics()));
}

async function readSmall(body: Readable, maxBytes: number): Promise<string> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of arriving(body)) {
    bytes += piece.length;
    if (bytes > maxBytes) throw new HttpError('too_large', `the body is over the limit of ${maxBytes} bytes`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString('utf8');
}

/** 405 where the path is a route for other methods, else 404. */
function missing(request: FastifyRequest): HttpError {
  const path = request.url.split('?', 1)[0]!;
  const methods = (Object.values(ROUTES) as RouteDefinition[])
    .filter((route) => (route.path.endsWith('/*') ? path.startsWith(route.path.slice(0, -1)) : route.path === path))
    .map((route) => route.method);
  if (methods.length === 0)
    return new HttpError('not_found', `there is no ${path.slice(0, 200)}; GET /openapi.json lists the routes`);
  const allow = [...new Set(methods)].join(', ');
  return new HttpError('method_not_allowed', `${request.method} is not for ${path}; expected ${allow}`, {
    headers: { allow },
  });
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
