/** The newest result of a check, as a row has it. */

import { parseStructure } from '@flywatch/core';
import { FIGURE_TABLES, type FigureRow } from '../../store/figures.ts';

export interface CheckFacts {
  readonly app: string;
  readonly url: string;
  /** What people call it: its name, or its address. */
  readonly title: string;
  readonly atMs: number;
  readonly success: boolean;
  readonly message: string | undefined;
  /** As the agent has it; undefined in rows of others. */
  readonly state: string | undefined;
  readonly certificateDays: number | undefined;
}

const COLUMNS = FIGURE_TABLES.checks.columns.map(([name]) => name);
const [URL, SUCCESS, ERROR] = (['url', 'success', 'error_message'] as const).map((name) => COLUMNS.indexOf(name)) as [
  number,
  number,
  number,
];

export function readCheck({ app, timeMs, values, details }: FigureRow): CheckFacts {
  const more = details === null ? undefined : parseStructure(details);
  const url = String(values[URL]);
  const { name, state, certificate_days: days } = more ?? {};
  const error = values[ERROR];
  return {
    app,
    url,
    title: typeof name === 'string' && name !== '' ? name : url,
    atMs: timeMs,
    success: values[SUCCESS] === true,
    message: typeof error === 'string' && error !== '' ? error : undefined,
    state: typeof state === 'string' ? state : undefined,
    certificateDays: typeof days === 'number' ? days : undefined,
  };
}

/** How a check has been doing of late. */
export interface Streak {
  /** Failures in a row, the newest result among them. */
  readonly failures: number;
  /** Time of the first of them. */
  readonly sinceMs: number;
}

/** The failures with which the results of a check end; `results` the newest first, of all checks of a host. */
export function streakOf(results: readonly FigureRow[], { app, url }: CheckFacts): Streak | undefined {
  let failures = 0;
  let sinceMs = 0;
  for (const row of results) {
    if (row.app !== app || row.values[URL] !== url) continue;
    if (row.values[SUCCESS] === true) break;
    failures++;
    sinceMs = row.timeMs;
  }
  return failures === 0 ? undefined : { failures, sinceMs };
}
