/** What a look at a host or an app has found: a reason, before it is written for the wire. */

import { formatTimeMs, type UnitReason, type UnitSeverity } from '@flywatch/core';

export interface Finding {
  readonly code: string;
  readonly text: string;
  readonly severity: UnitSeverity;
  /** When it began, where that is known. */
  readonly sinceMs: number | null;
}

/** Reasons of one unit; a host with fifty failing checks has said enough with ten. */
const MAX_REASONS = 10;

/** Characters of a reason: names and messages in it come from hosts. */
const MAX_TEXT_CHARS = 300;

/** Worst first, of equals the newest. */
export function rankFindings(findings: readonly Finding[]): Finding[] {
  const rank = ({ severity }: Finding) => (severity === 'error' ? 0 : 1);
  return [...findings].sort((a, b) => rank(a) - rank(b) || (b.sinceMs ?? 0) - (a.sinceMs ?? 0)).slice(0, MAX_REASONS);
}

export function asReason({ code, text, severity, sinceMs }: Finding): UnitReason {
  const shown = text.length > MAX_TEXT_CHARS ? `${text.slice(0, MAX_TEXT_CHARS - 1).toWellFormed()}…` : text;
  return { code, text: shown, severity, since: sinceMs === null ? null : formatTimeMs(sinceMs) };
}

/** As bad as a figure is by a rule; undefined where it is fine. */
export function severityBy(
  value: number | undefined,
  { warn, error }: { readonly warn: number; readonly error?: number },
): UnitSeverity | undefined {
  if (value === undefined || value < warn) return undefined;
  return error !== undefined && value >= error ? 'error' : 'warn';
}
