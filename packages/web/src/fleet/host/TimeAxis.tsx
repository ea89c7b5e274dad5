import type { ReactElement, Ref } from 'react';
import { formatClock, formatMoment } from '../../app/format.ts';
import { useSettings } from '../../app/settings.ts';
import { ticksOf } from '../../live/histogram/axis.ts';
import { percentOn, type Span } from './span.ts';

interface TimeAxisProps {
  /** As wide as what stands on the axis. */
  readonly place: Ref<HTMLDivElement>;
  readonly span: Span;
  readonly widthPx: number;
  /** Where the crosshair is, if it is on the axis. */
  readonly atMs: number | undefined;
}

/** From this length on a time of day could be that of several days. */
const DAYS_MS = 2 * 86_400_000;

/** The times below all charts, and that of the crosshair. */
export function TimeAxis({ place, span, widthPx, atMs }: TimeAxisProps): ReactElement {
  const { zone } = useSettings();
  const { fromMs, toMs } = span;
  const nowMs = Date.now();
  return (
    <div className="host-axis" aria-hidden="true">
      <div ref={place} className="host-axis-times">
        {ticksOf({ fromMs, stepMs: toMs - fromMs, size: 1 }, widthPx, zone, nowMs).map(({ ms, text }) => (
          <span key={ms} style={{ left: `clamp(20px, ${percentOn(span, ms)}%, calc(100% - 20px))` }}>
            {text}
          </span>
        ))}
        {atMs !== undefined && (
          <b style={{ left: `clamp(34px, ${percentOn(span, atMs)}%, calc(100% - 34px))` }}>
            {toMs - fromMs > DAYS_MS ? formatMoment(atMs, zone, nowMs) : formatClock(atMs, zone, true)}
          </b>
        )}
      </div>
    </div>
  );
}
