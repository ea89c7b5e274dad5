/** The charts of a host one below the other, on one time axis: one crosshair, one time, one selection for all of them. */

import { type ReactElement, useMemo, useRef } from 'react';
import { counted, formatCount, formatSpan, UNKNOWN } from '../../app/format.ts';
import { useElementWidth } from '../../app/useElementWidth.ts';
import { useThemeRound } from '../../app/useThemeRound.ts';
import { sum, sums } from '../../live/histogram/buckets.ts';
import { availabilityOf } from './availability.ts';
import { ChartRow } from './ChartRow.tsx';
import type { Chart } from './charts.ts';
import { LogBars } from './LogBars.tsx';
import { PlotRow } from './PlotRow.tsx';
import { Strip } from './Strip.tsx';
import { percentOn, type Span } from './span.ts';
import { TimeAxis } from './TimeAxis.tsx';
import { TimeLayer } from './TimeLayer.tsx';
import type { LogCounts } from './useHostLogs.ts';
import type { Pointing } from './usePointing.ts';
import type { VpsSeries } from './vps-series.ts';

interface HostChartsProps {
  readonly answer: VpsSeries;
  readonly charts: readonly Chart[];
  readonly logs: LogCounts;
  readonly span: Span;
  readonly pinMs: number | undefined;
  readonly pointing: Pointing;
}

export function HostCharts({ answer, charts, logs, span, pinMs, pointing }: HostChartsProps): ReactElement {
  const axis = useRef<HTMLDivElement>(null);
  const widthPx = useElementWidth(axis);
  const themeRound = useThemeRound();
  const { fromMs, toMs } = span;
  const availability = useMemo(() => availabilityOf(answer.checks, fromMs, toMs), [answer, fromMs, toMs]);
  const lines = sum(sums(logs.counts));
  const crosshairMs = pinMs ?? pointing.atMs;
  const isOnAxis = crosshairMs !== undefined && crosshairMs >= fromMs && crosshairMs <= toMs;
  const atMs = isOnAxis ? crosshairMs : undefined;
  return (
    <div className="host-charts">
      <div className="host-rows">
        {charts.map((chart) => (
          <PlotRow key={chart.id} chart={chart} span={span} widthPx={widthPx} themeRound={themeRound} atMs={atMs} />
        ))}
        {availability.share !== undefined && (
          <ChartRow
            kind="strip"
            name="Availability"
            figure={shareText(availability.share)}
            note={availability.failed === 0 ? 'no check failed' : `${counted(availability.failed, 'check')} failed`}
          >
            <Strip {...availability} />
          </ChartRow>
        )}
        <ChartRow
          kind="bars"
          name="Logs"
          figure={logs.isKnown ? formatCount(lines) : UNKNOWN}
          note={`${lines === 1 ? 'line' : 'lines'} in ${formatSpan(toMs - fromMs)}`}
        >
          <LogBars
            logs={logs}
            left={percentOn(span, logs.grid.fromMs)}
            pxPerMs={widthPx / (toMs - fromMs)}
            themeRound={themeRound}
          />
        </ChartRow>
        <TimeLayer
          charts={charts}
          outages={answer.outages}
          span={span}
          widthPx={widthPx}
          pointing={pointing}
          atMs={atMs}
        />
      </div>
      <TimeAxis place={axis} span={span} widthPx={widthPx} atMs={atMs} />
    </div>
  );
}

/** All of them are 100%, and one that failed among thousands is not. */
function shareText(share: number): string {
  return share === 1 ? '100%' : `${(Math.floor(1000 * share) / 10).toFixed(1)}%`;
}
