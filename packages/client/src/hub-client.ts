/** A hub, as its users see it: one address and one token, and a method for each thing that can be asked of it. */

import {
  ANY_OBJECT,
  BUFFER_STATS,
  type BufferStats,
  HEALTH,
  type HealthReport,
  INGESTED,
  type IngestResult,
  METRICS,
  type MetricsReport,
  parseAnswer,
  type ReadyReport,
  type Shape,
} from './answers.ts';
import { askChat, type ChatEvent, type ChatQuestion } from './chat.ts';
import { Connection, type ConnectionOptions, type HubRequest } from './connection.ts';
import { type HistoryOptions, type HistoryPage, readHistory } from './history.ts';
import { PATTERNS, type PatternReport, type PatternsOptions, patternParams } from './patterns.ts';
import { createTail, readHead, type Tail } from './tail.ts';
import type { HubTailOptions } from './tail-options.ts';
import { systemTimers } from './timers.ts';

export interface HubClientOptions extends ConnectionOptions {
  /** How long an answer may take until it is whole, in milliseconds. Not for tails. @defaultValue 10000 */
  readonly timeoutMs?: number | undefined;
}

export interface CallOptions {
  /** Ends the call; it rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** Parameters of a request. */
export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

export interface IngestOptions extends CallOptions {
  /** Name of this batch: the hub takes each name once, so that a retry with the same one is harmless. */
  readonly batchId?: string | undefined;
}

/**
 * Calls reject with a {@link HubError} where the hub says no and with a {@link HubUnreachableError} where nobody answers;
 * none is tried twice. A {@link tail} looks after itself.
 */
export interface HubClient {
  /** Follows the live stream. */
  tail(options?: HubTailOptions): Tail;
  /**
   * Where the stream is now, as an id: what arrived up to it is all in history, what follows is all in a tail with
   * `after: id`. So nothing is missing between the two, and nothing is in both. Takes the options of a connection alone.
   */
  head(options?: Pick<HubTailOptions, 'signal' | 'firstConnectTimeoutMs'>): Promise<string>;
  /** Pages of history, until there are no more; see {@link HistoryOptions}. */
  history(options?: HistoryOptions): AsyncGenerator<HistoryPage, void, undefined>;
  /** Sends lines: texts, or objects that the hub reads as structured lines. Resolves once they survive a crash. */
  ingest(lines: readonly (string | object)[], options?: IngestOptions): Promise<IngestResult>;
  /** Whether the process works. Needs no token. */
  health(options?: CallOptions): Promise<HealthReport>;
  /** Whether every source is connected. A hub that is not ready is an answer, not an error. Needs no token. */
  ready(options?: CallOptions): Promise<ReadyReport>;
  metrics(options?: CallOptions): Promise<MetricsReport>;
  /** What the ring in memory holds. */
  bufferStats(options?: CallOptions): Promise<BufferStats>;
  /**
   * Asks any route that answers with JSON, `get('logs/facets', { field: 'app' })`; a parameter that is undefined is left out.
   * The answer is as the hub gave it: what it promises is in its HTTP documentation.
   */
  get(path: string, query?: Query, options?: CallOptions): Promise<unknown>;
  /** Posts to any route that answers with JSON; without a body where there is none to send. */
  post(path: string, body?: object, options?: CallOptions): Promise<unknown>;
  /**
   * Asks the hub's assistant. Gives what happens as it arrives, some events at a time, `done` with the whole answer last; it fails
   * as calls do, also on the way. Leaving the loop, or the signal, stops the hub's work on it.
   */
  chat(question: ChatQuestion, options?: CallOptions): AsyncIterable<readonly ChatEvent[]>;
  /**
   * Hands a message of the Model Context Protocol on to the hub's tools, as JSON. The answer is one line of JSON, and empty where
   * the message asks for none.
   */
  mcp(message: string, options?: CallOptions): Promise<string>;
  /** Messages grouped into patterns, and what has changed in them beside a baseline. */
  patterns(options?: PatternsOptions): Promise<PatternReport>;
  /** Deletes what a route stands for; resolves when it is gone. */
  delete(path: string, options?: CallOptions): Promise<void>;
  /** Trades the token for a cookie that the browser keeps; a client without `token` uses it from then on. */
  signIn(token: string, options?: CallOptions): Promise<void>;
  signOut(options?: CallOptions): Promise<void>;
}

/** A probe that takes longer than this has failed for whoever waits for it. */
const TIMEOUT_MS = 10_000;

/** A client for one hub. Nothing is sent before a method is called. */
export function createHubClient(options: HubClientOptions = {}): HubClient {
  const connection = new Connection(options);
  const { timeoutMs = TIMEOUT_MS } = options;
  if (!(timeoutMs > 0 && timeoutMs < 2 ** 31)) {
    throw new TypeError(`timeoutMs: expected milliseconds from 1 to ${2 ** 31 - 1}, not ${timeoutMs}`);
  }
  const call = (request: HubRequest, { signal }: CallOptions = {}, accept: readonly number[] = []) =>
    connection.call(request, { timers: systemTimers, timeoutMs, signal, accept });

  async function ask<T>(shape: Shape, request: HubRequest, options: CallOptions | undefined): Promise<T> {
    const { status, text } = await call({ ...request, headers: { ...JSON_WANTED, ...request.headers } }, options);
    const answer = parseAnswer(text, shape);
    if (typeof answer === 'string') throw connection.unexpected({ status }, request, answer);
    return answer as T;
  }

  async function askAny(request: HubRequest, options: CallOptions | undefined): Promise<unknown> {
    const { status, text } = await call({ ...request, headers: { ...JSON_WANTED, ...request.headers } }, options);
    try {
      return JSON.parse(text);
    } catch {
      throw connection.unexpected({ status }, request, 'something that is not JSON');
    }
  }

  return {
    tail: (options = {}) => createTail(connection, options),
    head: (options = {}) => readHead(connection, options),
    history: (options = {}) => readHistory(connection, options, { timers: systemTimers, timeoutMs }),
    async ingest(lines, options) {
      const headers: Record<string, string> = { ...JSON_SENT };
      if (options?.batchId !== undefined) headers['Batch-Id'] = options.batchId;
      // An array and not NDJSON: a text with a line break in it stays one event.
      const body = JSON.stringify(lines);
      return ask<IngestResult>(INGESTED, { method: 'POST', path: 'ingest/logs', headers, body }, options);
    },
    health: (options) => ask<HealthReport>(HEALTH, { path: 'health' }, options),
    metrics: (options) => ask<MetricsReport>(METRICS, { path: 'metrics' }, options),
    bufferStats: (options) => ask<BufferStats>(BUFFER_STATS, { path: 'logs/buffer/stats' }, options),
    async ready(options) {
      const request = { path: 'ready', headers: JSON_WANTED };
      const { status, text } = await call(request, options, [503]);
      const report = parseAnswer(text, ANY_OBJECT);
      // The 503 of a proxy has a page and no parts: that is not the hub's answer.
      if (typeof report === 'string') throw connection.unexpected({ status }, request, report);
      return { ready: status !== 503, report };
    },
    get: (path, query, options) => askAny({ path: relative(path), query: searchOf(query) }, options),
    post(path, body, options) {
      const request: HubRequest = { method: 'POST', path: relative(path) };
      if (body === undefined) return askAny(request, options);
      return askAny({ ...request, headers: JSON_SENT, body: JSON.stringify(body) }, options);
    },
    chat: (question, { signal } = {}) => askChat(connection, question, { signal, timers: systemTimers, timeoutMs }),
    async mcp(message, options) {
      const request: HubRequest = { method: 'POST', path: 'mcp', headers: MCP_SENT, body: message };
      return (await call(request, options)).text.trim().replaceAll('\n', ' ');
    },
    patterns: ({ signal, ...asked } = {}) =>
      ask<PatternReport>(PATTERNS, { path: 'logs/patterns', query: patternParams(asked) }, { signal }),
    async delete(path, options) {
      await call({ method: 'DELETE', path: relative(path) }, options);
    },
    async signIn(token, options) {
      await call({ method: 'POST', path: 'session', headers: JSON_SENT, body: JSON.stringify({ token }) }, options);
    },
    async signOut(options) {
      await call({ method: 'DELETE', path: 'session' }, options);
    },
  };
}

/** Routes are below the hub's address, which may have a path of its own: a slash at the beginning would lead out of it. */
function relative(path: string): string {
  return path.replace(/^\/+/, '');
}

function searchOf(query: Query = {}): URLSearchParams {
  const given = Object.entries(query).filter(([, value]) => value !== undefined);
  return new URLSearchParams(given.map(([name, value]) => [name, String(value)]));
}

const JSON_SENT: Readonly<Record<string, string>> = { 'Content-Type': 'application/json' };

/** Both, as the protocol has it: the hub chooses JSON. */
const MCP_SENT: Readonly<Record<string, string>> = { ...JSON_SENT, Accept: 'application/json, text/event-stream' };

/** Without it `/metrics` might answer in Prometheus' text. */
const JSON_WANTED: Readonly<Record<string, string>> = { Accept: 'application/json' };
