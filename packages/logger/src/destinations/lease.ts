/**
 * Loggers of one process that write to the same place share what leads there, whoever made them: there is one order of
 * lines, one who rotates, one connection, and a logger that is asked for in every function costs nothing.
 */

import { processWide } from '../process-wide.ts';

export interface Lease<T> {
  readonly resource: T;
  /** Whether this was the last user, who then has to close it. Of several calls only the first counts. */
  release(): boolean;
}

/** @param place - what it leads to, with its kind: one kind has one type. */
export function lease<T extends object>(place: string, create: () => T): Lease<T> {
  const { shared } = processWide();
  const known = shared.get(place);
  const entry = known ?? { resource: create(), users: 0 };
  if (known === undefined) shared.set(place, entry);
  entry.users++;
  let isReleased = false;
  return {
    resource: entry.resource as T,
    release: () => {
      if (isReleased) return false;
      isReleased = true;
      if (--entry.users > 0) return false;
      shared.delete(place);
      return true;
    },
  };
}
