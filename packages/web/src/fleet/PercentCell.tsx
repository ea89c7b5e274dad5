import type { UnitSeverity } from '@flywatch/core';
import type { ReactElement, ReactNode } from 'react';
import { UNKNOWN } from '../app/format.ts';

interface FigureProps {
  /** Its name on a phone, where it has no column. */
  readonly label: string;
  readonly percent: number | null;
  /** Set where this figure is what is wrong. */
  readonly severity: UnitSeverity | undefined;
  /** What shows how it went, or how full it is. */
  readonly children?: ReactNode;
}

/** A percentage with its small picture. */
export function PercentCell({ label, percent, severity, children }: FigureProps): ReactElement {
  return (
    <td className={`fleet-figure${toneClass(severity)}`} data-label={label}>
      {percent === null ? (
        <span className="fleet-unknown">{UNKNOWN}</span>
      ) : (
        <>
          {children}
          {/* Whole ones: a column of them is compared at a glance. */}
          <span className="fleet-value">{Math.round(percent)}%</span>
        </>
      )}
    </td>
  );
}

/** Colour only for what is wrong. */
export function toneClass(severity: UnitSeverity | undefined): string {
  if (severity === undefined) return '';
  return severity === 'error' ? ' is-down' : ' is-late';
}

export function DiskMeter({ percent }: { readonly percent: number }): ReactElement {
  return (
    <span className="fleet-meter" aria-hidden="true">
      <i style={{ width: `${Math.min(100, Math.max(0, percent))}%` }} />
    </span>
  );
}
