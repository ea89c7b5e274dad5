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
export const LOG_ROW_COLUMNS = [
  ...[
    'timestamp',
    'vps_name',
    'app_name',
    'level',
    'message',
    'context',
    'nanos',
    'digits',
    'instance',
    'host',
    'region',
  ],
  ...['provider', 'source', 'structure', 'extras', 'time_text'],
] as const;

const CONTEXT = LOG_ROW_COLUMNS.indexOf('context');
const STRUCTURE = LOG_ROW_COLUMNS.indexOf('structure');

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

/**
 * Values of COPY's text format.
 *
 * @param isModest - whether the columns that are indexed are kept small
 */
export function logRow(event: LogEvent, exact: ExactTexts, isModest: boolean): string[] {
  const instance = exact.column('instance', event.instance);
  const host = exact.column('host', event.host);
  const { ownStructure, extras } = event;
  return [
    microsText(event.timeMs, event.timeNanos),
    copyValue(instance ?? host),
    copyValue(exact.column('app', event.app)),
    LEVEL_TEXTS[event.level],
    copyValue(exact.column('message', event.message, isModest ? MODEST_MESSAGE_CHARS : MAX_MESSAGE_CHARS)),
    isModest ? '\\N' : copyValue(contextOf(event)),
    String(event.timeNanos % 1000),
    String(fractionDigits(event.time)),
    copyValue(instance),
    copyValue(host),
    copyValue(exact.column('region', event.region)),
    copyValue(exact.column('provider', event.provider)),
    copyValue(exact.column('source', event.source)),
    copyValue(ownStructure === undefined ? undefined : printStructure(ownStructure)),
    copyValue(extras === undefined ? undefined : printStructure(extras)),
    isLeapSecond(event) ? event.time : '\\N',
  ];
}

/** Columns of {@link foreignLogLine}: those that a hub fills itself are left to it. */
export const FOREIGN_LOG_COLUMNS = [...LOG_ROW_COLUMNS, 'exact'];

/** An event as a line of COPY, from whoever writes to the database and is no hub. */
export function foreignLogLine(event: LogEvent, isModest: boolean): string {
  const exact = new ExactTexts();
  const values = logRow(event, exact, isModest);
  // Whoever reads the row takes the context where there is no structure.
  if (values[STRUCTURE] === values[CONTEXT]) values[STRUCTURE] = '\\N';
  return `${values.join('\t')}\t${exact.copied}\n`;
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
