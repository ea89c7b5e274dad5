/**
 * The line of a request, the same whatever framework answers it: seed 004's method, path, statusCode, duration, userId,
 * requestId, and the level by the status. It stands on Node's own request and response, below every framework, so that
 * what a guard rejects, a body parser refuses, no route takes or a client gives up is logged like all else, when it has
 * ended.
 */

import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Fields, Level } from '@flywatch/core';
import { isError } from '../encoding/is-error.ts';
import { cutText } from '../encoding/quote.ts';
import { MAX_ID_CHARS } from '../limits.ts';
import type { Logger } from '../logger.ts';
import { fieldsOfTraceparent } from '../open-telemetry.ts';
import { processWide } from '../process-wide.ts';
import { type QueryMode, shownPath } from './shown-path.ts';

export interface HttpLogOptions {
  /** What is shown of the query string. @defaultValue 'names' */
  readonly query?: QueryMode | undefined;
  /**
   * Who asked: given the framework's request where there is one, else Node's.
   * @defaultValue `id`, `sub` or `userId` of its `user`, as Passport and most guards leave it; `anon` where there is none
   */
  readonly userId?: ((request: unknown) => string | number | undefined) | undefined;
  /** Requests without a line: those of health checks, say. */
  readonly skip?: ((request: IncomingMessage) => boolean) | undefined;
}

/** A request that is being answered. */
export interface Exchange {
  /** Fields of each line that is logged while it is answered. */
  readonly context: Fields;
  /** The framework's own request, where it has one. */
  frameworkRequest: unknown;
  /** What was thrown while it was answered. */
  error: unknown;
}

/**
 * On the request itself, under a name that every copy of this package knows: whoever comes second finds it, and one
 * line is written.
 */
const EXCHANGE = Symbol.for('@flywatch/logger/exchange');

/** nginx's status for a client that went away before it had an answer. */
export const CLIENT_GONE = 499;

/** Ids that others gave: nothing that breaks out of a line or fills it. */
const REQUEST_ID = /^[\w.:@/+=-]{1,128}$/;

export class HttpLog {
  readonly #logger: Logger;
  readonly #options: HttpLogOptions;

  constructor(logger: Logger, options: HttpLogOptions = {}) {
    this.#logger = logger;
    this.#options = options;
  }

  /** Watches a request; the same exchange again where that is done already. */
  begin(request: IncomingMessage, response: ServerResponse): Exchange {
    const known = exchangeOf(request);
    if (known !== undefined) return known;
    const exchange = createExchange(request);
    if (this.isSkipped(request)) return exchange;
    const startedMs = performance.now();
    // Routers change `url` on their way.
    const url = (request as { originalUrl?: string }).originalUrl ?? request.url ?? '/';
    let hasEnded = false;
    const end = (isAborted: boolean) => {
      if (hasEnded) return;
      hasEnded = true;
      const statusCode = isAborted && !response.headersSent ? CLIENT_GONE : response.statusCode;
      const ms = performance.now() - startedMs;
      this.write({ method: request.method ?? '', url, statusCode, ms, exchange, isAborted });
    };
    response.once('finish', () => end(false));
    response.once('close', () => end(true));
    return exchange;
  }

  /** The line of what has ended. */
  write(ended: Ended): void {
    const { method, url, statusCode, ms, exchange, isAborted } = ended;
    const path = shownPath(url, this.#options.query ?? 'names');
    const duration = Math.round(ms);
    const { context } = exchange;
    const fields: Fields = {
      method,
      path,
      statusCode,
      duration,
      userId: context.userId ?? this.#userId(exchange.frameworkRequest),
      ...(isAborted ? { aborted: true } : undefined),
      ...ended.extra,
    };
    const { error } = exchange;
    const why = isError(error) && error.message !== '' ? ` - ${error.message}` : '';
    const message = `${method} ${path} ${statusCode} ${duration}ms${isAborted ? ' aborted' : ''}${why}`;
    const level = levelOf(statusCode, isAborted);
    // A trace for what went wrong in the app; what it refused itself is no news.
    const thrown = level === 'error' && isError(error) ? error : undefined;
    // In this context and no other: events of a kept connection may come in that of an earlier request.
    processWide().contexts.run(context, () => this.#logger.log(level, message, fields, thrown));
  }

  /** Whether the app wants no line of it. */
  isSkipped(request: IncomingMessage): boolean {
    try {
      return this.#options.skip?.(request) === true;
    } catch {
      // Somebody else's function: better a line too many than a request that fails.
      return false;
    }
  }

  #userId(request: unknown): string {
    try {
      const { userId = defaultUserId } = this.#options;
      const found = userId(request);
      return found === undefined || found === null || found === '' ? 'anon' : cutText(String(found), MAX_ID_CHARS);
    } catch {
      // As above.
      return 'anon';
    }
  }
}

/** A request or a socket that has ended. */
export interface Ended {
  readonly method: string;
  readonly url: string;
  readonly statusCode: number;
  readonly ms: number;
  readonly exchange: Exchange;
  readonly isAborted: boolean;
  readonly extra?: Fields | undefined;
}

/** An exchange that stands on the request from now on; ids are those of the client, or new ones. */
export function createExchange(request: IncomingMessage): Exchange {
  const { headers } = request;
  const given = headers['x-request-id'];
  const requestId = typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID();
  const context = { requestId, ...fieldsOfTraceparent(textOf(headers.traceparent)) };
  const exchange: Exchange = { context, frameworkRequest: request, error: undefined };
  (request as { [EXCHANGE]?: Exchange })[EXCHANGE] = exchange;
  return exchange;
}

/** What is known of a request that is watched. */
export function exchangeOf(request: object): Exchange | undefined {
  return (request as { [EXCHANGE]?: Exchange })[EXCHANGE];
}

function levelOf(statusCode: number, isAborted: boolean): Level {
  if (statusCode >= 500) return 'error';
  return statusCode >= 400 || isAborted ? 'warn' : 'info';
}

const USER_KEYS = ['id', 'sub', 'userId'] as const;

function defaultUserId(request: unknown): string | number | undefined {
  const { user } = (request ?? {}) as { user?: Readonly<Record<string, unknown>> | null };
  for (const key of USER_KEYS) {
    const value = user?.[key];
    if (typeof value === 'string' || typeof value === 'number') return value;
  }
  return undefined;
}

function textOf(header: string | string[] | undefined): string | undefined {
  return typeof header === 'string' ? header : undefined;
}
