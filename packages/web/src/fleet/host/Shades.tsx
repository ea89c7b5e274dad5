import type { ReactElement } from 'react';
import { formatSpan } from '../../app/format.ts';
import { percentOn, type Span } from './span.ts';
import type { Outage } from './vps-series.ts';

interface ShadesProps {
  readonly outages: readonly Outage[];
  readonly span: Span;
}

/** A shade narrower than this share of the axis is one of many, and its words would cover those of others. */
const MIN_WORDS_SHARE = 0.02;

/** The words end with the shade; where they would begin before the axis, they begin with the shade. */
const WORDS_SHARE = 0.15;

/** When nothing was reported, through all charts, with how long that was. */
export function Shades({ outages, span }: ShadesProps): ReactElement {
  const share = (ms: number) => Math.min(1, Math.max(0, percentOn(span, ms) / 100));
  return (
    <>
      {outages.map(({ from, to }) => {
        const [beganMs, endedMs] = [Date.parse(from), to === null ? span.toMs : Date.parse(to)];
        const [left, right] = [share(beganMs), share(endedMs)];
        if (left === right) return null;
        const words = `${to === null ? 'silent for' : 'down'} ${formatSpan(endedMs - beganMs)}`;
        return (
          <div
            key={from}
            className={`host-shade${to === null ? ' is-open' : ''}${right < WORDS_SHARE ? ' is-left' : ''}`}
            style={{ left: `${100 * left}%`, width: `${100 * (right - left)}%` }}
            title={words}
          >
            {right - left >= MIN_WORDS_SHARE && <span>{words}</span>}
          </div>
        );
      })}
    </>
  );
}
