/** How many lines there were when, by level. Dragging over a part of it zooms in there. */

import { type ReactElement, type ReactNode, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { counted } from '../../app/format.ts';
import { useKeys } from '../../app/keys.ts';
import { useSettings } from '../../app/settings.ts';
import { useElementWidth } from '../../app/useElementWidth.ts';
import { useThemeRound } from '../../app/useThemeRound.ts';
import type { Arrivals } from '../arrivals.ts';
import { rangeText } from '../time/range-text.ts';
import type { ChangeView, View } from '../view.ts';
import { ticksOf } from './axis.ts';
import { sum, sums } from './buckets.ts';
import { Legend } from './Legend.tsx';
import { type BarColours, barColours, paint } from './paint.ts';
import { ReadOut, type Span, spanMoments, spanSentence } from './ReadOut.tsx';
import { Standing } from './Standing.tsx';
import { onlyLevels, useCounts } from './useCounts.ts';
import { useSelection } from './useSelection.ts';
import './histogram.css';

interface HistogramProps {
  readonly view: View;
  readonly onView: ChangeView;
  readonly arrivals: Arrivals;
  /** A moment that is marked, where it is in the range. */
  readonly markMs: number | undefined;
  /** What stands at the right of the legend. */
  readonly children?: ReactNode;
}

/** Height of the bars; the styles leave room for it before anything is there. */
const BARS_PX = 52;

export function Histogram({ view, onView, arrivals, markMs, children }: HistogramProps): ReactElement {
  const { zone } = useSettings();
  const nowMs = Date.now();
  const { grid, counts, all, isCurrent, isWaiting, error } = useCounts(view, arrivals);
  const shown = onlyLevels(counts, view.q);
  const plot = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const widthPx = useElementWidth(plot);
  const colours = useColours(plot);
  const zooms = useRef(0);

  function zoom(span: Span): void {
    zooms.current++;
    onView({ range: { kind: 'between', ...spanMoments(grid, span) } });
  }

  function back(): boolean {
    if (zooms.current === 0) return false;
    zooms.current--;
    history.back();
    return true;
  }

  useKeys({
    scope: 'search',
    keys: {
      Backspace: {
        text: 'Back to the time before',
        // Only back over zooms of this page: further back is another page.
        run: back,
      },
    },
  });

  const { span, isSelecting, handlers } = useSelection(grid, zoom);
  useLayoutEffect(() => {
    if (canvas.current === null || colours === undefined || widthPx === 0) return;
    const scale = window.devicePixelRatio;
    paint(canvas.current, { counts: shown, ghost: all, colours, widthPx, heightPx: BARS_PX, scale });
  });

  const totals = sums(shown);
  const edges = span && { left: `${(100 * span.from) / grid.size}%`, right: `${100 - (100 * span.to) / grid.size}%` };
  const summary = `${counted(sum(totals), 'line')}, ${rangeText(view.range, zone, nowMs)}`;
  return (
    <section className="histogram" aria-label="Lines over time">
      <div className={`histogram-head${isWaiting ? ' is-waiting' : ''}`}>
        <Legend view={view} onView={onView} totals={sums(counts)} />
        <Standing
          matching={sum(totals)}
          all={all && sum(all)}
          isOld={!isCurrent}
          failed={error !== undefined && !isWaiting}
        >
          {children}
        </Standing>
      </div>
      <div
        ref={plot}
        className="histogram-plot"
        role="slider"
        tabIndex={0}
        aria-label="Lines over time. Arrows move, with Shift they select, Enter zooms in."
        aria-valuemin={0}
        aria-valuemax={grid.size - 1}
        aria-valuenow={span?.from ?? grid.size - 1}
        aria-valuetext={span === undefined ? summary : spanSentence(grid, shown, span, zone)}
        {...handlers}
      >
        <canvas ref={canvas} className="histogram-bars" />
        {markMs !== undefined && <MomentMark share={(markMs - grid.fromMs) / (grid.size * grid.stepMs)} />}
        {edges !== undefined && <div className={`histogram-span${isSelecting ? ' is-selecting' : ''}`} style={edges} />}
        {isSelecting && edges !== undefined && (
          <>
            <div className="histogram-veil" style={{ left: 0, right: `calc(100% - ${edges.left})` }} />
            <div className="histogram-veil" style={{ left: `calc(100% - ${edges.right})`, right: 0 }} />
          </>
        )}
        {span !== undefined && <ReadOut grid={grid} counts={shown} span={span} zone={zone} isSelecting={isSelecting} />}
      </div>
      <div className="histogram-axis" aria-hidden="true">
        {ticksOf(grid, widthPx, zone, nowMs).map(({ ms, text }) => (
          <span key={ms} style={{ left: placeOnAxis((ms - grid.fromMs) / (grid.size * grid.stepMs)) }}>
            {text}
          </span>
        ))}
      </div>
    </section>
  );
}

function MomentMark({ share }: { readonly share: number }): ReactElement | null {
  return share < 0 || share > 1 ? null : <div className="histogram-mark" style={{ left: `${100 * share}%` }} />;
}

/** Labels stand under their time, and never over the edge. */
function placeOnAxis(share: number): string {
  return `clamp(18px, ${100 * share}%, calc(100% - 18px))`;
}

/** The colours of the theme, read again when that changes. */
function useColours(element: { readonly current: Element | null }): BarColours | undefined {
  const [colours, setColours] = useState<BarColours>();
  const round = useThemeRound();
  // biome-ignore lint/correctness/useExhaustiveDependencies: anew with each theme
  useEffect(() => {
    if (element.current !== null) setColours(barColours(element.current));
  }, [element, round]);
  return colours;
}
