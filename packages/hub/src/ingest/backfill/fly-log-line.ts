/**
 * One line of Fly's HTTP log API (facts, 5.7), and the envelope in which the bus would have brought it:
 *
 *   {"id":"…","attributes":{"timestamp":"…","message":"…","level":"info","instance":"…","region":"…","meta":{…}}}
 *
 * Lines go on as envelopes of the bus, since that is what they are, brought by another messenger: every surface shows them
 * in the same form, and the normalizer finds level and fields as it would have. The API does not tell the host.
 */

import { hash } from 'node:crypto';
import { isObject, label, own, parseTime, type SourceTime } from '@flywatch/core';

export interface FlyLogLine {
  /** The same for the same element of the API, id included, and for no other. */
  readonly identity: string;
  readonly time: SourceTime;
  readonly message: string;
  readonly level: string | undefined;
  readonly instance: string | undefined;
  readonly region: string | undefined;
  readonly provider: string | undefined;
  /** `error`, `http` and `url` of edge errors. */
  readonly details: Readonly<Record<string, unknown>>;
}

/** Order of keys in {@link toEnvelope}: the bus sorts them. */
const DETAILS = ['error', 'http', 'url'] as const;

/** An element of `data`; undefined where it is none or has no time that can be read, by which it could be merged. */
export function parseLine(element: unknown): FlyLogLine | undefined {
  const attributes = own(element, 'attributes');
  if (!isObject(attributes)) return undefined;
  const time = parseTime(own(attributes, 'timestamp'));
  if (time === undefined) return undefined;
  const meta = own(attributes, 'meta');
  const level = own(attributes, 'level');
  const details: Record<string, unknown> = {};
  for (const key of DETAILS) {
    const value = own(meta, key);
    if (isObject(value)) details[key] = value;
  }
  return {
    identity: hash('sha256', JSON.stringify(element), 'base64'),
    time,
    message: textOf(own(attributes, 'message'), own(details.error, 'message')),
    level: typeof level === 'string' ? level : undefined,
    instance: label(own(attributes, 'instance')) ?? label(own(meta, 'instance')),
    region: label(own(attributes, 'region')) ?? label(own(meta, 'region')),
    provider: label(own(own(meta, 'event'), 'provider')),
    details,
  };
}

/** As the normalizer reads an envelope: an edge error may have its text in `error.message` alone (facts, 5.4). */
function textOf(message: unknown, errorMessage: unknown): string {
  const given = message === '' || message === null || message === undefined ? (errorMessage ?? '') : message;
  // The bus brings bytes, in which half a surrogate pair cannot be.
  return (typeof given === 'string' ? given : (JSON.stringify(given) ?? '')).toWellFormed();
}

/** The line as the bus would have brought it: compact, keys sorted. */
export function toEnvelope(app: string, line: FlyLogLine): string {
  const { details, instance, level, message, provider, region, time } = line;
  return JSON.stringify({
    error: details.error,
    event: { provider: provider ?? 'app' },
    fly: { app: { instance: instance ?? null, name: app }, region },
    http: details.http,
    log: level === undefined ? undefined : { level },
    message,
    timestamp: time.text,
    url: details.url,
  });
}
