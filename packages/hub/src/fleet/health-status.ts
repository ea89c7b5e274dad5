/** How an app on a host is, from the newest result of each of its addresses: as bad as the worst of them. */

import { checkState } from '../store/check-row.ts';
import type { FigureRow } from '../store/figures.ts';

/** From good to bad. `unknown`: no result of the last minutes. */
const STATUSES = ['unknown', 'healthy', 'degraded', 'unhealthy'] as const;

export type HealthStatus = (typeof STATUSES)[number];

const STATUS_OF = { up: 'healthy', degraded: 'degraded', down: 'unhealthy' } as const;

export function healthStatus(results: readonly FigureRow[]): HealthStatus {
  const worst = results.reduce((rank, row) => Math.max(rank, STATUSES.indexOf(STATUS_OF[checkState(row)])), 0);
  return STATUSES[worst]!;
}
