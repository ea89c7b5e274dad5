/** What a hub's answer to a batch means, to whoever sends one: the agent on a host, the logger in an app. */

import { decodeUtf8 } from './utf8.ts';

export interface HubAnswer {
  readonly status: number;
  /** The header, as it came. */
  readonly retryAfter: string | undefined;
  /** Its beginning, HUB_ANSWER_MAX_BYTES of it. */
  readonly body: string;
}

export type HubVerdict =
  | { readonly kind: 'taken' }
  /** The same batch may fare better later. `askedMs` is what the hub asked for, 0 where it did not. */
  | { readonly kind: 'later'; readonly askedMs: number; readonly said: string }
  /** No batch will fare better before the token is another one. */
  | { readonly kind: 'token'; readonly said: string }
  | { readonly kind: 'too_large'; readonly said: string }
  /** This batch will never be taken. */
  | { readonly kind: 'refused'; readonly said: string };

/** Longest `Retry-After` that is granted. */
const MAX_ASKED_MS = 300_000;

/** Characters of what the hub says that a message repeats. */
const SAID_CHARS = 300;

/** Bytes of a body that are kept: a hub sends a count, or an error of some hundred bytes. The rest is read and dropped. */
export const HUB_ANSWER_MAX_BYTES = 16 * 1024;

export function judgeHubAnswer({ status, retryAfter, body }: HubAnswer, nowMs: number): HubVerdict {
  if (status >= 200 && status < 300) return { kind: 'taken' };
  const said = saidIn(body);
  if (status === 401 || status === 403) return { kind: 'token', said };
  if (status === 408 || status === 429 || status >= 500) {
    return { kind: 'later', askedMs: askedMs(retryAfter, nowMs), said };
  }
  // A wrong address, or a proxy while the hub is being replaced: the lines are good.
  if (status === 404 || status < 200 || (status >= 300 && status < 400)) return { kind: 'later', askedMs: 0, said };
  return { kind: status === 413 ? 'too_large' : 'refused', said };
}

/** The text of an answer's body, HUB_ANSWER_MAX_BYTES of it; the rest is read too, so that the connection can be used again. */
export async function readAnswerBody(pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<string> {
  const bytes = new Uint8Array(HUB_ANSWER_MAX_BYTES);
  let length = 0;
  for await (const piece of pieces) {
    const kept = piece.subarray(0, bytes.length - length);
    bytes.set(kept, length);
    length += kept.length;
  }
  return decodeUtf8(bytes.subarray(0, length));
}

/** Seconds or a date (RFC 9110). */
function askedMs(retryAfter: string | undefined, nowMs: number): number {
  if (retryAfter === undefined) return 0;
  const seconds = Number(retryAfter);
  const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(retryAfter) - nowMs;
  return Number.isFinite(ms) ? Math.min(MAX_ASKED_MS, Math.max(0, ms)) : 0;
}

/** What the hub says is wrong; the beginning of the body where it is not one of a hub. */
function saidIn(body: string): string {
  try {
    const { error } = JSON.parse(body) as { error?: unknown };
    if (typeof error === 'string') return error.slice(0, SAID_CHARS);
  } catch {
    // A page of a proxy.
  }
  return body.trim().slice(0, SAID_CHARS) || 'no reason given';
}
