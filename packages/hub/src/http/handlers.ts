/** What each route answers, in the order of the route table. Streams take their sockets over; see `live-sse.ts`. */

import type { FastifyReply, FastifyRequest } from 'fastify';
import { HttpError } from '../errors.ts';
import type { BodyRequest } from '../ingest/http/body-reader.ts';
import { MAX_READERS, SESSION_BODY_MAX_BYTES } from '../limits.ts';
import { renderPrometheus } from '../metrics/hub-metrics.ts';
import { AgentFiles } from './agent-files.ts';
import { createAgentRoutes } from './agent-routes.ts';
import type { Answering } from './answering.ts';
import { bufferStats } from './buffer-stats.ts';
import { createChatRoutes } from './chat-routes.ts';
import type { Origins } from './cors.ts';
import { createFleetRoutes } from './fleet-routes.ts';
import { createHistoryRoutes } from './history-routes.ts';
import type { HubApi } from './hub-api.ts';
import { ingestEnvelope } from './ingest-params.ts';
import { parseLiveParams, type Query } from './live-params.ts';
import { SSE_HEADERS, streamSse } from './live-sse.ts';
import { createMcpRoutes } from './mcp-routes.ts';
import { greeting } from './natstream.ts';
import { describeApi } from './openapi.ts';
import type { Page } from './page.ts';
import { createPatternRoutes } from './pattern-routes.ts';
import { readSmall } from './read-small.ts';
import { respondOnSocket, SECURITY_HEADERS, toHttpError } from './respond.ts';
import type { RouteName } from './routes.ts';
import { signIn, signOut } from './session-routes.ts';
import { createSnapshotRoutes } from './snapshot-routes.ts';

export type Handler = (request: FastifyRequest, reply: FastifyReply) => unknown;

const toPage: Handler = (_request, reply) => reply.redirect('/ui/', 302);

export function createHandlers(
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
      if (request.method === 'HEAD') return reply.headers(SSE_HEADERS).send();
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
  const ingest =
    (
      take: (
        request: FastifyRequest,
        body: BodyRequest,
      ) => Promise<{ readonly accepted: number; readonly duplicate: boolean }>,
    ): Handler =>
    async (request, reply) => {
      try {
        const { accepted, duplicate } = await take(request, { headers: request.headers, body: request.raw });
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
    status: () => hub.status(),
    prometheus: (_request, reply) => sendPrometheus(hub, reply),
    stream: stream('fly'),
    ws: upgradeOnly,
    metricsWs: upgradeOnly,
    natstream: stream('natstream'),
    bufferStats: () => bufferStats(hub.buffer),
    ...createHistoryRoutes(hub.history),
    ...createPatternRoutes(hub.history),
    ...createSnapshotRoutes(hub.snapshots),
    ...createFleetRoutes(hub.fleet, hub.overviews),
    ingestLogs: ingest((request, body) =>
      hub.ingest.take({ ...body, envelope: ingestEnvelope(request.query as Query) }),
    ),
    ingestMetrics: ingest((_request, body) =>
      hub.rows.take('metrics', body, (texts, batchId) => hub.fleet.take('metrics', texts, batchId)),
    ),
    ingestChecks: ingest((_request, body) =>
      hub.rows.take('checks', body, (texts, batchId) => hub.fleet.take('checks', texts, batchId)),
    ),
    ...createChatRoutes(hub.chat, hub.usage, { origins, onFault }),
    ...createMcpRoutes(hub.mcp, { origins, onFault }),
    ...createAgentRoutes(hub.agents, new AgentFiles(hub.agentFolder)),
    signIn: async (request, reply) => {
      const body = await readSmall(request.raw, SESSION_BODY_MAX_BYTES);
      return signIn(hub, body, request, reply);
    },
    signOut: (request, reply) => signOut(hub, request, reply),
    openapi: () => describeApi(hub.version),
    root: toPage,
    pageRoot: toPage,
    page: (request, reply) => page.send(request.url, reply),
  };
}

function lastEventId(request: FastifyRequest): string | undefined {
  const header = request.headers['last-event-id'];
  return header === undefined || header === '' ? undefined : String(header);
}

export function tooManyReaders(): HttpError {
  return new HttpError('overloaded', `${MAX_READERS} readers are connected, as many as the hub takes`, {
    headers: { 'retry-after': '10' },
  });
}

/** Scrapers ask for text; who takes JSON or anything, as browsers, curl and HTTP libraries do, gets JSON. */
function wantsText(accept: string | undefined): boolean {
  return accept !== undefined && /text\/plain|openmetrics/i.test(accept) && !/application\/json/i.test(accept);
}

function sendPrometheus(hub: HubApi, reply: FastifyReply): FastifyReply {
  return reply.header('content-type', 'text/plain; version=0.0.4; charset=utf-8').send(renderPrometheus(hub.metrics()));
}
