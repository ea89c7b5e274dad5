/** Results of all checks of a host over time, in cells. Pure. */

import type { CheckState } from '@flywatch/core';
import type { CheckSeries } from './vps-series.ts';

/** Cells of the strip: as many as can be told apart on a phone. */
export const CELLS = 48;

/** A cell in which this share of the results failed is down; with fewer it is degraded: over 30 days a cell is half a day long, and one failure does not make it lost. */
const DOWN_SHARE = 0.5;

export interface Availability {
  readonly cells: readonly (CheckState | undefined)[];
  /** Share of results that did not fail; undefined where there is none. */
  readonly share: number | undefined;
  readonly failed: number;
}

export function availabilityOf(checks: readonly CheckSeries[], fromMs: number, toMs: number): Availability {
  const cells = new Array<CheckState | undefined>(CELLS).fill(undefined);
  let [all, failed] = [0, 0];
  for (const { times, up, degraded, down } of checks) {
    const results = cells.map(() => ({ up: 0, degraded: 0, down: 0 }));
    times.forEach((time, at) => {
      all += up[at]! + degraded[at]! + down[at]!;
      failed += down[at]!;
      const cell = results[Math.floor(((time - fromMs) / (toMs - fromMs)) * CELLS)];
      if (cell === undefined) return;
      cell.up += up[at]!;
      cell.degraded += degraded[at]!;
      cell.down += down[at]!;
    });
    // One of several checks that is down must not be outvoted by the others.
    results.forEach((cell, at) => {
      cells[at] = worse(cells[at], stateOf(cell));
    });
  }
  return { cells, share: all === 0 ? undefined : 1 - failed / all, failed };
}

function stateOf({ up, degraded, down }: Readonly<Record<CheckState, number>>): CheckState | undefined {
  const all = up + degraded + down;
  if (all === 0) return undefined;
  if (down >= DOWN_SHARE * all) return 'down';
  return down + degraded > 0 ? 'degraded' : 'up';
}

const WORST_FIRST: readonly (CheckState | undefined)[] = ['down', 'degraded', 'up'];

function worse(one: CheckState | undefined, other: CheckState | undefined): CheckState | undefined {
  return WORST_FIRST.find((state) => state === one || state === other);
}
