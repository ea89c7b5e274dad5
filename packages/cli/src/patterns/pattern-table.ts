/** How patterns look: a table that fits into the window. What matters less is left out where there is less room. */

import { LEVELS } from '@flywatch/core';
import { agoText } from '../view/ago-text.ts';
import { LEVEL_STYLES, type Paint, type Style } from '../view/colours.ts';
import { fitText } from '../view/display-width.ts';
import { type Column, renderTable } from '../view/table.ts';
import { safeLabel } from '../view/terminal-text.ts';
import type { ShownPattern } from './shown-pattern.ts';

export interface PatternTableOptions {
  /** Lines that were looked at, of which each pattern has its share. */
  readonly events: number;
  /** With the newest line below each pattern. */
  readonly examples: boolean;
  /** Of the window; undefined where lines may be as long as they are. */
  readonly columns: number | undefined;
  readonly paint: Paint;
  readonly nowMs: number;
}

/** Columns of a window from which on there is room for more: for counts beside the change and the last time; for all there is. */
const MEDIUM = 80;
const WIDE = 120;

/** A long pattern is known by its beginning; the whole is in what goes to a pipe. */
const MAX_LINES = 3;

const BAR_COLUMNS = 10;

/** Eighths of a column. */
const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

const CHANGE_STYLES: Readonly<Record<NonNullable<ShownPattern['change']>, Style>> = {
  new: 'red',
  grown: 'yellow',
  gone: 'cyan',
  fallen: 'cyan',
  steady: 'dim',
};

/** What a pattern has where values stood. */
const WILDCARDS = /<\*>/g;

export function renderPatterns(rows: readonly ShownPattern[], options: PatternTableOptions): string {
  const { columns, paint, examples } = options;
  const fold = columns === undefined ? undefined : { columns, maxLines: MAX_LINES };
  const [title, ...lines] = renderTable(columnsOf(rows, options), rows, (text) => paint('dim', text), fold);
  const shown = lines.flatMap((line, i) => (examples ? [line, exampleLine(rows[i]!, options)] : [line]));
  return `${[title, ...shown].join('\n')}\n`;
}

function columnsOf(
  rows: readonly ShownPattern[],
  { events, columns = Number.POSITIVE_INFINITY, paint, nowMs }: PatternTableOptions,
): readonly Column<ShownPattern>[] {
  const isCompared = rows.some(({ change }) => change !== undefined);
  const most = Math.max(...rows.map(({ count }) => count));
  const isMedium = columns >= MEDIUM;
  const isWide = columns >= WIDE;
  const table: (Column<ShownPattern> | false)[] = [
    isCompared && {
      title: 'CHANGE',
      text: ({ change = 'steady' }) => change,
      paint: ({ change = 'steady' }, text) => paint(CHANGE_STYLES[change], text),
    },
    isCompared &&
      isMedium && {
        title: 'BEFORE',
        isFigure: true,
        text: ({ baseline_count: before = 0 }) => String(before),
      },
    { title: 'COUNT', isFigure: true, text: ({ count }) => String(count), paint: (_, text) => paint('bold', text) },
    (isMedium || !isCompared) && { title: 'SHARE', isFigure: true, text: ({ count }) => shareText(count, events) },
    isWide && { title: '', text: ({ count }) => bar(count / most), paint: (_, text) => paint('blue', text) },
    {
      title: 'LEVEL',
      text: ({ levels }) => levelText(levels, isWide),
      paint: ({ levels }, text) => paint(LEVEL_STYLES[levelsWorstFirst(levels)[0] ?? 'info'], text),
    },
    isWide && { title: 'FIRST', isFigure: true, text: ({ first_seen: at }) => agoOrNothing(at, nowMs) },
    isMedium && { title: 'LAST', isFigure: true, text: ({ last_seen: at }) => agoOrNothing(at, nowMs) },
    {
      title: 'PATTERN',
      text: ({ pattern }) => safeLabel(pattern),
      paint: (_, text) => text.replace(WILDCARDS, (wildcard) => paint('cyan', wildcard)),
    },
  ];
  return table.filter((column) => column !== false);
}

function exampleLine({ example: { message } }: ShownPattern, { columns, paint }: PatternTableOptions): string {
  const line = `    ${safeLabel(message)}`;
  return paint('dim', columns === undefined ? line : fitText(line, columns));
}

function shareText(count: number, events: number): string {
  if (count === 0 || events === 0) return '–';
  const percent = (100 * count) / events;
  return percent < 1 ? '<1%' : `${Math.round(percent)}%`;
}

function bar(share: number): string {
  const eighths = Math.round(share * BAR_COLUMNS * 8);
  return '█'.repeat(Math.floor(eighths / 8)) + EIGHTHS[eighths % 8];
}

function levelsWorstFirst(levels: ShownPattern['levels']) {
  return LEVELS.filter((level) => levels[level] !== undefined).reverse();
}

/** The worst level, and with how many of each where there are several and there is room. */
function levelText(levels: ShownPattern['levels'], isWide: boolean): string {
  const [worst = '–', ...others] = levelsWorstFirst(levels);
  if (others.length === 0 || !isWide) return worst;
  return levelsWorstFirst(levels)
    .map((level) => `${level} ${levels[level]}`)
    .join(' ');
}

/** Lines of files may have no time that is understood. */
function agoOrNothing(at: string | null, nowMs: number): string {
  return at === null ? '–' : agoText(at, nowMs);
}
