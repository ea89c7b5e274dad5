import type { CheckState } from '@flywatch/core';
import type { ReactElement } from 'react';
import { counted } from '../app/format.ts';

/** Results that are shown, and their places. */
const SHOWN = 20;
const PLACES = Array.from({ length: SHOWN }, (_, at) => at);

/** The newest results of the checks, oldest first. Places without a result are empty, so that the newest stands at the right. */
export function CheckStrip({ last }: { readonly last: readonly CheckState[] }): ReactElement {
  const results = last.slice(-SHOWN);
  const of = (state: CheckState) => results.filter((result) => result === state).length;
  const [down, degraded] = [of('down'), of('degraded')];
  const troubles = [down > 0 ? `${down} failed` : '', degraded > 0 ? `${degraded} degraded` : ''].filter(Boolean);
  const words = `Last ${counted(results.length, 'check')}: ${troubles.length === 0 ? 'all passed' : troubles.join(', ')}`;
  return (
    <span className="fleet-checks" role="img" aria-label={words} title={words}>
      {PLACES.map((at) => (
        <i key={at} className={`is-${results[at - SHOWN + results.length] ?? 'none'}`} />
      ))}
    </span>
  );
}
