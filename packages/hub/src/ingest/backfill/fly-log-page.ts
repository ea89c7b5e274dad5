/** A page of Fly's HTTP log API: `{"data": [...], "meta": {"next_token": "..."}}`. */

import { isObject, own } from '@flywatch/core';
import { type FlyLogLine, parseLine } from './fly-log-line.ts';

export interface FlyLogPage {
  /** Oldest first. */
  readonly lines: readonly FlyLogLine[];
  /** Elements that are no lines. */
  readonly malformed: number;
  /** Where the API goes on, in nanoseconds since 1970; undefined where it does not say. */
  readonly nextNs: bigint | undefined;
}

/** Nanoseconds since 1970 have 19 digits from 2001 to 2286. */
const TOKEN = /^\d{1,19}$/;

/** The page in an answer; undefined where it is none. Never throws. */
export function parsePage(text: string): FlyLogPage | undefined {
  const answer = parseJson(text);
  const data = own(answer, 'data');
  if (!isObject(answer) || !Array.isArray(data)) return undefined;
  const lines: FlyLogLine[] = [];
  for (const element of data) {
    const line = parseLine(element);
    if (line !== undefined) lines.push(line);
  }
  const token = own(own(answer, 'meta'), 'next_token');
  return {
    lines,
    malformed: data.length - lines.length,
    nextNs: typeof token === 'string' && TOKEN.test(token) ? BigInt(token) : undefined,
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
