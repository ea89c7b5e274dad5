/** Spellings of a Fly token, and what is visibly wrong with one (facts, 5.2). */

const SCHEME = /^FlyV1\s+/i;

/**
 * The token as given, then its other spelling: with `FlyV1 ` and without it. Both are in use as NATS passwords, and which
 * one the server takes has changed over the years.
 */
export function tokenSpellings(given: string): readonly string[] {
  const trimmed = given.trim();
  const bare = trimmed.replace(SCHEME, '');
  return SCHEME.test(trimmed) ? [trimmed, bare] : [trimmed, `FlyV1 ${bare}`];
}

/** How the tokens of `fly tokens create` begin; legacy personal ones have other forms. */
const MACAROON = /^fm[12][ar]?_/;

/**
 * `Authorization` headers for Fly's HTTP services, the likely one first: `FlyV1` for tokens that were created, `Bearer` for
 * legacy personal ones, whatever scheme was pasted along.
 */
export function authorizationHeaders(given: string): readonly string[] {
  const bare = given.trim().replace(/^(?:FlyV1|Bearer)\s+/i, '');
  const headers = [`FlyV1 ${bare}`, `Bearer ${bare}`];
  return MACAROON.test(bare) ? headers : headers.reverse();
}

/** A macaroon of a readonly token has some 350 characters, a whole token about 690; a paste cut short had 116. */
const SHORTEST_TOKEN = 250;

/** What looks wrong with a token, in a sentence, or undefined. Says nothing of the token itself. */
export function tokenComplaint(given: string): string | undefined {
  const bare = given.trim().replace(SCHEME, '');
  if (/[\r\n]/.test(bare)) return 'the token holds a line break: it was pasted in two pieces';
  if (/^["'].*["']$/.test(bare)) return 'the token is in quotes: leave them out';
  if (!MACAROON.test(bare)) return undefined;
  if (bare.length < SHORTEST_TOKEN) {
    return `the token looks truncated: it has ${bare.length} characters, a readonly token has about 690`;
  }
  if (bare.endsWith(',')) return 'the token looks truncated: it ends with a comma';
  return undefined;
}
