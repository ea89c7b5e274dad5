/** What makes two reports of a line the same line: app, machine, nanosecond and text (facts, 5.6). */

import { hash } from 'node:crypto';

export interface LineIdentity {
  readonly instance: string | undefined;
  readonly timeMs: number;
  /** Nanoseconds below the millisecond. Numbers, since `.5Z` and `.500Z` are one time. */
  readonly timeNanos: number;
  /** As the normalizer gives it: cut where it is too long. */
  readonly message: string;
}

/**
 * Twelve characters of base64 are 72 bits: among 100,000 keys the odds for a false match are one in a trillion. A cryptographic
 * hash, since with a weaker one an app could print a line that hides another one.
 */
const KEY_CHARS = 12;

export function lineKey(app: string, line: LineIdentity): string {
  const { instance = '', timeMs, timeNanos, message } = line;
  return hash('sha256', `${app}\0${instance}\0${timeMs}\0${timeNanos}\0${message}`, 'base64').slice(0, KEY_CHARS);
}
