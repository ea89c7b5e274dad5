import type { CheckErrorKind } from './check.ts';

/** What ends a try: the world's doing, so it becomes a result and never leaves the probe. */
export class CheckFailure extends Error {
  readonly kind: CheckErrorKind;

  constructor(kind: CheckErrorKind, message: string) {
    super(message);
    this.name = 'CheckFailure';
    this.kind = kind;
  }
}

/** Codes of the system and of OpenSSL by what they mean for a check. */
const KINDS: readonly (readonly [RegExp, CheckErrorKind])[] = [
  [/^(?:ENOTFOUND|EAI_)/, 'dns'],
  [/^ECONNREFUSED$/, 'refused'],
  [/^(?:EHOSTUNREACH|ENETUNREACH|ENETDOWN|EHOSTDOWN|EADDRNOTAVAIL|ETIMEDOUT)$/, 'unreachable'],
  [/^(?:ERR_SSL|ERR_TLS|EPROTO)/, 'tls'],
];

/** A failure made of an error of the system; `otherwise` is its kind where the code does not tell. */
export function failureOf(error: unknown, otherwise: CheckErrorKind): CheckFailure {
  if (error instanceof CheckFailure) return error;
  // OpenSSL's errors have the reason apart from a message full of addresses and file names.
  const { code = '', message, reason } = error as NodeJS.ErrnoException & { readonly reason?: string };
  const kind = KINDS.find(([pattern]) => pattern.test(code))?.[1] ?? otherwise;
  return new CheckFailure(kind, code.startsWith('ERR_SSL') && reason !== undefined ? reason : message.split('\n')[0]!);
}
