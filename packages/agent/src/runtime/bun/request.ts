/** Posts to a hub with `fetch`: on Bun it is native, and `node:https` costs 10 MB more. */

import { HUB_ANSWER_MAX_BYTES, type HubAnswer, readAnswerBody } from '@flywatch/core';
import { type Connection, postLimitMs } from '../../delivery/request.ts';

/** What Bun's `fetch` takes besides. */
interface BunRequestInit extends RequestInit {
  readonly tls?: { readonly ca: string };
}

export function createConnection(url: URL, ca: string | undefined): Connection {
  const base = url.href.replace(/\/$/, '');
  const tls = ca === undefined ? undefined : { tls: { ca } };
  let running: AbortController | undefined;
  let last: Promise<unknown> = Promise.resolve();
  const post: Connection['post'] = async (path, headers, body, signal) => {
    signal.throwIfAborted();
    // Not AbortSignal.any: what listens to one is held for as long as `signal` lives, which is as long as the agent does.
    const ending = new AbortController();
    const onAbort = () => ending.abort(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    const limitMs = postLimitMs(body.length);
    const timer = setTimeout(
      () => ending.abort(new Error(`no answer within ${Math.round(limitMs / 1000)} s`)),
      limitMs,
    );
    running = ending;
    try {
      // As on Node: where a hub sends elsewhere, that is told and not followed.
      const init: BunRequestInit = { method: 'POST', headers, body, redirect: 'manual', signal: ending.signal, ...tls };
      return await readAnswer(await fetch(base + path, init));
    } catch (error) {
      ending.signal.throwIfAborted();
      throw inShort(error as NodeJS.ErrnoException);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
    }
  };
  return {
    post: (...args) => {
      // One after the other: of several at once, each would get a connection of its own.
      const answer = last.then(() => post(...args));
      last = answer.catch(() => {});
      return answer;
    },
    close: () => running?.abort(new Error('closed')),
  };
}

async function readAnswer(response: Response): Promise<HubAnswer> {
  const { status, headers } = response;
  const retryAfter = headers.get('retry-after') ?? undefined;
  const isShort = Number(headers.get('content-length') ?? Number.POSITIVE_INFINITY) <= HUB_ANSWER_MAX_BYTES;
  // A hub's answers are short; a stream for them would take a megabyte.
  return { status, retryAfter, body: isShort ? await response.text() : await readAnswerBody(response.body ?? []) };
}

/** Bun follows some codes with advice for those who write programs; a code alone says more to those who run them. */
function inShort(error: NodeJS.ErrnoException): Error {
  const { code, message } = error;
  return code !== undefined && message.startsWith(code) ? Object.assign(new Error(code), { code }) : error;
}
