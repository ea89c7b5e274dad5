import { Isolated, withoutControls } from '@flywatch/react';
import type { CSSProperties, ReactElement } from 'react';
import { ChartRow } from './ChartRow.tsx';
import type { Chart, Line } from './charts.ts';
import { Plot } from './Plot.tsx';
import { percentOn, type Span } from './span.ts';

interface PlotRowProps {
  readonly chart: Chart;
  readonly span: Span;
  readonly widthPx: number;
  readonly themeRound: number;
  /** Where the crosshair is, if it is on the axis. */
  readonly atMs: number | undefined;
}

/** Height of the lines, as in the styles. */
const PLOT_PX = 100;

/** One chart with its lines, its scale, and what it reads at the crosshair. */
export function PlotRow({ chart, span, widthPx, themeRound, atMs }: PlotRowProps): ReactElement {
  const { name, figure, scale, threshold, from, to, readOut } = chart;
  return (
    <ChartRow name={name} figure={figure} note={<Note chart={chart} />}>
      <Plot chart={chart} {...span} widthPx={widthPx} heightPx={PLOT_PX} themeRound={themeRound} />
      <span className="host-scale">{scale}</span>
      {threshold !== undefined && (
        <i className="host-threshold" style={{ bottom: (PLOT_PX * (threshold - from)) / (to - from) }} />
      )}
      {atMs !== undefined && (
        <ReadOut text={readOut(atMs) ?? 'no report'} percent={percentOn(span, atMs)} widthPx={widthPx} />
      )}
    </ChartRow>
  );
}

/** What the lines are, and what the figure is of. */
function Note({ chart: { lines, note } }: { readonly chart: Chart }): ReactElement {
  return (
    <>
      {lines.length > 1 && lines.map((line) => <LineName key={line.name} {...line} />)}
      {note !== '' && (
        <span className="host-note" title={withoutControls(note)}>
          <Isolated text={note} />
        </span>
      )}
    </>
  );
}

function LineName({ name, colour }: Line): ReactElement {
  return (
    <span className="host-line-name" style={{ '--line-colour': `var(--${colour})` } as CSSProperties}>
      {name}
    </span>
  );
}

/** Room that a read-out needs: a letter's width, and its padding with the distance from the crosshair. */
const LETTER_PX = 6.5;
const AROUND_PX = 24;

interface ReadOutProps {
  readonly text: string;
  readonly percent: number;
  readonly widthPx: number;
}

/** At the right of the crosshair, or at the left where it would not end before the axis does. */
function ReadOut({ text, percent, widthPx }: ReadOutProps): ReactElement {
  const isLeft = ((100 - percent) / 100) * widthPx < text.length * LETTER_PX + AROUND_PX;
  const style = isLeft ? { right: `calc(${100 - percent}% + 8px)` } : { left: `calc(${percent}% + 8px)` };
  return (
    <span className="host-read-out" style={style}>
      {text}
    </span>
  );
}
