/** How an app on a host is, from the newest result of each of its addresses: as bad as the worst of them. */

import { parseStructure } from '@flywatch/core';
import { FIGURE_TABLES, type FigureRow } from '../store/figures.ts';

/** From good to bad. `unknown`: no result of the last minutes. */
const STATUSES = ['unknown', 'healthy', 'degraded', 'unhealthy'] as const;

export type HealthStatus = (typeof STATUSES)[number];

const SUCCESS = FIGURE_TABLES.checks.columns.findIndex(([name]) => name === 'success');

export function healthStatus(results: readonly FigureRow[]): HealthStatus {
  const worst = results.reduce((rank, result) => Math.max(rank, STATUSES.indexOf(statusOf(result))), 0);
  return STATUSES[worst]!;
}

function statusOf({ values, details }: FigureRow): HealthStatus {
  if (values[SUCCESS] !== true) return 'unhealthy';
  // What answers, but slowly or with a certificate that ends soon, agents call degraded.
  return details !== null && parseStructure(details)?.state === 'degraded' ? 'degraded' : 'healthy';
}
