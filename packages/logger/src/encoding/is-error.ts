import { types } from 'node:util';

/**
 * Whether it is an error, also one of another realm: in Jest those of Node itself are, and `instanceof` does not know
 * them.
 */
export function isError(value: unknown): value is Error {
  return value instanceof Error || types.isNativeError(value);
}
