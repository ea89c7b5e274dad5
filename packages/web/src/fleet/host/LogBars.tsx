import { type ReactElement, useLayoutEffect, useRef } from 'react';
import { type Counts, sum, sums } from '../../live/histogram/buckets.ts';
import { barColours, paint } from '../../live/histogram/paint.ts';

interface LogBarsProps {
  readonly counts: Counts;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly themeRound: number;
}

/** The host's lines by level, as bars on the axis of the charts. */
export function LogBars({ counts, widthPx, heightPx, themeRound }: LogBarsProps): ReactElement {
  const canvas = useRef<HTMLCanvasElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the colours are those of the theme
  useLayoutEffect(() => {
    if (canvas.current === null || widthPx === 0) return;
    const colours = barColours(canvas.current);
    paint(canvas.current, { counts, ghost: undefined, colours, widthPx, heightPx, scale: window.devicePixelRatio });
  }, [counts, widthPx, heightPx, themeRound]);
  return <canvas ref={canvas} className="host-bars" role="img" aria-label={`${sum(sums(counts))} lines`} />;
}
