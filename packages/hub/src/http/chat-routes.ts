/** The assistant over HTTP: the answer as a whole, or as server-sent events while it is made. */

import type { ServerResponse } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ChatEvent } from '../chat/answer.ts';
import type { Admitted, Chat } from '../chat/chat.ts';
import { parseQuestion } from '../chat/question.ts';
import type { UsageTotals } from '../chat/usage-totals.ts';
import { errorBody } from '../errors.ts';
import { CHAT_BODY_MAX_BYTES, KEEPALIVE_INTERVAL_MS } from '../limits.ts';
import type { Origins } from './cors.ts';
import { SSE_HEADERS } from './live-sse.ts';
import { readSmall } from './read-small.ts';
import { SECURITY_HEADERS, toHttpError } from './respond.ts';
import { whenGone } from './when-gone.ts';

interface ChatRoutesOptions {
  readonly origins: Origins;
  readonly onFault: (error: unknown) => void;
}

export function createChatRoutes(chat: Chat, usage: UsageTotals, { origins, onFault }: ChatRoutesOptions) {
  return {
    chat: async (request: FastifyRequest, reply: FastifyReply) => {
      const question = parseQuestion(await readSmall(request.raw, CHAT_BODY_MAX_BYTES));
      const admitted = chat.admit(question, request.ip);
      const gone = whenGone(reply);
      if (!/text\/event-stream/i.test(request.headers.accept ?? '')) return admitted.answer(() => {}, gone);
      reply.hijack();
      reply.raw.writeHead(200, {
        ...SECURITY_HEADERS,
        ...origins.headers(request.headers),
        ...SSE_HEADERS,
      });
      await stream(reply.raw, admitted, gone, onFault);
      return reply;
    },
    usage: () => usage.read(Date.now()),
  };
}

async function stream(
  response: ServerResponse,
  admitted: Admitted,
  gone: AbortSignal,
  onFault: (error: unknown) => void,
): Promise<void> {
  const send = ({ event, data }: ChatEvent | { readonly event: 'done' | 'error'; readonly data: object }) => {
    if (!response.destroyed) response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  };
  // A model may think for a minute; proxies cut what is silent for so long.
  const keepAlive = setInterval(() => response.write(': ping\n\n'), KEEPALIVE_INTERVAL_MS);
  response.write(': an answer is being made\n\n');
  try {
    send({ event: 'done', data: await admitted.answer(send, gone) });
  } catch (error) {
    if (!gone.aborted) send({ event: 'error', data: errorBody(toHttpError(error, onFault)) });
  } finally {
    clearInterval(keepAlive);
    response.end();
  }
}
