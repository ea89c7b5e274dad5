/** Ends a question when its client has left. */

import type { FastifyReply } from 'fastify';
import { HttpError } from '../errors.ts';

export function whenGone({ raw }: FastifyReply): AbortSignal {
  const controller = new AbortController();
  // An answer that was given closes too; by then nobody listens any more.
  raw.once('close', () => controller.abort(new HttpError('bad_request', 'the client has left')));
  return controller.signal;
}
