/** The lines of one chart. uPlot draws them and nothing else: axes, crosshair and words are the page's, once for all charts. */

import { type ReactElement, useLayoutEffect, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { Chart } from './charts.ts';

interface PlotProps {
  readonly chart: Chart;
  readonly fromMs: number;
  readonly toMs: number;
  readonly widthPx: number;
  readonly heightPx: number;
  /** Another theme has other colours. */
  readonly themeRound: number;
}

/** Strength of what is filled below a line, and of the band between the least and the most; as a hex colour's last two digits. */
const FILL_ALPHA = '24';
const BAND_ALPHA = '40';

export function Plot({ chart, fromMs, toMs, widthPx, heightPx, themeRound }: PlotProps): ReactElement {
  const place = useRef<HTMLDivElement>(null);
  // A chart has some hundred points: made anew it needs a millisecond, and no state has to be kept in step.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the colours are those of the theme
  useLayoutEffect(() => {
    if (place.current === null || widthPx === 0) return;
    const style = getComputedStyle(place.current);
    const colourOf = (name: string) => style.getPropertyValue(`--${name}`).trim();
    const plot = new uPlot(
      optionsOf(chart, { fromMs, toMs, widthPx, heightPx, colourOf }),
      dataOf(chart),
      place.current,
    );
    return () => plot.destroy();
  }, [chart, fromMs, toMs, widthPx, heightPx, themeRound]);
  return <div ref={place} className="host-plot-lines" aria-hidden="true" />;
}

/** A value between two holes has no line: it is a dot of this size. */
const LONE_PX = 3;

function lonePlaces(values: uPlot.AlignedData[number]): number[] {
  const places = Array.from(values, (_, at) => at);
  return places.filter((at) => values[at] != null && values[at - 1] == null && values[at + 1] == null);
}

interface Frame {
  readonly fromMs: number;
  readonly toMs: number;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly colourOf: (token: string) => string;
}

/** Each line is three series: its mean, and the edges of its band. */
const SERIES_OF_LINE = 3;

function optionsOf({ lines, from, to }: Chart, { fromMs, toMs, widthPx, heightPx, colourOf }: Frame): uPlot.Options {
  return {
    width: widthPx,
    height: heightPx,
    padding: [0, 0, 0, 0],
    legend: { show: false },
    cursor: { show: false },
    axes: [{ show: false }, { show: false }],
    scales: { x: { time: false, range: [fromMs, toMs] }, y: { range: [from, to] } },
    series: [
      {},
      ...lines.flatMap(({ colour, isFilled = false }) => [
        {
          stroke: colourOf(colour),
          width: 1.25,
          points: {
            show: true,
            size: LONE_PX,
            fill: colourOf(colour),
            filter: (plot: uPlot, at: number) => lonePlaces(plot.data[at]!),
          },
          ...(isFilled && { fill: `${colourOf(colour)}${FILL_ALPHA}`, fillTo: from }),
        },
        { points: { show: false } },
        { points: { show: false } },
      ]),
    ],
    bands: lines.map(({ colour }, at) => ({
      series: [SERIES_OF_LINE * at + 2, SERIES_OF_LINE * at + 3],
      fill: `${colourOf(colour)}${BAND_ALPHA}`,
    })),
  };
}

function dataOf({ lines, times, places }: Chart): uPlot.AlignedData {
  const column = (values: readonly (number | null)[]) =>
    places.map((place) => (place === undefined ? null : (values[place] ?? null)));
  return [
    times as number[],
    ...lines.flatMap(({ mean, band }) => [column(mean), column(band?.max ?? mean), column(band?.min ?? mean)]),
  ];
}
