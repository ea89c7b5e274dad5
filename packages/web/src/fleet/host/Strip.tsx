import type { ReactElement } from 'react';
import type { Availability } from './availability.ts';

/** The availability as cells on the axis of the charts. */
export function Strip({ cells, failed }: Availability): ReactElement {
  return (
    <div
      className="host-strip"
      role="img"
      aria-label={failed === 0 ? 'No check failed' : `${failed} ${failed === 1 ? 'check' : 'checks'} failed`}
    >
      {cells.map((state, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a cell is its place
        <i key={at} className={`is-${state ?? 'none'}`} />
      ))}
    </div>
  );
}
