/** The figures on top: how much of the fleet is in which state, and how it went in the range. */

import type { FleetOverview } from '@flywatch/core';
import type { ReactElement } from 'react';
import { formatAge, formatCount, UNKNOWN } from '../app/format.ts';
import { missingText } from './words.ts';

interface SummaryProps {
  readonly overview: FleetOverview | undefined;
  readonly hours: number;
  /** Since the answer came. */
  readonly ageMs: number;
  readonly isStale: boolean;
}

/** Its height is kept before the first answer. */
export function Summary({ overview, hours, ageMs, isStale }: SummaryProps): ReactElement {
  return (
    <div className={isStale ? 'fleet-summary is-old' : 'fleet-summary'}>
      {overview !== undefined && (
        <>
          <dl className="fleet-totals">
            {figuresOf(overview, hours).map(({ name, figure, rest, tone, isWide }) => (
              <div key={name} className={isWide ? 'is-wide' : undefined}>
                <dt>{name}</dt>
                <dd className={tone}>
                  {figure}
                  {rest !== undefined && <small> {rest}</small>}
                </dd>
              </div>
            ))}
          </dl>
          <p className="fleet-updated">
            <LiveWord overview={overview} isStale={isStale} />
            {overview.complete || isStale ? (
              <span>updated {ageMs < 1000 ? 'now' : formatAge(ageMs)}</span>
            ) : (
              <span title={missingText(overview)}>{missingText(overview)}</span>
            )}
          </p>
        </>
      )}
    </div>
  );
}

interface LiveWordProps {
  readonly overview: FleetOverview;
  readonly isStale: boolean;
}

/** What is to be thought of the figures. What the hub could not tell in time is said in this place, so that no row moves when it comes. */
export function LiveWord({ overview, isStale }: LiveWordProps): ReactElement {
  if (isStale) return <span className="fleet-live is-down">Offline</span>;
  if (overview.complete) return <span className="fleet-live is-ok">Live</span>;
  return (
    <span className="fleet-live is-late" title={missingText(overview)}>
      Incomplete
    </span>
  );
}

interface TotalFigure {
  readonly name: string;
  readonly figure: string;
  readonly rest?: string;
  /** Colour means something: a zero is grey. */
  readonly tone?: string;
  /** Has no room on a phone. */
  readonly isWide?: boolean;
}

function figuresOf({ totals }: FleetOverview, hours: number): readonly TotalFigure[] {
  const { down, attention, late, stopped, fine, machines_running, machines, checks_passed, checks, errors } = totals;
  const troubles = attention + late;
  return [
    { name: 'down', figure: formatCount(down), ...(down > 0 && { tone: 'is-down' }) },
    {
      name: troubles === 1 ? 'needs attention' : 'need attention',
      figure: formatCount(troubles),
      ...(troubles > 0 && { tone: 'is-late' }),
    },
    { name: 'fine', figure: formatCount(fine) },
    ...(stopped > 0 ? [{ name: 'stopped', figure: formatCount(stopped), isWide: true }] : []),
    ...(machines > 0
      ? [
          {
            name: 'machines running',
            figure: formatCount(machines_running),
            rest: `of ${formatCount(machines)}`,
            isWide: true,
          },
        ]
      : []),
    {
      name: `checks passed, ${hours} h`,
      figure: checks === 0 ? UNKNOWN : passedText(checks_passed / checks),
      isWide: true,
    },
    { name: `errors, ${hours} h`, figure: errors === 0 ? 'none' : formatCount(errors), isWide: true },
  ];
}

/** `98.2%`; all of them are 100%, and one that failed among thousands is not. */
function passedText(share: number): string {
  return share === 1 ? '100%' : `${(Math.floor(share * 1000) / 10).toFixed(1)}%`;
}
