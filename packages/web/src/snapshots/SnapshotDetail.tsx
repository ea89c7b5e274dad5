/** One snapshot: why it was taken, what came before it, the errors with their texts, and how the hub was. */

import { type FlatEvent, parseLevel, parseStructure } from '@flywatch/core';
import { Isolated, LineText } from '@flywatch/react';
import { type ReactElement, useMemo } from 'react';
import {
  counted,
  formatBytes,
  formatClock,
  formatCount,
  formatMoment,
  formatPercent,
  formatSpan,
  UNKNOWN,
} from '../app/format.ts';
import { Link } from '../app/Link.tsx';
import { useSettings } from '../app/settings.ts';
import { LoadFailed } from '../app/Troubles.tsx';
import { useAnswer } from '../app/useAnswer.ts';
import { type Snapshot, type SnapshotLogs, type TopError, TRIGGERS } from './snapshot.ts';

interface SnapshotDetailProps {
  readonly id: string;
  /** Those of the list: what is among them is not asked for again. */
  readonly known: readonly Snapshot[];
}

export function SnapshotDetail({ id, known }: SnapshotDetailProps): ReactElement | null {
  const listed = known.find((snapshot) => snapshot.id === id);
  const path = listed === undefined ? `snapshots/${encodeURIComponent(id)}` : undefined;
  const { data, error, again } = useAnswer<Snapshot>(path, {});
  const snapshot = listed ?? data;
  if (snapshot !== undefined) return <Detail snapshot={snapshot} />;
  return error === undefined ? null : <LoadFailed what="This snapshot" error={error} onAgain={again} />;
}

function Detail({ snapshot }: { readonly snapshot: Snapshot }): ReactElement {
  const { zone } = useSettings();
  const { trigger, reason, timestamp, logs, metrics, sources, notes } = snapshot;
  return (
    <article className="snapshot scroll">
      <header className="snapshot-head">
        <h2>{formatMoment(Date.parse(timestamp), zone, Date.now())}</h2>
        <p>
          {TRIGGERS[trigger] ?? trigger}: {reason}
        </p>
        {logs !== null && (
          <Link className="button" href={liveHref(logs)}>
            See these lines in Live
          </Link>
        )}
      </header>
      {notes.map((note) => (
        <p key={note} className="snapshot-missing">
          {note}
        </p>
      ))}
      {logs !== null && <Counts logs={logs} />}
      {logs !== null && logs.top_errors.length > 0 && <Errors logs={logs} />}
      <section className="snapshot-part">
        <h3>The hub then</h3>
        <dl className="facts">
          {hubFacts(metrics, sources).map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      </section>
    </article>
  );
}

const LEVEL_ORDER = ['fatal', 'error', 'warn', 'info', 'debug', 'trace'] as const;

function Counts({ logs }: { readonly logs: SnapshotLogs }): ReactElement {
  const { zone } = useSettings();
  const clock = (moment: string) => formatClock(Date.parse(moment), zone, true);
  return (
    <section className="snapshot-part">
      <h3>
        {counted(logs.total, 'line')}{' '}
        <small>
          {clock(logs.from)} – {clock(logs.to)}
        </small>
      </h3>
      <ul className="snapshot-levels figures">
        {LEVEL_ORDER.map((level) => (
          <li key={level} data-level={level}>
            {level} <strong>{formatCount(logs.counts[level] ?? 0)}</strong>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Errors({ logs }: { readonly logs: SnapshotLogs }): ReactElement {
  return (
    <section className="snapshot-part">
      <h3>Errors</h3>
      <ul>
        {logs.top_errors.map((error) => (
          <ErrorRow key={error.id} error={error} logs={logs} />
        ))}
      </ul>
    </section>
  );
}

function ErrorRow({ error, logs }: { readonly error: TopError; readonly logs: SnapshotLogs }): ReactElement {
  const { count, app, instance, level, id } = error;
  const event = useMemo(() => eventOf(error), [error]);
  const where = [app, instance?.slice(0, 8)].filter((part) => part !== undefined && part !== null).join(' ');
  return (
    <li>
      <Link className="snapshot-error" href={liveHref(logs, id)} data-level={level}>
        <span className="snapshot-times figures">{formatCount(count)} ×</span>
        <span className="snapshot-text mono">
          <LineText event={event} />
        </span>
        <Isolated className="snapshot-where mono" text={where} />
      </Link>
    </li>
  );
}

/** The error as a line of the list: JSON shows its message and its fields. */
function eventOf({ id, message, level, last_seen }: TopError): FlatEvent {
  const fields = parseStructure(message);
  return {
    id,
    message,
    time: last_seen,
    receivedAt: last_seen,
    level: parseLevel(level) ?? 'error',
    ...(fields === undefined ? undefined : { fields }),
  };
}

/** The Live page with the time that the snapshot counts, and with a line open where there is one. */
function liveHref({ from, to }: SnapshotLogs, line?: string): string {
  const search = new URLSearchParams({ from, to, ...(line === undefined ? undefined : { line }) });
  return `/ui/?${search}`;
}

function hubFacts(metrics: Snapshot['metrics'], sources: Snapshot['sources']): readonly (readonly [string, string])[] {
  const rows: (readonly [string, string])[] = Object.entries(sources).map(([name, state]) => [`Source ${name}`, state]);
  if (metrics === null) return [...rows, ['Figures', 'could not be had']];
  const { system, process } = metrics;
  return [
    ...rows,
    ['Up for', formatSpan(metrics.uptime_seconds * 1000)],
    ['CPU in use', system === undefined ? UNKNOWN : formatPercent(system.cpu_usage_percent)],
    ['Memory in use', system === undefined ? UNKNOWN : formatPercent(system.memory_usage_percent)],
    ['Memory of the hub', process === undefined ? UNKNOWN : formatBytes(process.memory_rss_bytes)],
    ['Lines in the ring', formatCount(metrics.buffer_events)],
    ['Store', metrics.store_bytes === null ? 'nothing on disk' : formatBytes(metrics.store_bytes)],
    ['Dropped in the store', formatCount(metrics.store_dropped_events)],
    ['Readers', formatCount(metrics.active_sse_connections + metrics.active_ws_connections)],
    ['Gaps told to readers', formatCount(metrics.gaps)],
  ];
}
