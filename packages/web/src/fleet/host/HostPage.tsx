/** A host: how it was over time, with its lines beside it. */

import type { FleetOverview } from '@flywatch/core';
import { type ReactElement, useEffect, useMemo, useRef } from 'react';
import { useKeys } from '../../app/keys.ts';
import { Link } from '../../app/Link.tsx';
import { navigate } from '../../app/location.ts';
import { Notice } from '../../app/Notice.tsx';
import { LoadFailed, Stale } from '../../app/Troubles.tsx';
import { useAnswer } from '../../app/useAnswer.ts';
import { type ListView, listHref } from '../fleet-view.ts';
import { filterFor } from '../live-href.ts';
import { tellTroubleCount } from '../trouble-count.ts';
import { chartsOf } from './charts.ts';
import { HostBar } from './HostBar.tsx';
import { HostCharts } from './HostCharts.tsx';
import { HostFacts } from './HostFacts.tsx';
import { HostLogs } from './HostLogs.tsx';
import { liveRange, MIN_ZOOM_MS, RANGES, useHostView } from './host-view.ts';
import { useHostLogs, useLogCounts } from './useHostLogs.ts';
import { usePointing } from './usePointing.ts';
import type { VpsSeries } from './vps-series.ts';
import './host.css';

/** What is wrong, and the facts of the system, change slowly. */
const OVERVIEW_POLL_MS = 10_000;

/** A chart is asked for again when it has a new bucket, and not more often than this. */
const MIN_POLL_MS = 5000;
const MAX_POLL_MS = 60_000;

/** Values of a chart: one for two points of a wide screen. */
const POINTS = 360;

interface HostPageProps {
  readonly name: string;
  /** The list to which the page leads back. */
  readonly list: ListView;
}

export function HostPage({ name, list }: HostPageProps): ReactElement {
  const [view, onView] = useHostView(name, list);
  const { range, zoom, pinMs } = view;
  const rangeMs = RANGES[range].ms;
  const everyMs = zoom === undefined ? Math.min(MAX_POLL_MS, Math.max(MIN_POLL_MS, rangeMs / POINTS)) : undefined;
  const series = useAnswer<VpsSeries>(
    `/api/vps/${encodeURIComponent(name)}/series`,
    zoom === undefined
      ? { from: range, points: POINTS }
      : { from: new Date(zoom.fromMs).toISOString(), to: new Date(zoom.toMs).toISOString(), points: POINTS },
    everyMs === undefined ? {} : { everyMs },
  );
  const overview = useAnswer<FleetOverview>('/api/fleet/overview', {}, { everyMs: OVERVIEW_POLL_MS });
  const unit = overview.data?.units.find((one) => one.kind === 'vps' && one.name === name);
  useEffect(() => {
    if (overview.data !== undefined) tellTroubleCount(overview.data);
  }, [overview.data]);

  const { data, error, atMs, again } = series;
  const openedMs = useRef(Date.now());
  /** The answer before may still be that of a part that was zoomed into. */
  const isOfRange = series.params !== undefined && series.params.to === undefined;
  const span = useMemo(() => {
    if (zoom !== undefined) return zoom;
    if (data === undefined) return { fromMs: openedMs.current - rangeMs, toMs: openedMs.current };
    // By the hub's clock: that of the browser may be another one.
    const toMs = isOfRange ? Date.parse(data.to) : openedMs.current;
    return { fromMs: toMs - rangeMs, toMs };
  }, [zoom, data, isOfRange, rangeMs]);
  const thresholds = overview.data?.thresholds;
  const charts = useMemo(() => (data === undefined ? [] : chartsOf(data, unit, thresholds)), [data, unit, thresholds]);

  const zooms = useRef(0);
  const pointing = usePointing(span, {
    onSelect: (part) => {
      if (part.toMs - part.fromMs < MIN_ZOOM_MS) return;
      zooms.current++;
      onView({ zoom: { fromMs: Math.round(part.fromMs), toMs: Math.round(part.toMs) } });
    },
    onPress: (ms) => onView({ pinMs: pinMs === undefined ? Math.round(ms) : undefined }, 'replace'),
  });
  const crosshairMs = pinMs ?? pointing.atMs;
  const q = filterFor('host', name);
  const logs = useHostLogs(q, crosshairMs, span, zoom === undefined);
  const logCounts = useLogCounts(q, span, everyMs);
  const pin = () =>
    onView(
      { pinMs: pinMs === undefined && pointing.atMs !== undefined ? Math.round(pointing.atMs) : undefined },
      'replace',
    );

  useKeys({
    scope: 'search',
    keys: {
      Backspace: {
        text: 'Back to the time before',
        run: () => {
          // Only back over zooms of this page: further back is another page.
          if (zooms.current === 0) return false;
          zooms.current--;
          history.back();
          return true;
        },
      },
      p: { text: 'Pin the time of the crosshair', run: pin },
    },
  });
  useKeys({ scope: 'go', keys: { Escape: { text: 'Back to the fleet', run: () => navigate(listHref(list)) } } });

  // All of it at once: facts that come after the charts would push them down.
  const isTold = data !== undefined && (overview.data ?? overview.error) !== undefined;
  const isKnown = unit !== undefined || (data !== undefined && (charts.length > 0 || logs.lines.length > 0));
  return (
    <>
      <HostBar name={name} list={list} unit={unit} view={view} onView={onView} />
      {data !== undefined && error !== undefined && <Stale error={error} atMs={atMs} onAgain={again} />}
      {data === undefined && error !== undefined && <LoadFailed what="This host" error={error} onAgain={again} />}
      {isTold && !isKnown && !logs.isLoading && <Unknown />}
      {isTold && isKnown && (
        <>
          {unit !== undefined && <HostFacts unit={unit} hubMs={Date.parse(overview.data!.at)} atMs={overview.atMs} />}
          <div className={error === undefined ? 'host' : 'host is-old'}>
            <HostCharts answer={data} charts={charts} logs={logCounts} span={span} pinMs={pinMs} pointing={pointing} />
            <HostLogs
              logs={logs}
              q={q}
              range={liveRange(view)}
              atMs={crosshairMs}
              isPinned={pinMs !== undefined}
              onPin={pin}
            />
          </div>
        </>
      )}
    </>
  );
}

function Unknown(): ReactElement {
  return (
    <Notice tone="quiet" title="Nothing is known of this host">
      <p>It has sent no figures and no lines in this range, or it goes by another name.</p>
      <Link className="button" href="/ui/fleet">
        Show the fleet
      </Link>
    </Notice>
  );
}
