import type { PatternRow } from '@flywatch/client';
import { Isolated, LevelTag } from '@flywatch/react';
import type { ReactElement } from 'react';
import { counted, formatAge, formatClock, formatCount, formatDay, UNKNOWN } from '../../app/format.ts';
import type { Zone } from '../../app/settings.ts';
import { worstLevel } from './pattern-report.ts';

/** What the hub writes where values stood. */
const WILDCARD = '<*>';

interface PatternLineProps {
  readonly row: PatternRow;
  /** Of all rows the most lines, which fill the bar. */
  readonly most: number;
  readonly zone: Zone;
  readonly nowMs: number;
  /** Asks for the lines of this filter. */
  readonly onPress: (q: string) => void;
}

/** One pattern; pressed, the search asks for its lines. One that is all values has no search, and cannot be pressed. */
export function PatternLine({ row, most, zone, nowMs, onPress }: PatternLineProps): ReactElement {
  const { pattern, count, baseline_count: before, change = 'steady', q } = row;
  const level = worstLevel(row);
  const cells = (
    <>
      <span className="pattern-count figures">
        {formatCount(count)}
        <span className="only-heard"> lines, before </span>
      </span>
      <span className="pattern-before figures">{before === undefined ? UNKNOWN : formatCount(before)}</span>
      <span className="pattern-share" aria-hidden="true">
        <i style={{ transform: `scaleX(${most === 0 ? 0 : count / most})` }} />
      </span>
      <LevelTag level={level} />
      <span className="pattern-text">
        {pattern.split(WILDCARD).map((text, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one text, which never move
          <span key={i}>
            {i > 0 && <i className="pattern-value">{WILDCARD}</i>}
            <Isolated text={text} />
          </span>
        ))}
      </span>
      <Moment text={row.first_seen} zone={zone} nowMs={nowMs} />
      <Moment text={row.last_seen} zone={zone} nowMs={nowMs} />
    </>
  );
  const look = `pattern-row is-${level} is-${change}`;
  if (q === null) {
    return (
      <div className={look} title="Nothing in it stays the same: no search finds just these lines">
        {cells}
      </div>
    );
  }
  return (
    <button type="button" className={look} title={`Search for ${counted(count, 'line')}`} onClick={() => onPress(q)}>
      {cells}
    </button>
  );
}

/** A time of today as it is, of another day with its day. */
function Moment({ text, zone, nowMs }: { readonly text: string; readonly zone: Zone; readonly nowMs: number }) {
  const ms = Date.parse(text);
  const day = formatDay(ms, zone, nowMs);
  const isToday = day === formatDay(nowMs, zone, nowMs);
  return (
    <time className="pattern-time figures" dateTime={text} title={text}>
      {zone === 'ago'
        ? formatAge(nowMs - ms)
        : isToday
          ? formatClock(ms, zone, true)
          : `${day} ${formatClock(ms, zone)}`}
    </time>
  );
}
