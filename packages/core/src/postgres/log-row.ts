/**
 * An event as a row of `log_entries`, as far as a hub and an agent that writes to the database itself have the same to say. The
 * first columns are for people who write SQL, in seed 003's spelling; the others hold what these cannot: digits of the time, texts
 * with NUL, notes.
 */

import type { LogEvent } from '../event.ts';
import type { Level } from '../levels.ts';
import { printStructure } from '../structure.ts';
import { fractionDigits, isLeapSecond } from '../time.ts';
import { copyValue, sqlJson, sqlText } from './sql-text.ts';

/** As logcore writes them; it has no trace, so that this one is ours. */
const LEVEL_TEXTS: Readonly<Record<Level, string>> = {
  trace: 'TRACE',
  debug: 'DEBUG',
  info: 'INFO',
  warn: 'WARNING',
  error: 'ERROR',
  fatal: 'CRITICAL',
};

/**
 * Characters of a message that stand in its column; the whole of a longer one is in `exact`. The text index refuses a row
 * whose words take more than 1 MB, and words of URLs count several times.
 */
const MAX_MESSAGE_CHARS = 200_000;

/** The same for a row that was refused. */
const MODEST_MESSAGE_CHARS = 2000;

/** Columns of {@link logRow}, in its order. */
export const LOG_ROW_COLUMNS = `timestamp, vps_name, app_name, level, message, context, nanos, digits, instance, host, region,
  provider, source, structure, extras, time_text`;

/** Texts of a row that PostgreSQL cannot hold as they are; they stand in the column `exact`, as JSON. */
export class ExactTexts {
  #texts: { [name: string]: string } | undefined;

  /** The text as its column has it; where that is another one, the event's own is noted. */
  column(name: string, text: string | undefined, maxChars = Number.POSITIVE_INFINITY): string | undefined {
    if (text === undefined) return undefined;
    const safe = sqlText(text.length > maxChars ? text.slice(0, maxChars) : text);
    if (safe !== text) {
      this.#texts ??= {};
      this.#texts[name] = text;
    }
    return safe;
  }

  /** The column `exact`, for COPY. */
  get copied(): string {
    return copyValue(this.#texts === undefined ? undefined : JSON.stringify(this.#texts));
  }
}

/** A value that is not there, in COPY's text format. */
const NULL = '\\N';

export interface LogRowOptions {
  /** Whether the columns that are indexed are kept small. */
  readonly isModest: boolean;
  /** Whether `structure` is left out where it is what `context` says: who reads a row that a hub did not write looks there. */
  readonly leansOnContext: boolean;
}

/** Values of COPY's text format. */
export function logRow(event: LogEvent, exact: ExactTexts, { isModest, leansOnContext }: LogRowOptions): string[] {
  const instance = exact.column('instance', event.instance);
  const host = exact.column('host', event.host);
  const { ownStructure, extras } = event;
  const context = isModest ? NULL : copyValue(contextOf(event));
  const structure = copyValue(ownStructure === undefined ? undefined : printStructure(ownStructure));
  return [
    microsText(event.timeMs, event.timeNanos),
    copyValue(instance ?? host),
    copyValue(exact.column('app', event.app)),
    LEVEL_TEXTS[event.level],
    copyValue(exact.column('message', event.message, isModest ? MODEST_MESSAGE_CHARS : MAX_MESSAGE_CHARS)),
    context,
    String(event.timeNanos % 1000),
    String(fractionDigits(event.time)),
    copyValue(instance),
    copyValue(host),
    copyValue(exact.column('region', event.region)),
    copyValue(exact.column('provider', event.provider)),
    copyValue(exact.column('source', event.source)),
    leansOnContext && structure === context ? NULL : structure,
    copyValue(extras === undefined ? undefined : printStructure(extras)),
    isLeapSecond(event) ? event.time : NULL,
  ];
}

/** A time to the microsecond. */
export function microsText(ms: number, nanos: number): string {
  const iso = new Date(ms).toISOString();
  return `${iso.slice(0, -1)}${String(Math.floor(nanos / 1000)).padStart(3, '0')}+00`;
}

/** Parsed fields for `context`; undefined where there are none, or none that can be written. */
function contextOf({ fields }: LogEvent): string | undefined {
  for (const _ in fields) {
    try {
      return sqlJson(fields);
    } catch {
      // Nested deeper than the stack: the message has it all the same.
      return undefined;
    }
  }
  return undefined;
}
