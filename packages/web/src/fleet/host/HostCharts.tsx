/** The charts of a host one below the other, on one time axis: one crosshair, one time, one selection for all of them. */

import { type CSSProperties, type ReactElement, type ReactNode, useMemo, useRef } from 'react';
import { counted, formatClock, formatCount, formatMoment, formatSpan, UNKNOWN } from '../../app/format.ts';
import { useSettings } from '../../app/settings.ts';
import { useElementWidth } from '../../app/useElementWidth.ts';
import { useThemeRound } from '../../app/useThemeRound.ts';
import { ticksOf } from '../../live/histogram/axis.ts';
import { sum, sums } from '../../live/histogram/buckets.ts';
import { availabilityOf } from './availability.ts';
import type { Chart, Line } from './charts.ts';
import { LogBars } from './LogBars.tsx';
import { Plot } from './Plot.tsx';
import { Shades } from './Shades.tsx';
import { Strip } from './Strip.tsx';
import type { LogCounts } from './useHostLogs.ts';
import type { Span, usePointing } from './usePointing.ts';
import type { VpsSeries } from './vps-series.ts';

interface HostChartsProps {
  readonly answer: VpsSeries;
  readonly charts: readonly Chart[];
  readonly logs: LogCounts;
  readonly span: Span;
  readonly pinMs: number | undefined;
  /** Where the crosshair is, for who follows it. */
  readonly pointing: ReturnType<typeof usePointing>;
}

/** Heights of what is drawn, as in the styles. */
const PLOT_PX = 100;
const BARS_PX = 76;

export function HostCharts({ answer, charts, logs, span, pinMs, pointing }: HostChartsProps): ReactElement {
  const { zone } = useSettings();
  const axis = useRef<HTMLDivElement>(null);
  const widthPx = useElementWidth(axis);
  const themeRound = useThemeRound();
  const { fromMs, toMs } = span;
  const crosshairMs = pinMs ?? pointing.atMs;
  const availability = useMemo(() => availabilityOf(answer.checks, fromMs, toMs), [answer, fromMs, toMs]);
  const lines = sum(sums(logs.counts));
  const percentOf = (ms: number) => (100 * (ms - fromMs)) / (toMs - fromMs);
  const crosshair = crosshairMs === undefined ? undefined : percentOf(crosshairMs);
  const isShown = crosshair !== undefined && crosshair >= 0 && crosshair <= 100;
  const ticks = ticksOf({ fromMs, stepMs: toMs - fromMs, size: 1 }, widthPx, zone, Date.now());
  const { grid } = logs;
  return (
    <div className="host-charts">
      <div className="host-rows">
        {charts.map((chart) => (
          <ChartRow key={chart.id} name={chart.name} figure={chart.figure} note={<ChartNote chart={chart} />}>
            <Plot
              chart={chart}
              fromMs={fromMs}
              toMs={toMs}
              widthPx={widthPx}
              heightPx={PLOT_PX}
              themeRound={themeRound}
            />
            <span className="host-scale">{chart.scale}</span>
            {chart.threshold !== undefined && (
              <i
                className="host-threshold"
                style={{ bottom: `${(100 * (chart.threshold - chart.from)) / (chart.to - chart.from)}%` }}
              />
            )}
            {isShown && <ReadOut text={chart.readOut(crosshairMs!) ?? 'no report'} percent={crosshair} />}
          </ChartRow>
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
          figure={logs.answer.data === undefined ? UNKNOWN : formatCount(lines)}
          note={`${lines === 1 ? 'line' : 'lines'} in ${formatSpan(toMs - fromMs)}`}
        >
          <div
            className="host-bars-place"
            style={{
              left: `${percentOf(grid.fromMs)}%`,
              width: `${(100 * grid.size * grid.stepMs) / (toMs - fromMs)}%`,
            }}
          >
            <LogBars
              counts={logs.counts}
              widthPx={(widthPx * grid.size * grid.stepMs) / (toMs - fromMs)}
              heightPx={BARS_PX}
              themeRound={themeRound}
            />
          </div>
        </ChartRow>
        <div
          className="host-over"
          role="slider"
          tabIndex={0}
          aria-label="Time on the charts. Arrows move, with Shift they select, Enter pins the time or zooms in."
          aria-valuemin={fromMs}
          aria-valuemax={toMs}
          aria-valuenow={Math.round(crosshairMs ?? toMs)}
          aria-valuetext={spoken(charts, crosshairMs, zone)}
          {...pointing.handlers}
        >
          <Shades outages={answer.outages} span={span} />
          {isShown && <i className="host-crosshair" style={{ left: `${crosshair}%` }} />}
          {pointing.dragged !== undefined && (
            <>
              <i className="host-veil" style={{ left: 0, width: `${percentOf(pointing.dragged.fromMs)}%` }} />
              <i className="host-veil" style={{ left: `${percentOf(pointing.dragged.toMs)}%`, right: 0 }} />
            </>
          )}
        </div>
      </div>
      <div className="host-axis" aria-hidden="true">
        <div ref={axis} className="host-axis-times">
          {ticks.map(({ ms, text }) => (
            <span key={ms} style={{ left: `clamp(20px, ${percentOf(ms)}%, calc(100% - 20px))` }}>
              {text}
            </span>
          ))}
          {isShown && (
            <b style={{ left: `clamp(34px, ${crosshair}%, calc(100% - 34px))` }}>
              {toMs - fromMs > 2 * DAY_MS
                ? formatMoment(crosshairMs!, zone, Date.now())
                : formatClock(crosshairMs!, zone, true)}
            </b>
          )}
        </div>
      </div>
    </div>
  );
}

const DAY_MS = 86_400_000;

interface ChartRowProps {
  readonly name: string;
  readonly figure: string;
  readonly note: ReactNode;
  readonly kind?: 'strip' | 'bars';
  readonly children: ReactNode;
}

function ChartRow({ name, figure, note, kind, children }: ChartRowProps): ReactElement {
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

/** The unit of the figure, or what the lines are. */
function ChartNote({ chart: { lines, note } }: { readonly chart: Chart }): ReactElement {
  return (
    <>
      {lines.length > 1 && lines.map((line) => <LineName key={line.name} {...line} />)}
      {note !== '' && <bdi title={note}>{note}</bdi>}
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

/** From here on there is more room at the left of the crosshair. */
const TURN_PERCENT = 70;

function ReadOut({ text, percent }: { readonly text: string; readonly percent: number }): ReactElement {
  const style =
    percent < TURN_PERCENT ? { left: `calc(${percent}% + 8px)` } : { right: `calc(${100 - percent}% + 8px)` };
  return (
    <span className="host-read-out" style={style}>
      {text}
    </span>
  );
}

/** All of the charts at the crosshair, for those who listen. */
function spoken(charts: readonly Chart[], atMs: number | undefined, zone: Parameters<typeof formatClock>[1]): string {
  if (atMs === undefined) return charts.map(({ name, figure }) => `${name} ${figure}`).join(', ');
  const values = charts.map(({ name, readOut }) => `${name} ${readOut(atMs) ?? 'no report'}`);
  return [formatMoment(atMs, zone, Date.now()), ...values].join(', ');
}

/** All of them are 100%, and one that failed among thousands is not. */
function shareText(share: number): string {
  return share === 1 ? '100%' : `${(Math.floor(1000 * share) / 10).toFixed(1)}%`;
}
