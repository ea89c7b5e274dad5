/** What a snapshot says of the logs. Counted by whoever has them; the snapshots only ask. */

import type { Level } from '@flywatch/core';

/** Names as on the wire. */
export interface LogSummary {
  readonly total: number;
  readonly counts: Readonly<Record<Level, number>>;
  /** Of level error and fatal. */
  readonly errors: number;
  readonly warnings: number;
  /** The newest first. */
  readonly top_errors: readonly TopError[];
}

/** Errors that are alike. */
export interface TopError {
  readonly message: string;
  readonly level: Level;
  readonly count: number;
  readonly app: string | null;
  readonly instance: string | null;
  /** RFC 3339, as is `last_seen`. */
  readonly first_seen: string;
  readonly last_seen: string;
}

/** No more than so many errors, with texts no longer than that: a line may have a quarter of a megabyte. */
export function boundSummary(summary: LogSummary, maxErrors: number, maxChars: number): LogSummary {
  const top = summary.top_errors.slice(0, maxErrors);
  return { ...summary, top_errors: top.map((error) => ({ ...error, message: cutText(error.message, maxChars) })) };
}

/** The beginning of a text, and an ellipsis where there was more; never half a character. */
export function cutText(text: string, maxChars: number): string {
  if (text.length <= maxChars) return text;
  const last = text.charCodeAt(maxChars - 2);
  const isHalf = last >= 0xd800 && last <= 0xdbff;
  return `${text.slice(0, maxChars - (isHalf ? 2 : 1))}…`;
}
