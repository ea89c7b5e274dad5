/** Results of all checks of a host over time: the worst of each cell. Pure. */

import type { CheckState } from '../fleet-overview.ts';
import type { CheckSeries } from './vps-series.ts';

/** Cells of the strip: as many as can be told apart on a phone. */
export const CELLS = 48;

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
    times.forEach((time, at) => {
      const cell = Math.floor(((time - fromMs) / (toMs - fromMs)) * CELLS);
      all += up[at]! + degraded[at]! + down[at]!;
      failed += down[at]!;
      if (cell < 0 || cell >= CELLS) return;
      if (down[at]! > 0) cells[cell] = 'down';
      else if (degraded[at]! > 0 && cells[cell] !== 'down') cells[cell] = 'degraded';
      else if (up[at]! > 0) cells[cell] ??= 'up';
    });
  }
  return { cells, share: all === 0 ? undefined : 1 - failed / all, failed };
}
