/** Who may read an app's log: judged before the handshake, with an ordinary HTTP answer where not. */

import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { type Level, ParameterError, parseSelection } from '@flywatch/core';
import { MAX_FEED_LINES } from '../limits.ts';

export interface AdmissionOptions {
  /**
   * Who has it may read. Without a token and without `authorize`, readers on this machine are let in and no others.
   */
  readonly token?: string | undefined;
  /** Decides by the request where no token was right: by the session of the app, say. */
  readonly authorize?: ((request: IncomingMessage) => boolean | Promise<boolean>) | undefined;
  /** Origins of pages that may read besides the app's own: `https://admin.example.org`. */
  readonly origins?: readonly string[] | undefined;
}

/** A handshake that is refused. */
export class Refusal extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.name = 'Refusal';
    this.status = status;
    this.code = code;
  }
}

/** What a reader asked for. */
export interface ReaderParams {
  readonly level: Level | undefined;
  readonly sources: readonly string[];
  readonly tail: number;
  /** Run and number of the line to go on after. */
  readonly after: { readonly run: string; readonly number: number } | undefined;
}

const AFTER = /^([0-9a-f]{8})-(\d{1,15})$/;

/** @throws {Refusal} */
export function parseReaderParams(query: URLSearchParams): ReaderParams {
  const { level, source } = readSelection(query);
  const tailText = query.get('tail') ?? '0';
  const tail = /^\d{1,6}$/.test(tailText) ? Number(tailText) : Number.NaN;
  if (!(tail <= MAX_FEED_LINES)) throw badParameter('tail', tailText, `a whole number from 0 to ${MAX_FEED_LINES}`);
  const afterText = query.get('after');
  const after = AFTER.exec(afterText ?? '');
  if (afterText !== null && after === null) throw badParameter('after', afterText, 'the id of a line of this gateway');
  return {
    level,
    sources: source,
    tail,
    after: after === null ? undefined : { run: after[1]!, number: Number(after[2]) },
  };
}

function readSelection(query: URLSearchParams): { level: Level | undefined; source: readonly string[] } {
  try {
    const { level, lists } = parseSelection({ level: query.get('level') ?? undefined, source: query.getAll('source') });
    return { level, source: lists.source ?? [] };
  } catch (error) {
    if (error instanceof ParameterError) throw new Refusal(400, 'bad_parameter', error.message);
    throw error;
  }
}

function badParameter(name: string, value: string, expected: string): Refusal {
  return new Refusal(400, 'bad_parameter', new ParameterError(name, value, expected).message);
}

/** @throws {Refusal} */
export async function admit(request: IncomingMessage, options: AdmissionOptions): Promise<void> {
  const { token, authorize, origins = [] } = options;
  const given = /^bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
  const isRight = token !== undefined && given !== undefined && sameText(given, token);
  if (!isRight) {
    if (token === undefined && authorize === undefined) {
      if (!isLocal(request)) {
        throw new Refusal(
          401,
          'unauthorized',
          'this gateway has no token, so that it is read from its own machine only',
        );
      }
    } else if (authorize === undefined || !(await authorize(request))) {
      const what =
        given === undefined
          ? 'a token is needed: send the header "Authorization: Bearer TOKEN"'
          : 'this token is not the one of this gateway';
      throw new Refusal(401, 'unauthorized', what);
    }
  }
  const { origin, host } = request.headers;
  if (origin === undefined || isRight) return;
  // A browser sends cookies along wherever the page comes from.
  if (origins.includes(origin) || hostOf(origin) === host) return;
  throw new Refusal(
    403,
    'forbidden_origin',
    `pages of ${origin.slice(0, 200)} may not read this log; name it in \`origins\``,
  );
}

function hostOf(origin: string): string | undefined {
  try {
    return new URL(origin).host;
  } catch {
    // `null`, of a page without an origin.
    return undefined;
  }
}

const LOOPBACK = /^(?:127\.|::1$|::ffff:127\.)/;

/** A proxy on this machine speaks for somebody elsewhere, and says so. */
function isLocal({ socket, headers }: IncomingMessage): boolean {
  const isForwarded = 'x-forwarded-for' in headers || 'forwarded' in headers || 'x-real-ip' in headers;
  return !isForwarded && LOOPBACK.test(socket.remoteAddress ?? '');
}

/** In constant time, the lengths included. */
function sameText(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
