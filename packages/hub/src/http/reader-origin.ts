/** Where a reader comes from: for the status page, and for nothing else. */

import type { IncomingMessage } from 'node:http';
import type { ReaderOrigin } from '../fanout/roster.ts';
import { READER_AGENT_MAX_CHARS } from '../limits.ts';

/**
 * The address is the proxy's where there is one: what `X-Forwarded-For` says may be anybody's invention, and a status page that
 * names the wrong host is worse than one that names the proxy.
 */
export function originOf({ headers, socket }: IncomingMessage): ReaderOrigin {
  const agent = headers['user-agent']?.slice(0, READER_AGENT_MAX_CHARS);
  return { address: (socket.remoteAddress ?? '').replace(/^::ffff:/, ''), agent: agent === '' ? undefined : agent };
}
