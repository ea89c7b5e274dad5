/**
 * Rows under headings, in columns as wide as what stands in them. Cells are safe text, painted by the caller's function. The last
 * column may be folded into what the others leave of the window: its row is then a text of several lines.
 */

import { displayWidth, foldText } from './display-width.ts';

export interface Column<Row> {
  readonly title: string;
  readonly text: (row: Row) => string;
  /** Figures stand at the right. */
  readonly isFigure?: boolean;
  readonly paint?: (row: Row, text: string) => string;
}

export interface Fold {
  /** Of the window. */
  readonly columns: number;
  /** Of one cell at most; what is left then ends with `…`. */
  readonly maxLines: number;
}

/** Columns that a folded cell has at least: in a window that is narrower, the terminal breaks the lines. */
const MIN_FOLDED = 20;

export function renderTable<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  paintTitle: (text: string) => string,
  fold?: Fold,
): string[] {
  const cells = rows.map((row) => columns.map(({ text }) => text(row)));
  const widths = columns.map(({ title }, i) => Math.max(title.length, ...cells.map((line) => displayWidth(line[i]!))));
  const padded = (text: string, i: number) => {
    const gap = ' '.repeat(widths[i]! - displayWidth(text));
    return columns[i]!.isFigure === true ? gap + text : text + gap;
  };
  const painted = (text: string, i: number, row: Row) => columns[i]!.paint?.(row, text) ?? text;
  const title = columns.map((column, i) => padded(column.title, i)).join(GAP);
  const last = columns.length - 1;
  const indent = widths.slice(0, last).reduce((sum, width) => sum + width + GAP.length, 0);
  const lines = rows.map((row, r) => {
    const texts = cells[r]!;
    if (fold === undefined)
      return texts
        .map((text, i) => painted(padded(text, i), i, row))
        .join(GAP)
        .trimEnd();
    const [first = '', ...further] = foldText(texts[last]!, Math.max(MIN_FOLDED, fold.columns - indent), fold.maxLines);
    const head = texts.slice(0, last).map((text, i) => painted(padded(text, i), i, row));
    return [
      [...head, painted(first, last, row)].join(GAP),
      ...further.map((text) => ' '.repeat(indent) + painted(text, last, row)),
    ].join('\n');
  });
  return [paintTitle(title.trimEnd()), ...lines];
}

const GAP = '  ';
