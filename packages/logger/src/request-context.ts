/**
 * Fields that belong to the request, job or task that is being worked on: they are in each line that it logs, wherever
 * in the app.
 */

import type { Fields } from '@flywatch/core';
import { processWide } from './process-wide.ts';

/**
 * Runs `task`, and all that it starts, with these fields in each line. Fields of an outer context stay unless named
 * again.
 */
export function withContext<T>(fields: Fields, task: () => T): T {
  const { contexts } = processWide();
  return contexts.run({ ...contexts.getStore(), ...fields }, task);
}

/**
 * Adds fields to the context that is running: the user, say, once it is known who it is. Outside of one nothing
 * happens.
 */
export function addToContext(fields: Fields): void {
  const context = processWide().contexts.getStore();
  if (context !== undefined) Object.assign(context, fields);
}

/** A copy of the fields of the context that is running. */
export function currentContext(): Fields {
  return { ...processWide().contexts.getStore() };
}
