/** Events for the tests of filters. */

import { type EventInit, type Fields, LogEvent } from '../event.ts';
import type { RegexEngine } from './regex-engine.ts';

const DEFAULTS: EventInit = {
  position: 1_000_000,
  hub: 'h7c2d',
  receivedAtMs: Date.UTC(2026, 10, 20, 10, 15, 3),
  time: '2026-11-20T10:15:02.252022967Z',
  timeMs: Date.UTC(2026, 10, 20, 10, 15, 2, 252),
  timeNanos: 22_967,
  level: 'info',
  message: '',
  app: undefined,
  instance: undefined,
  region: undefined,
  host: undefined,
  provider: undefined,
  source: undefined,
  structure: undefined,
  extras: undefined,
  raw: undefined,
  verbatim: false,
  demo: false,
};

export type EventParts = Partial<EventInit> & { readonly fields?: Fields };

/** A line, or an event of which only what matters is given. */
export function createEvent(parts: string | EventParts): LogEvent {
  if (typeof parts === 'string') return new LogEvent({ ...DEFAULTS, message: parts });
  const { fields, ...init } = parts;
  return new LogEvent({ ...DEFAULTS, structure: fields, ...init });
}

/** The engine's own expressions: good enough for patterns that the tests write themselves. */
export const nativeRegex: RegexEngine = (source, { ignoreCase }) => new RegExp(source, ignoreCase ? 'i' : '');
