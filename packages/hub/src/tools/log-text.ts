/** Log lines as a model gets them: the compact form of seed 001, with the id at the end, by which a line can be cited. */

import { type FlatEvent, parseFlatEvent, stripAnsi } from '@flywatch/core';
import type { Mask } from './redact.ts';

/** Characters of one line; the rest of a longer one is left out, and the line says so. */
const MAX_LINE_CHARS = 500;

/** Characters of one answer: some 6,000 tokens. */
const MAX_ANSWER_CHARS = 16_000;

/** Characters beyond the cut that are looked at, so that a secret on it is known as one: what tells it stands in its first some hundred. */
const LOOKED_AHEAD_CHARS = 1_000;

const LEVEL_NAMES: Readonly<Record<string, string>> = {
  trace: 'TRC ',
  debug: 'DBG ',
  info: 'INFO',
  warn: 'WARN',
  error: 'ERR ',
  fatal: 'FTL ',
};

/** What a line is shown by: of an event in the ring and of a row of history alike. */
export type LogRow = Pick<FlatEvent, 'time' | 'level' | 'message' | 'id'> & {
  readonly [K in 'app' | 'instance' | 'region' | 'host']?: string | undefined;
};

export interface LineOptions {
  readonly nowMs: number;
  readonly mask: Mask;
}

/** `[15:32:01] ERR  web-abc123 iad: Connection refused  #0hod394fsfe-29b62`; with the date where it is not today's. */
export function logLine(row: LogRow, { nowMs, mask }: LineOptions, maxChars = MAX_LINE_CHARS): string {
  const time =
    row.time.slice(0, 10) === new Date(nowMs).toISOString().slice(0, 10)
      ? row.time.slice(11, 19)
      : row.time.slice(0, 19);
  const origin = [[row.app, row.instance ?? row.host].filter(Boolean).join('-'), row.region].filter(Boolean).join(' ');
  const head = `[${time}] ${LEVEL_NAMES[row.level] ?? row.level}${origin === '' ? '' : ` ${origin}`}`;
  return `${oneLine(head)}: ${shortened(row.message, mask, maxChars)}  #${row.id}`;
}

/** One line of text, line ends shown as `⏎`, masked before it is cut. */
export function shortened(message: string, mask: Mask, maxChars = MAX_LINE_CHARS): string {
  // What is far beyond the cut does not matter, and a line may have a quarter of a megabyte.
  const text = oneLine(mask(stripAnsi(message.slice(0, maxChars + LOOKED_AHEAD_CHARS))));
  const rest = Math.max(0, message.length - maxChars - LOOKED_AHEAD_CHARS);
  if (text.length + rest <= maxChars) return text;
  return `${text.slice(0, maxChars).toWellFormed()}… (${text.length + rest - maxChars} more characters)`;
}

function oneLine(text: string): string {
  return text.trim().replace(/[\r\n\v\f\u0085\u2028\u2029]\s*/g, ' ⏎ ');
}

/** `45,231`. Not by `Intl`, whose first use takes some 15 ms. */
export function withCommas(value: number): string {
  return String(value).replace(/\B(?=(?:\d{3})+$)/g, ',');
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
  const fitting = countFitting(lines);
  const text = lines.slice(0, fitting).join('\n');
  return fitting === lines.length
    ? text
    : `${text}\n(${lines.length - fitting} of ${lines.length} lines are left out here. ${more})`;
}

/** How many of the first lines fit into an answer. */
export function countFitting(lines: readonly string[]): number {
  let chars = 0;
  let count = 0;
  while (count < lines.length && chars + lines[count]!.length < MAX_ANSWER_CHARS) chars += lines[count++]!.length + 1;
  return count;
}

/** A place in history as text, with letters so that it looks like no number of a card, for the next page: lines of one moment are neither lost nor told twice. */
export function formatCursor({ ms, nanos, position }: HistoryKey): string {
  return [ms, nanos, position].map((part) => part.toString(36)).join('.');
}

/** Undefined where it is none. */
export function parseCursor(text: string): HistoryKey | undefined {
  const [ms, nanos, position] =
    /^([\da-z]{1,10})\.([\da-z]{1,4})\.([\da-z]{1,10})$/
      .exec(text)
      ?.slice(1)
      .map((part) => Number.parseInt(part, 36)) ?? [];
  return ms === undefined ? undefined : { ms, nanos: nanos!, position: position! };
}

/** An event's place in the order of history. */
export interface HistoryKey {
  readonly ms: number;
  readonly nanos: number;
  readonly position: number;
}
