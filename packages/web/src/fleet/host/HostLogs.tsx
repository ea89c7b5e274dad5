/** The host's lines beside its charts: at the crosshair, or the newest. */

import type { FlatEvent } from '@flywatch/core';
import { LevelTag, LineText } from '@flywatch/react';
import { type ReactElement, useLayoutEffect, useRef } from 'react';
import { formatClock, formatMoment, formatTime } from '../../app/format.ts';
import { LockIcon, OpenIcon } from '../../app/icons.tsx';
import { Link } from '../../app/Link.tsx';
import { useSettings, type Zone } from '../../app/settings.ts';
import { troubleOf } from '../../app/trouble.ts';
import { instanceClass } from '../../live/instance-slot.ts';
import type { Range } from '../../live/view.ts';
import { liveHref } from '../live-href.ts';
import type { HostLogs as Logs } from './useHostLogs.ts';

interface HostLogsProps {
  readonly logs: Logs;
  readonly q: string;
  readonly range: Range;
  /** Where the crosshair is. */
  readonly atMs: number | undefined;
  readonly isPinned: boolean;
  readonly onPin: () => void;
}

/** So much time around the crosshair is what Live shows of it. */
const AROUND_MS = 15 * 60_000;

export function HostLogs({ logs, q, range, atMs, isPinned, onPin }: HostLogsProps): ReactElement {
  const { zone } = useSettings();
  const { lines, current, isLoading, error } = logs;
  const around: Range =
    atMs === undefined
      ? range
      : { kind: 'between', fromMs: Math.round(atMs - AROUND_MS / 2), toMs: Math.round(atMs + AROUND_MS / 2) };
  return (
    <section className="host-logs" aria-label="Lines of this host">
      <header className="host-logs-head">
        <h2>{atMs === undefined ? 'Newest logs' : `Logs at ${timeText(atMs, zone)}`}</h2>
        <span className="quiet">· {isPinned ? 'pinned' : 'follows the crosshair'}</span>
        <button
          type="button"
          className="button is-plain"
          aria-pressed={isPinned}
          disabled={atMs === undefined && !isPinned}
          title="Stops following the crosshair (p)"
          onClick={onPin}
        >
          <LockIcon /> {isPinned ? 'Unpin' : 'Pin time'}
        </button>
        <Link
          className="icon-button"
          href={liveHref([q], around, current)}
          aria-label="Open in Live"
          title="Open in Live"
        >
          <OpenIcon />
        </Link>
      </header>
      {error !== undefined && (
        <p className="host-logs-note is-failed">
          {troubleOf(error).text}{' '}
          <button type="button" className="link-button" onClick={logs.again}>
            Try now
          </button>
        </p>
      )}
      {lines.length === 0 && !isLoading && error === undefined && (
        <p className="host-logs-note">
          No line of this host {atMs === undefined ? 'in this range' : 'around this time'}.
        </p>
      )}
      {lines.length > 0 && <Lines lines={lines} current={current} q={q} />}
    </section>
  );
}

/** From so long ago on a time of day alone could be that of another day. */
const DAY_MS = 86_400_000;

function timeText(ms: number, zone: Zone): string {
  const nowMs = Date.now();
  return nowMs - ms < DAY_MS ? formatClock(ms, zone, true) : formatMoment(ms, zone, nowMs);
}

interface LinesProps {
  readonly lines: readonly FlatEvent[];
  readonly current: string | undefined;
  readonly q: string;
}

function Lines({ lines, current, q }: LinesProps): ReactElement {
  const { zone } = useSettings();
  const list = useRef<HTMLUListElement>(null);
  const nowMs = Date.now();
  // The line of the crosshair stands in the middle, the newest at the bottom. Not `scrollIntoView`: it would scroll the page too.
  // biome-ignore lint/correctness/useExhaustiveDependencies: anew for each answer
  useLayoutEffect(() => {
    const box = list.current;
    if (box === null) return;
    const here = box.querySelector<HTMLElement>('[aria-current]');
    box.scrollTop = here === null ? box.scrollHeight : here.offsetTop - (box.clientHeight - here.offsetHeight) / 2;
  }, [lines, current]);
  return (
    <ul ref={list} className="host-lines">
      {lines.map((event) => (
        <li key={event.id}>
          <Link
            className={`host-line is-${event.level} ${instanceClass(event.instance ?? event.host)}`}
            aria-current={event.id === current ? true : undefined}
            href={liveHref([q], aroundLine(event), event.id)}
          >
            <i className="list-tick" />
            <time>{formatTime(Date.parse(event.time), zone, nowMs)}</time>
            <LevelTag level={event.level} />
            <span className="host-line-text">
              <LineText event={event} />
            </span>
          </Link>
        </li>
      ))}
    </ul>
  );
}

function aroundLine({ time }: FlatEvent): Range {
  const ms = Date.parse(time);
  return { kind: 'between', fromMs: ms - AROUND_MS / 2, toMs: ms + AROUND_MS / 2 };
}
