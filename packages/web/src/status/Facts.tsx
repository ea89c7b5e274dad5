/** What is known of the store, what was lost, and versions: names and values at the right of the page. */

import type { ReactElement } from 'react';
import { counted, formatBytes, formatCount, formatMoment, formatSpan, UNKNOWN } from '../app/format.ts';
import { useSettings } from '../app/settings.ts';
import type { HubStatus, Losses } from './hub-status.ts';

interface FactsProps {
  readonly title: string;
  readonly note?: string;
  readonly rows: readonly (readonly [name: string, value: string])[];
}

function Facts({ title, note, rows }: FactsProps): ReactElement {
  return (
    <section className="status-section">
      <h2>
        {title} {note !== undefined && <small>{note}</small>}
      </h2>
      <dl className="facts">
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

const KINDS: Readonly<Record<string, string>> = {
  sqlite: 'SQLite, one file',
  postgresql: 'PostgreSQL',
  memory: 'Memory only',
};

export function StoreFacts({ status, oldest }: { status: HubStatus; oldest: string | undefined }): ReactElement {
  const { zone } = useSettings();
  const { store, timestamp } = status;
  const { kind, path, bytes, max_bytes, retention_days } = store;
  const oldestText = oldest === undefined ? UNKNOWN : formatMoment(Date.parse(oldest), zone, Date.parse(timestamp));
  const rows: (readonly [string, string])[] = [['Kind', KINDS[kind] ?? kind]];
  if (path !== null) rows.push([kind === 'postgresql' ? 'Spool before it' : 'File', path]);
  rows.push(['State', store.detail ?? store.state]);
  rows.push(['Oldest line', oldestText]);
  if (retention_days !== null) rows.push(['Kept', counted(retention_days, 'day')]);
  if (kind !== 'memory') {
    rows.push(['Size on disk', bytes === null ? UNKNOWN : formatBytes(bytes)]);
    rows.push(['Limit', max_bytes === null ? 'none' : formatBytes(max_bytes)]);
    rows.push(['Not yet written', counted(store.events_pending, 'line')]);
  }
  return <Facts title="Store" rows={rows} />;
}

const LOSSES: readonly (readonly [key: keyof Losses, name: string, what: (n: number, losses: Losses) => string])[] = [
  ['ingest_rejected', 'Batches refused', formatCount],
  ['store_dropped_events', 'Dropped in the store', formatCount],
  ['relay_lost_events', 'Not heard from other hubs', formatCount],
  [
    'gaps',
    'Gaps told to readers',
    (n, { events_skipped }) => (n === 0 ? '0' : `${formatCount(n)}, ${counted(events_skipped, 'line')}`),
  ],
  ['readers_closed_stalled', 'Readers closed', formatCount],
  ['lines_cut', 'Lines cut', formatCount],
  ['times_replaced', 'Times replaced', (n) => (n === 0 ? '0' : `${formatCount(n)}, missing or absurd`)],
];

export function LossFacts({ status }: { readonly status: HubStatus }): ReactElement {
  const rows = LOSSES.map(([key, name, what]) => [name, what(status.losses[key], status.losses)] as const);
  return <Facts title="Losses" note={`since start, ${formatSpan(status.uptime_seconds * 1000)}`} rows={rows} />;
}

export function VersionFacts({ status }: { readonly status: HubStatus }): ReactElement {
  const { hub, node } = status.versions;
  return (
    <Facts
      title="Versions"
      rows={[
        ['Hub', hub],
        ['Node', node],
      ]}
    />
  );
}
