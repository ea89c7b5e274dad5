import { Isolated } from '@flywatch/react';
import { type ReactElement, useState } from 'react';
import { counted, formatCount } from '../app/format.ts';
import { ChevronRightIcon, RefreshIcon } from '../app/icons.tsx';
import { doingNow, doneInWords, type LookUp } from './look-up.ts';

/** What was looked up, folded into one row; the one that runs is shown under it. */
export function LookUps({ lookUps }: { readonly lookUps: readonly LookUp[] }): ReactElement | null {
  const [isOpen, setOpen] = useState(false);
  const done = lookUps.filter(({ tookMs }) => tookMs !== undefined);
  const running = lookUps.find(({ tookMs }) => tookMs === undefined);
  if (lookUps.length === 0) return null;
  return (
    <div className="ask-look-ups">
      {done.length > 0 && (
        <button type="button" className="ask-look-up is-folded" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          <ChevronRightIcon />
          <b>{counted(done.length, 'look-up')}</b>
          <span className="ask-look-up-what">{doneInWords(done)}</span>
          <span className="figures">{seconds(done.reduce((sum, { tookMs = 0 }) => sum + tookMs, 0))}</span>
        </button>
      )}
      {isOpen && (
        <ul>
          {done.map((lookUp) => (
            <li key={lookUp.id} className="ask-look-up">
              <b>{doingNow(lookUp)}</b>
              <Detail lookUp={lookUp} />
              <span className={`figures${lookUp.ok ? '' : ' is-failed'}`}>
                {lookUp.ok ? `${lineCount(lookUp)}${seconds(lookUp.tookMs!)}` : 'could not be read'}
              </span>
            </li>
          ))}
        </ul>
      )}
      {running !== undefined && (
        <div className="ask-look-up is-running">
          <RefreshIcon />
          <b>{doingNow(running)}</b>
          <Detail lookUp={running} />
        </div>
      )}
    </div>
  );
}

function Detail({ lookUp: { detail } }: { readonly lookUp: LookUp }): ReactElement {
  return (
    <span className="ask-look-up-what mono" title={detail}>
      <Isolated text={detail} />
    </span>
  );
}

function lineCount({ lines }: LookUp): string {
  return lines.size === 0 ? '' : `${formatCount(lines.size)} ${lines.size === 1 ? 'line' : 'lines'} · `;
}

/** `5.1 s`. */
function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
