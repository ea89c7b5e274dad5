/** Which of a row's figures the reasons speak of: only these are coloured. Pure. */

import type { FleetUnit, UnitSeverity } from '@flywatch/core';

export type Column = 'cpu' | 'memory' | 'disk' | 'load' | 'errors';

/** By the code of the reason; one that is not here colours nothing but the reason itself. */
const COLUMNS: Readonly<Record<string, Column>> = {
  cpu: 'cpu',
  iowait: 'cpu',
  steal: 'cpu',
  load: 'load',
  memory: 'memory',
  oom: 'memory',
  disk: 'disk',
  inodes: 'disk',
  error_rate: 'errors',
};

export function troubleColumns({ reasons }: FleetUnit): ReadonlyMap<Column, UnitSeverity> {
  const found = new Map<Column, UnitSeverity>();
  for (const { code, severity } of reasons) {
    const column = Object.hasOwn(COLUMNS, code) ? COLUMNS[code] : undefined;
    if (column !== undefined && found.get(column) !== 'error') found.set(column, severity);
  }
  return found;
}
