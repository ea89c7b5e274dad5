/**
 * Every route of the hub in one table: what it asks of its caller, and what it is. The server is built from it, 405
 * answers name its methods, and `/openapi.json` is made from it, so that the three cannot differ.
 */

import type { Access } from '../auth/auth.ts';
import { BATCH_ID, FLEET, LAST_EVENT_ID, LIVE, PAST, type RouteParameter } from './route-parameters.ts';

export interface RouteDefinition {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly access: Access;
  readonly summary: string;
  readonly parameters?: readonly RouteParameter[];
  /** Media types of the body that it takes, the usual one first. */
  readonly takes?: readonly string[];
  /** Media types of the answer. @defaultValue application/json */
  readonly produces?: readonly string[];
  readonly upgrade?: boolean;
  /** Statuses that are part of the contract: refusals besides 200, and a success in place of 200. */
  readonly statuses?: readonly number[];
}

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
    produces: ['application/json', 'text/plain'],
    summary:
      'Figures of hub and machine as JSON; Prometheus text where Accept asks for text/plain or openmetrics. Open with METRICS_PUBLIC.',
  },
  prometheus: {
    method: 'GET',
    path: '/metrics/prometheus',
    access: 'read',
    produces: ['text/plain'],
    summary: 'Figures in Prometheus’ text format. Open with METRICS_PUBLIC.',
  },
  status: {
    method: 'GET',
    path: '/status',
    access: 'read',
    summary: 'How sources, ring, store and readers are, what was lost, and versions: what the status page shows.',
  },
  stream: {
    method: 'GET',
    path: '/logs/stream',
    access: 'read',
    produces: ['text/event-stream'],
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
    produces: ['text/event-stream'],
    summary: 'Live events over SSE in natstream’s form, with system and error events about the bus.',
    parameters: [...LIVE, LAST_EVENT_ID],
    statuses: [503],
  },
  bufferStats: { method: 'GET', path: '/logs/buffer/stats', access: 'read', summary: 'What the memory holds.' },
  history: {
    method: 'GET',
    path: '/logs/history',
    access: 'read',
    summary: 'Events of the past, in pages that lose and repeat nothing while more arrive.',
    parameters: [
      ...PAST,
      { name: 'order', in: 'query', description: 'desc (newest first, the default) or asc.' },
      { name: 'limit', in: 'query', description: 'Events of a page, 1 to 1000; 100 by default.' },
      { name: 'cursor', in: 'query', description: 'The `next_cursor` of the page before.' },
      {
        name: 'before',
        in: 'query',
        description: 'Flywatch 0’s way: the events before a time, oldest first, with `timestamp` and `raw`.',
      },
      {
        name: 'after',
        in: 'query',
        description: 'Events that arrived after this event id, as the `url` of a gap has it.',
      },
      { name: 'until', in: 'query', description: 'Events that arrived up to this event id.' },
      { name: 'raw', in: 'query', description: 'true adds the payload as it came, under `raw`.' },
    ],
    statuses: [503],
  },
  histogram: {
    method: 'GET',
    path: '/logs/histogram',
    access: 'read',
    summary: 'Counts by level over time.',
    parameters: [
      ...PAST,
      {
        name: 'interval',
        in: 'query',
        description: 'Width of a bucket, such as 30s or 1h; by default the smallest round step that gives at most 200.',
      },
    ],
    statuses: [503],
  },
  facets: {
    method: 'GET',
    path: '/logs/facets',
    access: 'read',
    summary: 'Values of labels and fields, with their counts.',
    parameters: [
      ...PAST,
      {
        name: 'field',
        in: 'query',
        description: 'Fields, as a comma list; app, instance, region, level, provider and source by default.',
      },
      { name: 'limit', in: 'query', description: 'Values of a field, 1 to 1000; 100 by default.' },
    ],
    statuses: [503],
  },
  fields: {
    method: 'GET',
    path: '/logs/fields',
    access: 'read',
    summary: 'Which fields lines have, labels among them, with their types and frequent values.',
    parameters: [...PAST, { name: 'limit', in: 'query', description: 'Fields at most, 1 to 1000; 100 by default.' }],
    statuses: [503],
  },
  context: {
    method: 'GET',
    path: '/logs/context',
    access: 'read',
    summary: 'The lines around one.',
    parameters: [
      { name: 'id', in: 'query', description: 'The event.' },
      {
        name: 'scope',
        in: 'query',
        description: 'Which lines: of the same instance (the default), app, request, or all.',
      },
      { name: 'before', in: 'query', description: 'Lines before it, 0 to 500; 20 by default.' },
      { name: 'after', in: 'query', description: 'Lines after it, 0 to 500; 20 by default.' },
    ],
    statuses: [404, 503],
  },
  exportLogs: {
    method: 'GET',
    path: '/logs/export',
    access: 'read',
    produces: ['application/x-ndjson', 'application/json', 'text/csv'],
    summary: 'Events as a file, oldest first.',
    parameters: [
      ...PAST,
      { name: 'format', in: 'query', description: 'ndjson (the default), json or csv.' },
      { name: 'raw', in: 'query', description: 'true adds the payload as it came, under `raw`; not in CSV.' },
    ],
    statuses: [503],
  },
  levels: {
    method: 'GET',
    path: '/logs/levels',
    access: 'read',
    summary: 'The last events of each level, newest first.',
    parameters: [...PAST, { name: 'n', in: 'query', description: 'Events of each level, 1 to 1000; 10 by default.' }],
    statuses: [503],
  },
  patterns: {
    method: 'GET',
    path: '/logs/patterns',
    access: 'read',
    summary: 'Messages grouped into patterns, and what has changed in them.',
    parameters: [
      ...PAST,
      {
        name: 'baseline',
        in: 'query',
        description:
          'Compares with the stretch of this length before `from`, such as 1h: what is new, grown, fallen or gone.',
      },
      { name: 'sort', in: 'query', description: 'count, or change (the default with a baseline).' },
      { name: 'limit', in: 'query', description: 'Patterns at most, 1 to 1000; 100 by default.' },
    ],
    statuses: [503],
  },
  summary: {
    method: 'GET',
    path: '/logs/summary',
    access: 'read',
    summary: 'Counts by level, and errors that are alike as one, newest first.',
    parameters: [...PAST, { name: 'limit', in: 'query', description: 'Errors at most, 1 to 100; 10 by default.' }],
    statuses: [503],
  },
  searchLogs: {
    method: 'GET',
    path: '/api/logs/search',
    access: 'read',
    summary: 'Observ’s search: events with a text in their message, newest first.',
    parameters: [
      { name: 'query', in: 'query', description: 'The text, in any case.' },
      { name: 'hours', in: 'query', description: 'Hours to look back, 1 to 168; 24 by default.' },
      ...FLEET,
    ],
    statuses: [503],
  },
  recentLogs: {
    method: 'GET',
    path: '/api/logs/recent',
    access: 'read',
    summary: 'Observ’s newest events.',
    parameters: FLEET,
    statuses: [503],
  },
  fleetSummary: {
    method: 'GET',
    path: '/api/fleet/summary',
    access: 'read',
    summary: 'Observ’s overview: the newest figures of each app on each host, those heard of last first.',
    parameters: [{ name: 'details', in: 'query', description: 'true adds what else agents know, under `details`.' }],
    statuses: [503],
  },
  fleetOverview: {
    method: 'GET',
    path: '/api/fleet/overview',
    access: 'read',
    summary: 'Every host and every app on Fly, what is wrong with it and how it has been, trouble first.',
    parameters: [{ name: 'hours', in: 'query', description: 'Hours to look back, 1 to 168; 1 by default.' }],
  },
  hostMetrics: {
    method: 'GET',
    path: '/api/vps/:vps/metrics',
    access: 'read',
    summary: 'Figures of a host, oldest first.',
    parameters: [
      { name: 'vps', in: 'path', description: 'Name of the host.' },
      { name: 'hours', in: 'query', description: 'Hours to look back, 1 to 168; 24 by default.' },
    ],
    statuses: [503],
  },
  hostSeries: {
    method: 'GET',
    path: '/api/vps/:vps/series',
    access: 'read',
    summary: 'Curves of a host and of its checks: least, most and mean per bucket, and when it was silent.',
    parameters: [
      { name: 'vps', in: 'path', description: 'Name of the host.' },
      {
        name: 'from',
        in: 'query',
        description: 'From this time on (RFC 3339, Unix time, duration ago); 1h by default.',
      },
      { name: 'to', in: 'query', description: 'Up to this time; now by default.' },
      { name: 'points', in: 'query', description: 'Buckets to aim at, 10 to 2,000; 300 by default.' },
    ],
    statuses: [503],
  },
  hostHealth: {
    method: 'GET',
    path: '/api/vps/:vps/health',
    access: 'read',
    summary: 'Results of the checks on a host, newest first.',
    parameters: [
      { name: 'vps', in: 'path', description: 'Name of the host.' },
      { name: 'hours', in: 'query', description: 'Hours to look back, 1 to 168; 24 by default.' },
      { name: 'details', in: 'query', description: 'true adds what else was measured, under `details`.' },
    ],
    statuses: [503],
  },
  listSnapshots: {
    method: 'GET',
    path: '/snapshots',
    access: 'read',
    summary: 'Snapshots of the hub’s state, newest first.',
    parameters: [{ name: 'limit', in: 'query', description: 'Snapshots at most, 1 to 1000; 100 by default.' }],
    statuses: [503],
  },
  takeSnapshot: {
    method: 'POST',
    path: '/snapshots',
    access: 'read',
    summary: 'Takes a snapshot now.',
    statuses: [201, 503],
  },
  readSnapshot: {
    method: 'GET',
    path: '/snapshots/:id',
    access: 'read',
    summary: 'One snapshot.',
    parameters: [{ name: 'id', in: 'path', description: 'Its id.' }],
    statuses: [404, 503],
  },
  ingestLogs: {
    method: 'POST',
    path: '/ingest/logs',
    access: 'write',
    takes: ['application/json', 'application/x-ndjson', 'text/plain', 'application/vnd.flywatch.sections'],
    summary: 'Takes a batch of events: a JSON object or array, NDJSON or plain lines; gzip, deflate, br or zstd.',
    parameters: [
      BATCH_ID,
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
  ingestMetrics: {
    method: 'POST',
    path: '/ingest/metrics',
    access: 'write',
    takes: ['application/json', 'application/x-ndjson'],
    summary: 'Takes figures of hosts, rows with Observ’s columns and more: a JSON object or array, or NDJSON.',
    parameters: [BATCH_ID],
    statuses: [413, 415, 503],
  },
  ingestChecks: {
    method: 'POST',
    path: '/ingest/checks',
    access: 'write',
    takes: ['application/json', 'application/x-ndjson'],
    summary: 'Takes results of checks, in the same way.',
    parameters: [BATCH_ID],
    statuses: [413, 415, 503],
  },
  enrolAgent: {
    method: 'POST',
    path: '/agents',
    access: 'read',
    takes: ['application/json'],
    summary: 'Makes a token of its own for a host, which may write and nothing else, and the line to type there.',
    statuses: [201, 400, 409, 413, 503],
  },
  listAgents: {
    method: 'GET',
    path: '/agents',
    access: 'read',
    summary: 'Hosts that have a token, those enrolled last first.',
  },
  revokeAgent: {
    method: 'DELETE',
    path: '/agents/:id',
    access: 'read',
    summary: 'Takes the token of a host back, at once.',
    parameters: [{ name: 'id', in: 'path', description: 'Its id.' }],
    statuses: [204, 404, 503],
  },
  agentFile: {
    method: 'GET',
    path: '/agent/:platform',
    access: 'open',
    produces: ['application/octet-stream'],
    summary: 'The agent as one file, for hosts to fetch.',
    parameters: [{ name: 'platform', in: 'path', description: '`linux-` and what `uname -m` says.' }],
    statuses: [404, 503],
  },
  chat: {
    method: 'POST',
    path: '/chat',
    access: 'read',
    summary:
      'Asks the assistant: `{"message": "…"}`, with `conversation_id` or in place of it `messages`; streamed where Accept asks for text/event-stream.',
    statuses: [400, 404, 413, 429, 502, 503, 504],
  },
  mcp: {
    method: 'POST',
    path: '/mcp',
    access: 'read',
    summary: 'The assistant’s tools over the Model Context Protocol, streamable HTTP without sessions.',
    statuses: [400, 413],
  },
  usage: { method: 'GET', path: '/usage', access: 'read', summary: 'What all questions have used.' },
  signIn: {
    method: 'POST',
    path: '/session',
    access: 'open',
    takes: ['application/json'],
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
    produces: ['text/html'],
    summary: 'Leads to the page.',
    statuses: [302],
  },
  pageRoot: {
    method: 'GET',
    path: '/ui',
    access: 'open',
    produces: ['text/html'],
    summary: 'Leads to the page, as `/` does.',
    statuses: [302],
  },
  page: {
    method: 'GET',
    path: '/ui/*',
    access: 'open',
    produces: ['text/html'],
    summary: 'The page and its files.',
    statuses: [404],
  },
} as const satisfies Record<string, RouteDefinition>;

export type RouteName = keyof typeof ROUTES;
