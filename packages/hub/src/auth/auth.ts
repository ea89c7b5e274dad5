/**
 * Who may do what. `AUTH_TOKEN` reads and writes; `INGEST_TOKEN`, and the token that each agent has of its own, only write.
 * Browsers exchange the token once for a cookie. Comparison takes the same time wherever the difference is.
 */

import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { HttpError } from '../errors.ts';
import { type AgentTokens, isAgentToken } from './agent-tokens.ts';
import type { Sessions } from './sessions.ts';
import type { WrongTokens } from './wrong-tokens.ts';

/** What a route asks of its caller: nothing, the right to write, the right to read. */
export type Access = 'open' | 'write' | 'read';

export interface AuthOptions {
  readonly authToken: string | undefined;
  readonly ingestToken: string | undefined;
  readonly agents: AgentTokens;
  readonly sessions: Sessions;
  readonly wrongTokens: WrongTokens;
}

/** How a request was let in. */
export type Credential = 'none' | 'token' | 'ingest' | 'agent' | 'cookie';

export const SESSION_COOKIE = 'flywatch_session';

export class Auth {
  readonly #options: AuthOptions;

  constructor(options: AuthOptions) {
    this.#options = options;
  }

  /** Whether anybody may read. */
  get isOpen(): boolean {
    return this.#options.authToken === undefined;
  }

  /**
   * Lets a request in, or throws `unauthorized` or `forbidden`. A wrong token from an address that has sent many waits
   * before it is told so; a right one never does.
   */
  async admit(headers: IncomingHttpHeaders, address: string, access: Access): Promise<Credential> {
    if (access === 'open') return 'none';
    const given = bearerToken(headers.authorization);
    const { authToken } = this.#options;
    if (given !== undefined) {
      if (authToken !== undefined && sameText(given, authToken)) return 'token';
      const writer = this.#writer(given);
      if (writer !== undefined) {
        // A hub without AUTH_TOKEN is open to everybody, so a write-only token forbids nothing there.
        if (access === 'write' || authToken === undefined) return writer;
        throw new HttpError('forbidden', 'this token may only write; reading takes AUTH_TOKEN');
      }
    }
    if (authToken === undefined) return 'none';
    const cookie = cookieValue(headers.cookie, SESSION_COOKIE);
    if (given === undefined && cookie !== undefined && this.#options.sessions.isValid(cookie)) return 'cookie';
    if (given !== undefined || cookie !== undefined) await this.#options.wrongTokens.refuse(address);
    throw new HttpError('unauthorized', unauthorizedText(headers, given, cookie), {
      headers: { 'www-authenticate': 'Bearer' },
    });
  }

  /** Which token this is, for signing in; the slow-down of wrong ones applies. */
  async judgeToken(token: string, address: string): Promise<'auth' | 'ingest' | 'agent' | 'wrong'> {
    const { authToken, wrongTokens } = this.#options;
    if (authToken !== undefined && sameText(token, authToken)) return 'auth';
    const writer = this.#writer(token);
    if (writer !== undefined) return writer;
    await wrongTokens.refuse(address);
    return 'wrong';
  }

  #writer(token: string): 'ingest' | 'agent' | undefined {
    const { ingestToken, agents } = this.#options;
    if (ingestToken !== undefined && sameText(token, ingestToken)) return 'ingest';
    return agents.admits(token) ? 'agent' : undefined;
  }
}

/** The token of an `Authorization` header; the scheme in any case, as RFC 9110 has it. */
export function bearerToken(header: string | undefined): string | undefined {
  const match = /^bearer +(\S.*)$/i.exec(header ?? '');
  return match === null ? undefined : match[1]!.trim();
}

/** The value of one cookie. */
export function cookieValue(header: string | undefined, name: string): string | undefined {
  for (const part of (header ?? '').split(';')) {
    const equals = part.indexOf('=');
    if (equals !== -1 && part.slice(0, equals).trim() === name) return part.slice(equals + 1).trim();
  }
  return undefined;
}

/** Equality in constant time, the lengths included: digests are compared. */
export function sameText(a: string, b: string): boolean {
  return timingSafeEqual(digest(a), digest(b));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function unauthorizedText(headers: IncomingHttpHeaders, token: string | undefined, cookie: string | undefined): string {
  if (token !== undefined && isAgentToken(token))
    return 'this token of an agent was revoked, or another hub has made it; enrol the host again';
  if (token !== undefined) return 'this token is not the one of this hub';
  if (headers.authorization !== undefined) return 'the Authorization header is not of the form "Bearer TOKEN"';
  if (cookie !== undefined) return 'this sign-in has ended; sign in again';
  return 'a token is needed: send the header "Authorization: Bearer TOKEN"';
}
