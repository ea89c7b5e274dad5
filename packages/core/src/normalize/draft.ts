/** What a shape could tell about a line, before it is judged: every field may still be missing, odd or absurd. */

import type { Fields } from '../event.ts';
import type { SourceTime } from '../time.ts';
import { detached } from './cut.ts';

export interface Draft {
  /** Source time as it was given; parsed and judged later. */
  time?: unknown;
  /** The same, where it was parsed on the way. */
  parsedTime?: SourceTime;
  /** Level of the envelope or the logger, as given. */
  level?: unknown;
  /** The line; anything but a string is rendered as JSON. */
  message?: unknown;
  app?: string | undefined;
  instance?: string | undefined;
  region?: string | undefined;
  host?: string | undefined;
  provider?: string | undefined;
  source?: string | undefined;
  /** Structure that came beside the message: `meta`, `context`, the rest of a pino line. */
  structure?: Fields | undefined;
  /** Whether the level was set by a logger for this very line, so that words in its text do not count. */
  levelIsFinal?: boolean;
  /** Whether one line of this shape may be sent on verbatim in the `fly` form. */
  isEnvelope?: boolean;
  /** What stands before the message where the payload is an envelope in Fly's own form; see `LogEvent.rawHead`. */
  rawHead?: string | undefined;
}

/** Longest app, instance, region, host, provider and source: longer is an attack, and each is a label everywhere. */
export const MAX_LABEL_CHARS = 256;

/**
 * A label from untrusted input: a non-empty string, cut; numbers as text; undefined for anything else. A copy,
 * since a slice would keep all of the value alive.
 */
export function label(value: unknown): string | undefined {
  if (typeof value === 'string') {
    if (value === '') return undefined;
    return value.length > MAX_LABEL_CHARS ? detached(value.slice(0, MAX_LABEL_CHARS)) : value;
  }
  return typeof value === 'number' ? String(value) : undefined;
}

/** An own property of an untrusted value, whatever the value is. */
export function own(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key) ? (value as Fields)[key] : undefined;
}

export function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
