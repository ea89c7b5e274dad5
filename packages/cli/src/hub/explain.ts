/** What to tell somebody whose hub does not answer, or not as it should: what happened, and what to do. */

import { describeFailure, HubError, HubUnreachableError } from '@flywatch/client';
import { CliError, STATUS } from '../program/cli-error.ts';
import type { Target } from './target.ts';

/** By the code that the system or the HTTP client gives. */
const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there. Is the hub running?',
  ENOTFOUND: 'there is no host of that name.',
  EAI_AGAIN: 'the name cannot be looked up; the name server does not answer.',
  EHOSTUNREACH: 'there is no way to that host. Is the tunnel (WireGuard, fly proxy) up?',
  ENETUNREACH: 'there is no way to that network. Is the tunnel (WireGuard, fly proxy) up?',
  ETIMEDOUT: 'it does not answer.',
  ECONNRESET: 'the connection was cut. Is this the port of a hub, and http or https as it should be?',
  UND_ERR_SOCKET: 'the connection was cut. Is this the port of a hub, and http or https as it should be?',
  EPROTO: 'it does not speak TLS. Is it http:// rather than https://?',
  ERR_SSL_WRONG_VERSION_NUMBER: 'it does not speak TLS. Is it http:// rather than https://?',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'it does not speak TLS. Is it http:// rather than https://?',
  CERT_HAS_EXPIRED: 'its certificate has expired.',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is signed by itself; NODE_EXTRA_CA_CERTS can name a file with it.',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is not signed by an authority that is known; see NODE_EXTRA_CA_CERTS.',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    'its certificate is not signed by an authority that is known; see NODE_EXTRA_CA_CERTS.',
  'bad port': 'HTTP clients refuse this port, which belongs to another protocol. Run the hub on another one.',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name.',
};

const WHERE = 'Another address: --url, FLYWATCH_URL, flywatch login.';

/** The error for a call or a stream that failed; anything that is neither of the client's errors is thrown on as it is. */
export function explain(error: unknown, target: Target): CliError {
  if (error instanceof HubUnreachableError) return new CliError(unreachable(error, target));
  if (error instanceof HubError)
    return new CliError(refused(error, target), error.status === 400 ? STATUS.usage : STATUS.failed);
  // The client judges its options itself, before it sends anything.
  if (error instanceof TypeError) return new CliError(error.message, STATUS.usage);
  throw error;
}

function unreachable(error: HubUnreachableError, { url, urlFrom }: Target): string {
  const code = error.cause === undefined ? '' : describeFailure(error.cause);
  if (code.startsWith('HPE_') || code.startsWith('Response does not match'))
    return `${url} (${urlFrom}) does not speak HTTP. ${WHERE}`;
  const reason = REASONS[code];
  if (reason !== undefined) return `cannot reach ${url} (${urlFrom}): ${reason} ${WHERE}`;
  const detail = error.message.replace(/^no answer from \S+: /, '');
  return `cannot reach ${url} (${urlFrom}): ${detail}. ${WHERE}`;
}

function refused(error: HubError, { url, urlFrom, token }: Target): string {
  if (error.status === 401) {
    return token === undefined
      ? `${url} wants a token: --token, FLYWATCH_TOKEN, or flywatch login.`
      : `${url} refuses the token. Is it the hub's AUTH_TOKEN, whole and without blanks?`;
  }
  if (error.status === 403) return `${url} does not let this token read. INGEST_TOKEN may only write: use AUTH_TOKEN.`;
  if (error.code === 'unexpected_answer' || error.status === 404 || error.status === 405) {
    return `${url} (${urlFrom}) answers, and is neither a Flywatch hub nor an app with its gateway. ${WHERE}`;
  }
  return `${url} says: ${error.message}`;
}
