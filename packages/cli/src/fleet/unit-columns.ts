/** The columns in which `hosts` and `top` show the fleet. */

import { agoText } from '../view/ago-text.ts';
import type { Paint, Style } from '../view/colours.ts';
import { fitText } from '../view/display-width.ts';
import type { Column } from '../view/table.ts';
import { safeLabel } from '../view/terminal-text.ts';
import type { Unit, UnitState } from './fleet.ts';

const STATE_STYLES: Readonly<Record<UnitState, Style>> = {
  down: 'alarm',
  attention: 'yellow',
  late: 'yellow',
  stopped: 'dim',
  fine: 'green',
};

/** From here on a figure is shown as a warning, and as trouble. */
const HIGH_PERCENT = 80;
const FULL_PERCENT = 95;

/** Names longer than this are cut: the rest of the row matters more. */
const NAME_COLUMNS = 32;

export function unitColumns(paint: Paint, now: () => number): readonly Column<Unit>[] {
  const percent = (title: string, of: (unit: Unit) => number | null): Column<Unit> => ({
    title,
    isFigure: true,
    text: (unit) => percentText(of(unit)),
    paint: (unit, text) => {
      const value = of(unit) ?? 0;
      return value >= FULL_PERCENT ? paint('red', text) : value >= HIGH_PERCENT ? paint('yellow', text) : text;
    },
  });
  return [
    { title: 'STATE', text: ({ state }) => state, paint: ({ state }, text) => paint(STATE_STYLES[state], text) },
    {
      title: 'NAME',
      text: ({ name }) => fitText(safeLabel(name), NAME_COLUMNS),
      paint: (_, text) => paint('bold', text),
    },
    percent('CPU', ({ cpuPercent }) => cpuPercent),
    percent('MEMORY', ({ memoryPercent }) => memoryPercent),
    percent('DISK', ({ diskPercent }) => diskPercent),
    { title: 'ERRORS', isFigure: true, text: ({ errors }) => (errors === null ? '–' : String(errors)) },
    { title: 'CHECKS', isFigure: true, text: ({ checks }) => (checks === '' ? '–' : checks) },
    { title: 'SEEN', isFigure: true, text: ({ lastSeen }) => agoText(lastSeen, now()) },
    { title: 'APPS', text: ({ apps }) => fitText(safeLabel(apps.join(' ')), NAME_COLUMNS) },
  ];
}

function percentText(value: number | null): string {
  return value === null ? '–' : `${value.toFixed(value < 9.95 ? 1 : 0)}%`;
}
