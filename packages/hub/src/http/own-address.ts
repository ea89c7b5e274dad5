/** How this hub is reached, as far as a request tells: the hub does not know its own name. */

import type { IncomingHttpHeaders } from 'node:http';
import { HttpError } from '../errors.ts';

/** What a host with a port may look like. The address becomes part of a shell command: nothing else may be in it. */
const HOST = /^(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\])(?::\d{1,5})?$/i;

/** The hub speaks HTTP; HTTPS is a proxy before it, which says so. */
export function cameByHttps(headers: IncomingHttpHeaders): boolean {
  const [first = ''] = String(headers['x-forwarded-proto'] ?? '').split(',');
  return first.trim().toLowerCase() === 'https';
}

/** The address under which the client has reached this hub, without a slash at its end. */
export function ownAddress(headers: IncomingHttpHeaders): string {
  const { host = '' } = headers;
  if (!HOST.test(host)) {
    throw new HttpError(
      'bad_request',
      `Host: ${JSON.stringify(host.slice(0, 100))} is no name or address; expected the one of this hub`,
    );
  }
  return `${cameByHttps(headers) ? 'https' : 'http'}://${host}`;
}
