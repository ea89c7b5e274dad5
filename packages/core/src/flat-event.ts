/**
 * The `flat` rendering of an event: one object with every field of the record. History, the CLI's `--json`, and the live
 * streams with `format=flat` all speak it, so the hub that writes it and the clients that read it share the type.
 */

import type { Fields } from './event.ts';
import { parseEventId } from './ids.ts';
import { LEVELS, type Level } from './levels.ts';

/** What is unknown is absent: never null and never an empty string that stands for nothing. */
export interface FlatEvent {
  /** Name of the event on every surface, and the cursor to resume after it; see `ids.ts`. */
  readonly id: string;
  /** Source time, RFC 3339 in UTC with as many fraction digits as the source gave. */
  readonly time: string;
  /** When the hub took it, RFC 3339 in UTC. */
  readonly receivedAt: string;
  readonly level: Level;
  /** The line, ANSI sequences kept. */
  readonly message: string;
  readonly app?: string;
  readonly instance?: string;
  readonly region?: string;
  readonly host?: string;
  /** Kind of source: `app`, `runner`, `proxy`, `health`, `agent`, `logger`, …; an open set. */
  readonly provider?: string;
  /** Logger name or subsystem. */
  readonly source?: string;
  /** Untrusted keys: look up own properties only. */
  readonly fields?: Readonly<Fields>;
  /** The payload as it came, where `raw=true` asked for it. */
  readonly raw?: string;
}

const REQUIRED_TEXTS = ['time', 'receivedAt', 'message'] as const;
const OPTIONAL_TEXTS = ['app', 'instance', 'region', 'host', 'provider', 'source', 'raw'] as const;
const LEVEL_NAMES: ReadonlySet<unknown> = new Set(LEVELS);

/** A flat event from its JSON, or undefined where it is none; see {@link toFlatEvent}. */
export function parseFlatEvent(json: string): FlatEvent | undefined {
  try {
    return toFlatEvent(JSON.parse(json));
  } catch {
    // Not JSON: the caller counts it and goes on, as with any other event that cannot be read.
    return undefined;
  }
}

/**
 * The same value as a flat event, or undefined where it is none. A key with null counts as absent and is taken away; keys
 * that we do not know are kept, so that an older client shows what a newer hub adds.
 */
export function toFlatEvent(value: unknown): FlatEvent | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const record = value as Record<string, unknown>;
  if (typeof record.id !== 'string' || parseEventId(record.id) === undefined) return undefined;
  if (!LEVEL_NAMES.has(record.level)) return undefined;
  for (const key of REQUIRED_TEXTS) if (typeof record[key] !== 'string') return undefined;
  for (const key of OPTIONAL_TEXTS) {
    const text = record[key];
    if (text === null) delete record[key];
    else if (text !== undefined && typeof text !== 'string') return undefined;
  }
  const fields = record.fields;
  if (fields === null) delete record.fields;
  else if (fields !== undefined && (typeof fields !== 'object' || Array.isArray(fields))) return undefined;
  return record as unknown as FlatEvent;
}
