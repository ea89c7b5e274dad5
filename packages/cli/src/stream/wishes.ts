import type { LogFilters } from '@flywatch/client';

/** Which lines somebody wants to see. */
export interface LogWishes {
  readonly filters: LogFilters;
  /** From this time on. */
  readonly since: string | undefined;
  /** Before this time. */
  readonly until: string | undefined;
  /** The last so many at most; undefined: all, from `since` on or from now on. */
  readonly tail: number | undefined;
  /** Whether the reading goes on with what arrives. */
  readonly follow: boolean;
}

/** How long the first answer may take, from which on somebody at a terminal would wonder: with the start it is below 3 s. */
export const FIRST_ANSWER_MS = 2_000;
