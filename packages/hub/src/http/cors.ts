/**
 * Origins. A page of another origin gets nothing unless `CORS_ORIGIN` names it: no WebSocket (browsers let any page open
 * one), nothing with a cookie, and no CORS headers, without which a browser shows it nothing of an answer.
 */

import type { IncomingHttpHeaders } from 'node:http';
import { HttpError } from '../errors.ts';

export type OriginKind =
  /** Not from a page, or from a page of this very hub. */
  | 'own'
  /** Of another origin that the configuration names. */
  | 'named'
  /** Of another origin, where every origin is allowed as long as it brings no cookie. */
  | 'any'
  | 'foreign';

export class Origins {
  readonly #allowed: ReadonlySet<string>;

  constructor(allowed: readonly string[]) {
    this.#allowed = new Set(allowed);
  }

  /** What kind of page a request comes from. Its own origin is the host and port that it asked for. */
  judge(headers: IncomingHttpHeaders): OriginKind {
    const { origin, host } = headers;
    if (origin === undefined) return 'own';
    const url = URL.parse(origin);
    if (url !== null && host !== undefined && url.host === URL.parse(`${url.protocol}//${host}`)?.host) return 'own';
    if (url !== null && this.#allowed.has(url.origin)) return 'named';
    return this.#allowed.has('*') ? 'any' : 'foreign';
  }

  /** Refuses a page of another origin that is not named, where it brings a cookie or wants a WebSocket. */
  check(headers: IncomingHttpHeaders, isWebSocket: boolean): void {
    const kind = this.judge(headers);
    if (kind === 'own' || kind === 'named') return;
    const hasCookie = headers.cookie !== undefined;
    if (hasCookie || (isWebSocket && kind === 'foreign')) {
      throw new HttpError(
        'forbidden_origin',
        `pages of ${printable(headers.origin)} may not use this hub; CORS_ORIGIN can name that origin`,
      );
    }
  }

  /** Headers for an answer to this request. */
  headers(headers: IncomingHttpHeaders): Record<string, string> {
    if (this.#allowed.size === 0) return {};
    const kind = this.judge(headers);
    const vary = { vary: 'Origin' };
    if (kind === 'named') {
      return { ...vary, 'access-control-allow-origin': headers.origin!, 'access-control-allow-credentials': 'true' };
    }
    return kind === 'any' ? { ...vary, 'access-control-allow-origin': '*' } : vary;
  }

  /** Headers for a preflight, or undefined where it is none or not allowed. */
  preflight(method: string, headers: IncomingHttpHeaders): Record<string, string> | undefined {
    if (method !== 'OPTIONS' || headers.origin === undefined || headers['access-control-request-method'] === undefined)
      return undefined;
    const kind = this.judge(headers);
    if (kind !== 'named' && kind !== 'any') return undefined;
    return {
      ...this.headers(headers),
      'access-control-allow-methods': 'GET, POST, DELETE',
      'access-control-allow-headers':
        'Authorization, Content-Type, Content-Encoding, Batch-Id, Last-Event-ID, Cache-Control',
      'access-control-max-age': '600',
    };
  }
}

function printable(text: string | undefined): string {
  return JSON.stringify((text ?? '').slice(0, 100));
}
