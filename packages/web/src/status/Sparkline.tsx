import type { ReactElement } from 'react';
import { MAX_SAMPLES } from './rates.ts';

const WIDTH = 240;
const HEIGHT = 20;

/** How a figure went: a line from 0 to its largest. It grows from the right, so that a second is always as wide. */
export function Sparkline({ values }: { readonly values: readonly number[] }): ReactElement {
  const top = Math.max(...values, 1e-9);
  const step = WIDTH / (MAX_SAMPLES - 1);
  const left = WIDTH - (values.length - 1) * step;
  const points = values.map(
    (value, i) => `${(left + i * step).toFixed(1)} ${(HEIGHT - 1 - (value / top) * (HEIGHT - 3)).toFixed(1)}`,
  );
  return (
    <svg className="sparkline" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
      {points.length > 1 && (
        <>
          <path
            className="sparkline-area"
            d={`M${points.join('L')}L${WIDTH} ${HEIGHT}L${left.toFixed(1)} ${HEIGHT}Z`}
          />
          <path className="sparkline-line" d={`M${points.join('L')}`} />
        </>
      )}
    </svg>
  );
}
