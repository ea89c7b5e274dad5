import type { ReactElement } from 'react';
import { formatMoment } from '../../app/format.ts';
import { useSettings } from '../../app/settings.ts';
import type { Chart } from './charts.ts';
import { Shades } from './Shades.tsx';
import { percentOn, type Span } from './span.ts';
import type { Pointing } from './usePointing.ts';
import type { Outage } from './vps-series.ts';

interface TimeLayerProps {
  readonly charts: readonly Chart[];
  readonly outages: readonly Outage[];
  readonly span: Span;
  readonly widthPx: number;
  readonly pointing: Pointing;
  /** Where the crosshair is, if it is on the axis. */
  readonly atMs: number | undefined;
}

/** Over all charts: outages, the crosshair, what is dragged over. It takes the pointer and the keys for all of them. */
export function TimeLayer({ charts, outages, span, widthPx, pointing, atMs }: TimeLayerProps): ReactElement {
  const { zone } = useSettings();
  const { dragged, handlers } = pointing;
  const values = charts.map(({ name, figure, readOut }) =>
    atMs === undefined ? `${name} ${figure}` : `${name} ${readOut(atMs) ?? 'no report'}`,
  );
  const spoken = atMs === undefined ? values : [formatMoment(atMs, zone, Date.now()), ...values];
  return (
    <div
      className="host-over"
      role="slider"
      tabIndex={0}
      aria-label="Time on the charts. Arrows move, with Shift they select, Enter pins the time or zooms in."
      aria-valuemin={span.fromMs}
      aria-valuemax={span.toMs}
      aria-valuenow={Math.round(atMs ?? span.toMs)}
      aria-valuetext={spoken.join(', ')}
      {...handlers}
    >
      <Shades outages={outages} span={span} widthPx={widthPx} />
      {atMs !== undefined && <i className="host-crosshair" style={{ left: `${percentOn(span, atMs)}%` }} />}
      {dragged !== undefined && (
        <>
          <i className="host-veil" style={{ left: 0, width: `${percentOn(span, dragged.fromMs)}%` }} />
          <i className="host-veil" style={{ left: `${percentOn(span, dragged.toMs)}%`, right: 0 }} />
        </>
      )}
    </div>
  );
}
