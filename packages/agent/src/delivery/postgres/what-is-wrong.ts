/** What keeps rows from being written, in words that may be logged, and whether time may cure it. */

import { describe, isAway } from '../../postgres/connection.ts';
import type { WayState } from '../way.ts';
import { MissingTablesError } from './tables.ts';

export interface Wrong {
  readonly state: Extract<WayState, 'away' | 'refused'>;
  readonly reason: string;
}

/** Classes of SQLSTATE that only people cure: a password, a database that is not there. */
const TO_BE_PUT_RIGHT = /^(28|3D)/;

export function whatIsWrong(error: unknown, url: string): Wrong {
  if (error instanceof MissingTablesError) return { state: 'refused', reason: error.message };
  const { code } = error as { code?: string };
  const isRefused = !isAway(error) || TO_BE_PUT_RIGHT.test(code ?? '');
  return { state: isRefused ? 'refused' : 'away', reason: describe(error, url, 'postgres_url') };
}
