/** Rows under headings, in columns as wide as what stands in them. Cells are safe text, painted by the caller's function. */

import { displayWidth } from './display-width.ts';

export interface Column<Row> {
  readonly title: string;
  readonly text: (row: Row) => string;
  /** Figures stand at the right. */
  readonly isFigure?: boolean;
  readonly paint?: (row: Row, text: string) => string;
}

export function renderTable<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  paintTitle: (text: string) => string,
): string[] {
  const cells = rows.map((row) => columns.map(({ text }) => text(row)));
  const widths = columns.map(({ title }, i) => Math.max(title.length, ...cells.map((line) => displayWidth(line[i]!))));
  const padded = (text: string, i: number) => {
    const gap = ' '.repeat(widths[i]! - displayWidth(text));
    return columns[i]!.isFigure === true ? gap + text : text + gap;
  };
  const title = columns.map((column, i) => padded(column.title, i)).join('  ');
  const lines = rows.map((row, r) =>
    columns
      .map(({ paint }, i) => {
        const text = padded(cells[r]![i]!, i);
        return paint === undefined ? text : paint(row, text);
      })
      .join('  ')
      .trimEnd(),
  );
  return [paintTitle(title.trimEnd()), ...lines];
}
