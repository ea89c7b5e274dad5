/** Rows of figures and checks as they lie in the file. */

import { zstdDecompressSync } from 'node:zlib';
import { FIGURE_TABLES, type FigureKind, type FigureRow, type FigureValue } from '../figures.ts';

/** @param row - time, host, app, the columns of the kind, and the details */
export function asFigureRow(kind: FigureKind, [timeMs, vps, app, ...rest]: readonly unknown[]): FigureRow {
  const { columns } = FIGURE_TABLES[kind];
  const details = rest.pop() as Uint8Array | null;
  return {
    timeMs: timeMs as number,
    vps: vps as string,
    app: app as string,
    values: rest.map((value, i) => (columns[i]?.[1] === 'boolean' ? value === 1 : (value as FigureValue))),
    details: details === null ? null : zstdDecompressSync(details).toString(),
  };
}
