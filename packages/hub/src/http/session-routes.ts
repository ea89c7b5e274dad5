/** Signing in and out of browsers: `POST` and `DELETE /session`. */

import type { FastifyReply, FastifyRequest } from 'fastify';
import { cookieValue, SESSION_COOKIE } from '../auth/auth.ts';
import { HttpError } from '../errors.ts';
import type { HubApi } from './hub-api.ts';
import { cameByHttps } from './own-address.ts';

export async function signIn(hub: HubApi, body: string, request: FastifyRequest, reply: FastifyReply): Promise<object> {
  const token = tokenOf(body);
  if (hub.auth.isOpen) return { signed_in: true, auth_required: false };
  const kind = await hub.auth.judgeToken(token, request.ip);
  if (kind === 'wrong') throw new HttpError('unauthorized', 'this token is not the one of this hub');
  if (kind !== 'auth') throw new HttpError('forbidden', 'this token may only write; signing in takes AUTH_TOKEN');
  const { secret, expiresAtMs } = await hub.sessions.open();
  reply.header('set-cookie', cookie(request, secret, new Date(expiresAtMs)));
  return { signed_in: true, auth_required: true, expires_at: new Date(expiresAtMs).toISOString() };
}

export async function signOut(hub: HubApi, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const secret = cookieValue(request.headers.cookie, SESSION_COOKIE);
  if (secret !== undefined) await hub.sessions.close(secret);
  reply.header('set-cookie', cookie(request, '', new Date(0))).code(204);
}

function tokenOf(body: string): string {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    throw new HttpError('bad_json', 'expected a JSON body of the form {"token": "…"}');
  }
  const token = typeof value === 'object' && value !== null ? (value as { token?: unknown }).token : undefined;
  if (typeof token !== 'string' || token === '')
    throw new HttpError('bad_request', 'expected a JSON body of the form {"token": "…"}');
  return token.trim();
}

/** `Secure` only where the request came by HTTPS: a browser would drop it on a hub without. */
function cookie(request: FastifyRequest, value: string, expires: Date): string {
  const secure = cameByHttps(request.headers) ? '; Secure' : '';
  return `${SESSION_COOKIE}=${value}; Path=/; HttpOnly; SameSite=Strict; Expires=${expires.toUTCString()}${secure}`;
}
