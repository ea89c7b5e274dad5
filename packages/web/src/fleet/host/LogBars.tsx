import { type ReactElement, useLayoutEffect, useRef } from 'react';
import { sum, sums } from '../../live/histogram/buckets.ts';
import { barColours, paint } from '../../live/histogram/paint.ts';
import type { LogCounts } from './useHostLogs.ts';

interface LogBarsProps {
  readonly logs: LogCounts;
  /** Where the first bar begins, in percent of the axis: buckets begin at round times, and the axis does not. */
  readonly left: number;
  readonly pxPerMs: number;
  readonly themeRound: number;
}

/** Height of the bars, as in the styles. */
const BARS_PX = 76;

/** The host's lines by level, as bars on the axis of the charts. */
export function LogBars({ logs: { counts, grid }, left, pxPerMs, themeRound }: LogBarsProps): ReactElement {
  const canvas = useRef<HTMLCanvasElement>(null);
  const widthPx = grid.size * grid.stepMs * pxPerMs;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the colours are those of the theme
  useLayoutEffect(() => {
    if (canvas.current === null || widthPx === 0) return;
    const colours = barColours(canvas.current);
    const scale = window.devicePixelRatio;
    paint(canvas.current, { counts, ghost: undefined, colours, widthPx, heightPx: BARS_PX, scale });
  }, [counts, widthPx, themeRound]);
  return (
    <canvas
      ref={canvas}
      className="host-bars"
      style={{ left: `${left}%`, width: widthPx }}
      role="img"
      aria-label={`${sum(sums(counts))} lines`}
    />
  );
}
