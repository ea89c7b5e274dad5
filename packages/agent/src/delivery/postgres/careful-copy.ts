/**
 * Copies lines of which some cannot be stored: in ever smaller parts, each behind a savepoint, until those are found. One that is refused
 * alone is tried with less for the indexes, which are what refuses a row, and then given up.
 */

import type { LogEvent } from '@flywatch/core';
import { describe, isRefused } from '../../postgres/connection.ts';
import type { Link } from '../../postgres/link.ts';

/** Lines that are copied together at first. */
const PART_LINES = 500;

export interface RefusedLines {
  readonly lines: number;
  /** Why the last of them was. */
  readonly reason: string;
}

export interface CarefulCopy {
  readonly link: Link;
  /** `COPY … FROM STDIN`. */
  readonly statement: string;
  readonly lineOf: (event: LogEvent, isModest: boolean) => string;
  /** What the connection was made with: kept out of the reason. */
  readonly url: string;
}

/** Within a transaction. */
export async function copyCarefully(copy: CarefulCopy, events: Iterable<LogEvent>): Promise<RefusedLines> {
  const refused: RefusedLines[] = [];
  let part: LogEvent[] = [];
  for (const event of events) {
    if (part.push(event) < PART_LINES) continue;
    refused.push(await copyPart(copy, part, false));
    part = [];
  }
  if (part.length > 0) refused.push(await copyPart(copy, part, false));
  return sum(refused);
}

async function copyPart(copy: CarefulCopy, part: readonly LogEvent[], isModest: boolean): Promise<RefusedLines> {
  const { link, statement, lineOf, url } = copy;
  await link.query('SAVEPOINT part');
  try {
    await link.copy(
      statement,
      part.map((event) => lineOf(event, isModest)),
    );
    await link.query('RELEASE part');
    return NONE;
  } catch (error) {
    if (!isRefused(error)) throw error;
    await link.query('ROLLBACK TO part');
    if (part.length === 1) {
      return isModest ? { lines: 1, reason: describe(error, url, 'postgres_url') } : copyPart(copy, part, true);
    }
    const half = part.length >> 1;
    return sum([await copyPart(copy, part.slice(0, half), false), await copyPart(copy, part.slice(half), false)]);
  }
}

export const NONE: RefusedLines = { lines: 0, reason: '' };

function sum(parts: readonly RefusedLines[]): RefusedLines {
  return parts.reduce((all, { lines, reason }) => (lines === 0 ? all : { lines: all.lines + lines, reason }), NONE);
}
