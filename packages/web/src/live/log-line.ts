/** A line as `/logs/history` and `/logs/context` give it: the `flat` form of docs/http.md. */

import type { Level } from '@flywatch/core';

export interface LogLine {
  readonly id: string;
  readonly time: string;
  readonly receivedAt: string;
  readonly level: Level;
  readonly message: string;
  readonly app?: string;
  readonly instance?: string;
  readonly region?: string;
  readonly host?: string;
  readonly provider?: string;
  readonly source?: string;
  readonly fields?: Readonly<Record<string, unknown>>;
  /** The payload as it came, where it was asked for. */
  readonly raw?: unknown;
}

/** What a line may be labelled with, in the order in which they are shown. */
export const LABELS = ['app', 'instance', 'region', 'host', 'provider', 'source'] as const;
