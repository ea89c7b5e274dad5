/** Log lines as a model gets them: the compact form of seed 001, with the id at the end, by which a line can be cited. */

import { type FlatEvent, parseFlatEvent } from '@flywatch/core';

/** Characters of one line; the rest of a longer one is left out, and the line says so. */
const MAX_LINE_CHARS = 500;

/** Characters of one answer: some 6,000 tokens. */
const MAX_ANSWER_CHARS = 24_000;

const LEVEL_NAMES: Readonly<Record<string, string>> = {
  trace: 'TRC ',
  debug: 'DBG ',
  info: 'INFO',
  warn: 'WARN',
  error: 'ERR ',
  fatal: 'FTL ',
};

export type LogRow = Pick<FlatEvent, 'time' | 'level' | 'message' | 'app' | 'instance' | 'region' | 'host' | 'id'>;

/** `[15:32:01] ERR  web-abc123 iad: Connection refused  #0hod394fsfe-29b62`; with the date where it is not today's. */
export function logLine(row: LogRow, nowMs: number, withId = true): string {
  const time =
    row.time.slice(0, 10) === new Date(nowMs).toISOString().slice(0, 10)
      ? row.time.slice(11, 19)
      : row.time.slice(0, 19);
  const origin = [[row.app, row.instance ?? row.host].filter(Boolean).join('-'), row.region].filter(Boolean).join(' ');
  const head = `[${time}] ${LEVEL_NAMES[row.level] ?? row.level}${origin === '' ? '' : ` ${origin}`}`;
  return `${head}: ${shortened(row.message)}${withId ? `  #${row.id}` : ''}`;
}

/** One line of text, line ends shown as `⏎`. */
export function shortened(message: string, maxChars = MAX_LINE_CHARS): string {
  const text = message.trim().replace(/\s*[\r\n]+\s*/g, ' ⏎ ');
  if (text.length <= maxChars) return text;
  return `${text.slice(0, maxChars).toWellFormed()}… (${text.length - maxChars} more characters)`;
}

/** Rows of history, as they come from the store. */
export function readRows(rows: readonly string[]): LogRow[] {
  return rows.map((row) => parseFlatEvent(row)!);
}

/**
 * Lines joined up to the bound of an answer, the first ones first.
 * @param more - said where some did not fit: how to ask for them
 */
export function joinLines(lines: readonly string[], more: string): string {
  let chars = 0;
  let count = 0;
  while (count < lines.length && chars + lines[count]!.length < MAX_ANSWER_CHARS) chars += lines[count++]!.length + 1;
  const text = lines.slice(0, count).join('\n');
  return count === lines.length
    ? text
    : `${text}\n(${lines.length - count} of ${lines.length} lines are left out here. ${more})`;
}
