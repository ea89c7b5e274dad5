/**
 * The renderings of an event (DESIGN, section 3): each as one line of JSON. Every compatible endpoint has its seed's form
 * and takes any other by `?format=`. To add one: a function and a row in {@link RENDERERS}.
 */

import type { Fields, LogEvent } from './event.ts';
import type { Level } from './levels.ts';
import { formatTimeMs } from './time.ts';

export const FORMATS = ['fly', 'natstream', 'structured', 'logcore', 'flat'] as const;

export type Format = (typeof FORMATS)[number];

type Renderer = (event: LogEvent) => string;

const RENDERERS: Readonly<Record<Format, Renderer>> = {
  fly: renderFly,
  natstream: renderNatstream,
  structured: renderStructured,
  logcore: renderLogcore,
  flat: (event) => renderFlat(event),
};

/** One line of JSON, without line breaks, for every event there is. */
export function renderEvent(event: LogEvent, format: Format): string {
  return RENDERERS[format](event);
}

/** Seed 000: the raw payload verbatim where it came as JSON over the bus, else an envelope of the same form. */
function renderFly(event: LogEvent): string {
  if (event.verbatim && event.raw !== undefined) return onOneLine(event.raw);
  const { fields, level } = event;
  return stringify(
    {
      event: { provider: event.provider ?? null },
      fly: { app: { instance: event.instance ?? null, name: event.app ?? null }, region: event.region ?? null },
      host: event.host ?? null,
      log: { level },
      message: event.message,
      timestamp: event.time,
      ...(event.source === undefined ? undefined : { source: event.source }),
      ...(event.demo ? { demo: true } : undefined),
    },
    'fields',
    fields,
  );
}

/** Line breaks in valid JSON are blank space between its parts: inside strings they are escaped. */
function onOneLine(json: string): string {
  return /[\r\n]/.test(json) ? json.replace(/[\r\n]+/g, ' ') : json;
}

/** Seed 002: `timestamp` in milliseconds; a log line is never `persistent`. */
function renderNatstream(event: LogEvent): string {
  return JSON.stringify({ message: event.message, timestamp: event.timeMs, type: 'log', persistent: false });
}

/** Seed 004 has four levels. */
export const STRUCTURED_LEVELS: Readonly<Record<Level, string>> = {
  trace: 'debug',
  debug: 'debug',
  info: 'info',
  warn: 'warn',
  error: 'error',
  fatal: 'error',
};

function renderStructured(event: LogEvent): string {
  const { fields, instance, region } = event;
  const meta: Fields = { ...fields };
  if (instance !== undefined && !Object.hasOwn(meta, 'instance')) meta.instance = instance;
  if (region !== undefined && !Object.hasOwn(meta, 'region')) meta.region = region;
  return stringify(
    {
      timestamp: event.time,
      level: STRUCTURED_LEVELS[event.level],
      source: event.source ?? event.app ?? event.provider ?? 'system',
      message: event.message,
    },
    'meta',
    meta,
  );
}

/** Seed 003's Python level names. */
export const LOGCORE_LEVELS: Readonly<Record<Level, string>> = {
  trace: 'DEBUG',
  debug: 'DEBUG',
  info: 'INFO',
  warn: 'WARNING',
  error: 'ERROR',
  fatal: 'CRITICAL',
};

function renderLogcore(event: LogEvent): string {
  const { logger, ...context } = event.fields;
  return stringify(
    {
      timestamp: event.time,
      level: LOGCORE_LEVELS[event.level],
      logger: event.source ?? event.app ?? event.provider ?? 'root',
      message: event.message,
    },
    'context',
    logger === event.source ? context : event.fields,
  );
}

export interface FlatOptions {
  /** Whether the payload as it came is added under `raw`. @defaultValue false */
  readonly raw?: boolean;
}

/** History's form: every field of the record at one level; what is unknown is left out. */
export function renderFlat(event: LogEvent, options: FlatOptions = {}): string {
  return stringify(
    {
      id: event.id,
      time: event.time,
      receivedAt: formatTimeMs(event.receivedAtMs),
      level: event.level,
      message: event.message,
      app: event.app,
      instance: event.instance,
      region: event.region,
      host: event.host,
      provider: event.provider,
      source: event.source,
      ...(options.raw === true && event.raw !== undefined ? { raw: event.raw } : undefined),
    },
    'fields',
    event.fields,
  );
}

/**
 * JSON of `object` with `fields` under `key`, where there are any. Fields are somebody's data: where they cannot be
 * printed (nested deeper than the stack), the event goes out without them and says so.
 */
function stringify(object: object, key: string, fields: Readonly<Fields>): string {
  if (isEmpty(fields)) return JSON.stringify(object);
  try {
    return JSON.stringify({ ...object, [key]: fields });
  } catch {
    return JSON.stringify({ ...object, [key]: { _unprintable: true } });
  }
}

function isEmpty(fields: Readonly<Fields>): boolean {
  for (const _ in fields) return false;
  return true;
}
