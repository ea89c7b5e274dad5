/** What a result of a check says in its columns and beside them. */

import { parseStructure } from '@flywatch/core';
import { CHECK_STATES, type CheckState, FIGURE_TABLES, type FigureRow } from './figures.ts';
import { type Bucket, bucketOf } from './rollup/bucket.ts';

const columnOf = (name: string) => FIGURE_TABLES.checks.columns.findIndex(([column]) => column === name);

const URL = columnOf('url');
const SUCCESS = columnOf('success');
const RESPONSE_TIME = columnOf('response_time_ms');

type Result = Pick<FigureRow, 'values' | 'details'>;

/** What answers, but slowly or with a certificate that ends soon, agents call degraded. */
export function checkState({ values, details }: Result): CheckState {
  if (values[SUCCESS] !== true) return 'down';
  return details !== null && parseStructure(details)?.state === 'degraded' ? 'degraded' : 'up';
}

export function checkUrl({ values }: Result): string {
  return values[URL] as string;
}

export function responseTimeMs({ values }: Result): number | undefined {
  return (values[RESPONSE_TIME] as number | null) ?? undefined;
}

/** What the check is called where the agent says so. */
export function checkName({ details }: Result): string | null {
  const name = details === null ? undefined : parseStructure(details)?.name;
  return typeof name === 'string' ? name : null;
}

/** What a single result comes to. */
export function resultBucket(timeMs: number, state: CheckState, responseMs: number | undefined): Bucket {
  return bucketOf(
    timeMs,
    CHECK_STATES.map((other) => Number(other === state)),
    [responseMs],
  );
}
