/** Connections to PostgreSQL: how they are made, and what is said of those that fail, without the password. */

import pg, { type ClientConfig } from 'pg';

/** Milliseconds after which a server that does not answer is away: between those of a busy one and people's patience. */
const CONNECT_TIMEOUT_MS = 5000;

export function clientConfig(url: string): ClientConfig {
  return {
    connectionString: withPlainSslMode(url),
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    // A server that vanished without a word is noticed by the system within minutes, by our own timeouts before.
    keepAlive: true,
    application_name: 'flywatch',
  };
}

/**
 * The driver takes these modes for `verify-full`, and says so at length on standard error each time. What encrypts without looking at the
 * certificate is called `no-verify`.
 */
function withPlainSslMode(url: string): string {
  return url.replace(/([?&]sslmode=)(?:prefer|require|verify-ca)(?=&|$)/, '$1verify-full');
}

/** Classes and codes of SQLSTATE that are about the server or the way to it, and not about what was asked. */
const AWAY = /^(08|28|3D|53|57P|42P01|25006)/;

/** Whether the server, or the way to it, is at fault; it may be back in a moment. */
export function isAway(error: unknown): boolean {
  return error instanceof pg.DatabaseError ? AWAY.test(error.code ?? '') : true;
}

/** Classes of SQLSTATE for data that cannot be stored, and limits that they exceed. */
const REFUSED = /^(22|23|54)/;

/** Whether it is the data that the server does not take, now and ever. */
export function isRefused(error: unknown): boolean {
  return error instanceof pg.DatabaseError && REFUSED.test(error.code ?? '');
}

/**
 * What went wrong, in words that may be logged.
 *
 * @param setting - what the URL is called where it was set
 */
export function describe(error: unknown, url: string, setting: string): string {
  const { errors } = error as { errors?: readonly Error[] };
  const { message, code } = (errors?.[0] ?? error) as Error & { code?: string };
  if (code === 'ERR_INVALID_URL') return `${setting} is no URL of the form postgres://user:password@host:5432/database`;
  const said = withoutSecret(message || code || 'unknown error', url, setting);
  return CERTIFICATE.test(code ?? '')
    ? `${said}; name the authority by sslrootcert=FILE in ${setting}, or set sslmode=no-verify`
    : said;
}

/** Codes of a certificate that nobody known vouches for. */
const CERTIFICATE = /SELF_SIGNED|UNABLE_TO_(?:VERIFY|GET_ISSUER)|CERT_/;

function withoutSecret(message: string, url: string, setting: string): string {
  let text = message.replaceAll(url, setting);
  const encoded = /^\w+:\/\/[^:@/]*:([^@]*)@/.exec(url)?.[1];
  for (const secret of encoded === undefined || encoded === '' ? [] : [encoded, safeDecode(encoded)])
    text = text.replaceAll(secret, '***');
  return text;
}

function safeDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
