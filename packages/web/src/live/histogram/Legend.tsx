import { LEVELS, type Level, levelRank } from '@flywatch/core';
import type { ReactElement } from 'react';
import { formatCount } from '../../app/format.ts';
import { useKeys } from '../../app/keys.ts';
import { levelFloor, levelsOf, onlyTerm, toggleLevel, withLevelFloor } from '../query-text.ts';
import type { ChangeView, View } from '../view.ts';

interface LegendProps {
  readonly view: View;
  readonly onView: ChangeView;
  /** Lines of each level that match the rest of the filter, in the order of `LEVELS`. */
  readonly totals: readonly number[];
}

const NAMES: Readonly<Record<Level, string>> = {
  fatal: 'Fatal',
  error: 'Error',
  warn: 'Warn',
  info: 'Info',
  debug: 'Debug',
  trace: 'Trace',
};

/** The levels with their counts; pressing one hides or shows it, which is a change of the filter. */
/** Levels that have a key: it shows that level and all above, and pressed again all of them. */
const KEYS: Readonly<Record<string, Level>> = { '1': 'error', '2': 'warn', '3': 'info', '4': 'debug' };

export function Legend({ view, onView, totals }: LegendProps): ReactElement {
  const shown = levelsOf(view.q);
  const floor = levelFloor(view.q);
  const showFrom = (level: Level) => onView({ q: withLevelFloor(view.q, floor === level ? undefined : level) });
  useKeys({
    scope: 'search',
    keys: Object.fromEntries(
      Object.entries(KEYS).map(([key, level]) => [
        key,
        { text: 'Error, warn, info, debug and worse', run: () => showFrom(level) },
      ]),
    ),
  });
  return (
    <ul className="histogram-legend" aria-label="Levels">
      {LEVELS.toReversed().map((level) => {
        const count = totals[levelRank(level)] ?? 0;
        // Few programs trace; who has no such line needs no word of it.
        if (level === 'trace' && count === 0 && shown.has(level)) return null;
        return (
          <li key={level}>
            <button
              type="button"
              className={`histogram-level is-${level}`}
              aria-pressed={shown.has(level)}
              title={`${shown.has(level) ? 'Hide' : 'Show'} ${NAMES[level].toLowerCase()}; with Alt, show nothing else`}
              onClick={(event) =>
                onView({ q: event.altKey ? onlyTerm(view.q, 'level', level) : toggleLevel(view.q, level) })
              }
            >
              {NAMES[level]} <b>{formatCount(count)}</b>
            </button>
          </li>
        );
      })}
    </ul>
  );
}
