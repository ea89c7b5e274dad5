/**
 * Every route of the hub in one table: what it asks of its caller, and what it is. The server is built from it, 405
 * answers name its methods, and `/openapi.json` is made from it, so that the three cannot differ.
 */

import type { Access } from '../auth/auth.ts';

export interface RouteParameter {
  readonly name: string;
  readonly in: 'query' | 'header';
  readonly description: string;
}

export interface RouteDefinition {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly access: Access;
  readonly summary: string;
  readonly parameters?: readonly RouteParameter[];
  /** Media type of the answer. @defaultValue application/json */
  readonly produces?: string;
  readonly upgrade?: boolean;
  /** Statuses that are part of the contract: refusals besides 200, and a success in place of 200. */
  readonly statuses?: readonly number[];
}

const SELECTION: readonly RouteParameter[] = [
  { name: 'level', in: 'query', description: 'Minimum level: trace, debug, info, warn, error, fatal, or an alias.' },
  { name: 'app', in: 'query', description: 'App, or a comma list.' },
  { name: 'instance', in: 'query', description: 'Instance, or a comma list.' },
  { name: 'region', in: 'query', description: 'Region, or a comma list.' },
  { name: 'provider', in: 'query', description: 'Provider, or a comma list: app, runner, proxy, health, …' },
  { name: 'source', in: 'query', description: 'Logger or subsystem, or a comma list.' },
  { name: 'host', in: 'query', description: 'Host, or a comma list.' },
  {
    name: 'q',
    in: 'query',
    description: 'Filter language: words, "phrases", -not, and/or, (groups), field:value, field:>500, /regex/.',
  },
];

const LIVE: readonly RouteParameter[] = [
  ...SELECTION,
  { name: 'tail', in: 'query', description: 'Begin with the last N matching events, 0 to 10000.' },
  { name: 'since', in: 'query', description: 'Begin with events since a time or a duration ago such as 15m.' },
  { name: 'after', in: 'query', description: 'Resume after this event id.' },
  { name: 'format', in: 'query', description: 'fly, natstream, structured, logcore or flat.' },
];

const LAST_EVENT_ID: RouteParameter = {
  name: 'Last-Event-ID',
  in: 'header',
  description: 'Resume after this event id; wins over `after`.',
};

export const ROUTES = {
  health: {
    method: 'GET',
    path: '/health',
    access: 'open',
    summary: 'Whether the process works, with a few figures; 200 also while a source is away.',
  },
  healthz: { method: 'GET', path: '/healthz', access: 'open', summary: 'The same, under Kubernetes’ name.' },
  ready: {
    method: 'GET',
    path: '/ready',
    access: 'open',
    summary: '200 while every configured source is connected and receiving, else 503; names each part and its state.',
    statuses: [503],
  },
  metrics: {
    method: 'GET',
    path: '/metrics',
    access: 'read',
    summary:
      'Figures of hub and machine as JSON; Prometheus text where Accept asks for text/plain or openmetrics. Open with METRICS_PUBLIC.',
  },
  prometheus: {
    method: 'GET',
    path: '/metrics/prometheus',
    access: 'read',
    produces: 'text/plain',
    summary: 'Figures in Prometheus’ text format. Open with METRICS_PUBLIC.',
  },
  stream: {
    method: 'GET',
    path: '/logs/stream',
    access: 'read',
    produces: 'text/event-stream',
    summary: 'Live events over SSE, in the fly form unless `format` says otherwise, with ids to resume from.',
    parameters: [...LIVE, LAST_EVENT_ID],
    statuses: [503],
  },
  ws: {
    method: 'GET',
    path: '/logs/ws',
    access: 'read',
    upgrade: true,
    summary: 'Live events over WebSocket, one a text frame.',
    parameters: [
      ...LIVE,
      {
        name: 'control',
        in: 'query',
        description: '1 adds cursor frames, `{"type":"cursor","id":"…"}`, after each burst and while quiet.',
      },
    ],
    statuses: [101, 426, 503],
  },
  metricsWs: {
    method: 'GET',
    path: '/metrics/ws',
    access: 'read',
    upgrade: true,
    summary: 'Figures over WebSocket: a frame at once and one each second.',
    statuses: [101, 426, 503],
  },
  natstream: {
    method: 'GET',
    path: '/api/logs',
    access: 'read',
    produces: 'text/event-stream',
    summary: 'Live events over SSE in natstream’s form, with system and error events about the bus.',
    parameters: [...LIVE, LAST_EVENT_ID],
    statuses: [503],
  },
  bufferStats: { method: 'GET', path: '/logs/buffer/stats', access: 'read', summary: 'What the memory holds.' },
  ingestLogs: {
    method: 'POST',
    path: '/ingest/logs',
    access: 'write',
    summary: 'Takes a batch of events: a JSON object or array, NDJSON or plain lines; gzip, deflate, br or zstd.',
    parameters: [
      {
        name: 'Batch-Id',
        in: 'header',
        description: 'A batch with an id that was taken before is answered again and not taken again.',
      },
      ...(['app', 'instance', 'region', 'host', 'provider', 'source'] as const).map(
        (name): RouteParameter => ({
          name,
          in: 'query',
          description: `The ${name} of lines that do not say it themselves.`,
        }),
      ),
    ],
    statuses: [413, 415, 503],
  },
  signIn: {
    method: 'POST',
    path: '/session',
    access: 'open',
    summary: 'Exchanges `{"token": "…"}` for a cookie.',
    statuses: [400, 401, 403, 413],
  },
  signOut: {
    method: 'DELETE',
    path: '/session',
    access: 'open',
    summary: 'Ends the cookie’s session.',
    statuses: [204],
  },
  openapi: { method: 'GET', path: '/openapi.json', access: 'read', summary: 'This description.' },
  root: {
    method: 'GET',
    path: '/',
    access: 'open',
    produces: 'text/html',
    summary: 'Leads to the page.',
    statuses: [302],
  },
  page: {
    method: 'GET',
    path: '/ui/*',
    access: 'open',
    produces: 'text/html',
    summary: 'The page and its files.',
    statuses: [404],
  },
} as const satisfies Record<string, RouteDefinition>;

export type RouteName = keyof typeof ROUTES;
