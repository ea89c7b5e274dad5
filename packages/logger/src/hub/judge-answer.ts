/** What a hub's answer to a batch means. */

import type { PostAnswer } from './hub-post.ts';

export type Verdict =
  | { readonly kind: 'taken' }
  /** The same batch may fare better later. `askedMs` is what the hub asked for, 0 where it did not. */
  | { readonly kind: 'later'; readonly askedMs: number; readonly reason: string }
  /** No batch will fare better before the token is another one. */
  | { readonly kind: 'token'; readonly reason: string }
  | { readonly kind: 'too_large' }
  /** This batch will never be taken. */
  | { readonly kind: 'refused'; readonly reason: string };

/** Longest `Retry-After` that is granted. */
const MAX_ASKED_MS = 300_000;

/** Characters of what the hub says that a message repeats. */
const SAID_CHARS = 300;

export function judgeAnswer(answer: PostAnswer, nowMs: number): Verdict {
  const { status } = answer;
  if (status >= 200 && status < 300) return { kind: 'taken' };
  const reason = `${status}: ${saidIn(answer.body)}`;
  if (status === 401 || status === 403) return { kind: 'token', reason };
  if (status === 408 || status === 429 || status >= 500) {
    return { kind: 'later', askedMs: askedMs(answer.retryAfter, nowMs), reason };
  }
  // A wrong address, or a proxy while the hub is being replaced: the lines are good.
  if (status === 404 || status < 200 || (status >= 300 && status < 400)) return { kind: 'later', askedMs: 0, reason };
  return status === 413 ? { kind: 'too_large' } : { kind: 'refused', reason };
}

/** Seconds or a date (RFC 9110). */
function askedMs(retryAfter: string | undefined, nowMs: number): number {
  if (retryAfter === undefined) return 0;
  const seconds = Number(retryAfter);
  const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(retryAfter) - nowMs;
  return Number.isFinite(ms) ? Math.min(MAX_ASKED_MS, Math.max(0, ms)) : 0;
}

function saidIn(body: string): string {
  try {
    const { error } = JSON.parse(body) as { error?: unknown };
    if (typeof error === 'string') return error.slice(0, SAID_CHARS);
  } catch {
    // A page of a proxy.
  }
  return body.trim().slice(0, SAID_CHARS) || 'no reason given';
}
