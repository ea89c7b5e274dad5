import type { ErrorCounts, UnitSeverity } from '@flywatch/core';
import type { ReactElement } from 'react';
import { formatCount } from '../app/format.ts';
import { ErrorBars } from './ErrorBars.tsx';
import { toneClass } from './PercentCell.tsx';

interface ErrorsCellProps {
  readonly errors: ErrorCounts;
  readonly hours: number;
  readonly severity: UnitSeverity | undefined;
}

/** Lines of level error and worse in the range. */
export function ErrorsCell({ errors: { count, buckets }, hours, severity }: ErrorsCellProps): ReactElement {
  return (
    <td className={`fleet-errors${toneClass(severity)}`} data-label={`Errors, ${hours} h`}>
      {count === 0 ? (
        <span className="fleet-none">none</span>
      ) : (
        <>
          <ErrorBars buckets={buckets} />
          <span className="fleet-value">{formatCount(count)}</span>
        </>
      )}
    </td>
  );
}
