import type { ReactElement, ReactNode } from 'react';

interface ChartRowProps {
  readonly name: string;
  /** The newest value. */
  readonly figure: string;
  readonly note: ReactNode;
  /** Those that are lower than charts. */
  readonly kind?: 'strip' | 'bars';
  /** What stands on the time axis. */
  readonly children: ReactNode;
}

/** A row of a host's page: its name and figure at the left, and how that went. */
export function ChartRow({ name, figure, note, kind, children }: ChartRowProps): ReactElement {
  return (
    <section className={kind === undefined ? 'host-chart' : `host-chart is-${kind}`} aria-label={`${name}: ${figure}`}>
      <div className="host-label">
        <h2>{name}</h2>
        <strong>{figure}</strong>
        <p>{note}</p>
      </div>
      <div className="host-plot">{children}</div>
    </section>
  );
}
