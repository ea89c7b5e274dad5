/**
 * An error as logcore writes it: type, message, traceback; beside them what else it carries (`code`, `status`, …) and the
 * errors behind it. Whatever was thrown is described, and nothing in here throws.
 */

import type { Fields } from '@flywatch/core';
import { MAX_CAUSES } from '../limits.ts';
import { textOf } from './text-of.ts';

export interface ErrorRecord {
  readonly type: string;
  readonly message: string;
  readonly traceback: string | undefined;
  /** Own properties beyond the usual ones. */
  readonly details: Fields | undefined;
  readonly cause: ErrorRecord | undefined;
}

const USUAL = new Set(['name', 'message', 'stack', 'cause', 'errors']);

export function errorRecord(thrown: unknown, seen: readonly unknown[] = []): ErrorRecord {
  if (typeof thrown !== 'object' || thrown === null) {
    return { type: typeof thrown, message: textOf(thrown), traceback: undefined, details: undefined, cause: undefined };
  }
  const path = [...seen, thrown];
  const message = read(thrown, 'message');
  const cause = read(thrown, 'cause') ?? firstOf(read(thrown, 'errors'));
  const stack = read(thrown, 'stack');
  const followed = cause !== undefined && cause !== null && !path.includes(cause) && path.length <= MAX_CAUSES;
  return {
    type: typeOf(thrown),
    message: typeof message === 'string' ? message : textOf(message ?? thrown),
    traceback: typeof stack === 'string' ? stack : undefined,
    details: detailsOf(thrown),
    cause: followed ? errorRecord(cause, path) : undefined,
  };
}

function typeOf(thrown: object): string {
  const name = read(thrown, 'name');
  if (typeof name === 'string' && name !== '' && name !== 'Error') return name;
  // Classes that do not set a name still have one.
  const maker = read(thrown, 'constructor');
  const made = typeof maker === 'function' ? read(maker, 'name') : undefined;
  return typeof made === 'string' && made !== '' ? made : 'Error';
}

function detailsOf(thrown: object): Fields | undefined {
  let details: Fields | undefined;
  for (const key of keysOf(thrown)) {
    if (USUAL.has(key)) continue;
    details ??= Object.create(null) as Fields;
    details[key] = read(thrown, key);
  }
  const errors = read(thrown, 'errors');
  if (Array.isArray(errors) && errors.length > 1) {
    details ??= Object.create(null) as Fields;
    details.errors = errors.slice(0, MAX_CAUSES).map(textOf);
  }
  return details;
}

/** The first error of an AggregateError: a connection that failed to several addresses. */
function firstOf(errors: unknown): unknown {
  return Array.isArray(errors) ? errors[0] : undefined;
}

function keysOf(object: object): string[] {
  try {
    return Object.keys(object);
  } catch {
    // A proxy that does not say.
    return [];
  }
}

function read(object: object, key: string): unknown {
  try {
    return (object as Fields)[key];
  } catch {
    // A getter that throws has nothing to say.
    return undefined;
  }
}
