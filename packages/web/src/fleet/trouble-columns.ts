/** Which of a row's figures the reasons speak of: only these are coloured. Pure. */

import type { FleetUnit, Severity } from './fleet-overview.ts';

export type Column = 'cpu' | 'memory' | 'disk' | 'load' | 'errors' | 'checks';

/** By the code of the reason; a code that is not known colours nothing but the reason itself. */
const COLUMNS: readonly (readonly [code: RegExp, column: Column])[] = [
  [/cpu|steal|iowait/, 'cpu'],
  [/memory|swap|oom/, 'memory'],
  [/disk|inode/, 'disk'],
  [/load/, 'load'],
  [/error/, 'errors'],
  [/check|certificate/, 'checks'],
];

export function troubleColumns({ reasons }: FleetUnit): ReadonlyMap<Column, Severity> {
  const found = new Map<Column, Severity>();
  for (const { code, severity } of reasons) {
    const column = COLUMNS.find(([pattern]) => pattern.test(code))?.[1];
    if (column !== undefined && found.get(column) !== 'error') found.set(column, severity);
  }
  return found;
}
