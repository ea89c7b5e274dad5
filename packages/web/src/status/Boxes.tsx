/** The way of a line through the hub in four boxes: arriving, ring, store, readers. */

import type { ComponentType, ReactElement, ReactNode } from 'react';
import { counted, formatBytes, formatCount, formatPercent, formatSpan, UNKNOWN } from '../app/format.ts';
import { ContextIcon, DownloadIcon, ReadersIcon, StoreIcon } from '../app/icons.tsx';
import type { HubStatus } from './hub-status.ts';
import type { Rates } from './rates.ts';
import { Sparkline } from './Sparkline.tsx';

export function Boxes({ status, rates }: { readonly status: HubStatus; readonly rates: Rates }): ReactElement {
  const { ring, store, readers } = status;
  const rate = (n: number | undefined) => (n === undefined ? UNKNOWN : formatCount(n));
  const [size, unit] = store.bytes === null ? [UNKNOWN, ''] : formatBytes(store.bytes).split(' ');
  return (
    <ul className="boxes">
      <Box Icon={DownloadIcon} name="Arriving" figure={rate(rates.arriving)} unit="lines/s" note={arrivingNote(status)}>
        <Sparkline values={rates.arrivingOverTime} />
      </Box>
      <Box Icon={ContextIcon} name="Ring" figure={formatCount(ring.events)} unit="lines" note={ringNote(status)}>
        <Sparkline values={rates.ringOverTime} />
      </Box>
      <Box
        Icon={StoreIcon}
        name="Store"
        figure={store.kind === 'memory' ? 'None' : size!}
        unit={store.max_bytes === null ? unit! : `${unit} of ${formatBytes(store.max_bytes)}`}
        note={storeNote(status)}
      >
        {store.max_bytes !== null && store.bytes !== null && <Meter value={store.bytes} max={store.max_bytes} />}
      </Box>
      <Box
        Icon={ReadersIcon}
        name="Readers"
        figure={formatCount(readers.now)}
        unit="now"
        note={`${rate(rates.delivering)} lines/s delivered`}
      >
        <Sparkline values={rates.deliveringOverTime} />
      </Box>
    </ul>
  );
}

interface BoxProps {
  readonly Icon: ComponentType;
  readonly name: string;
  readonly figure: string;
  readonly unit: string;
  readonly note: string;
  readonly children: ReactNode;
}

function Box({ Icon, name, figure, unit, note, children }: BoxProps): ReactElement {
  return (
    <li className="box">
      <h2 className="box-name">
        <Icon /> {name}
      </h2>
      <p className="box-figure">
        <strong>{figure}</strong> {unit}
      </p>
      <p className="box-note">{note}</p>
      <div className="box-chart">{children}</div>
    </li>
  );
}

function Meter({ value, max }: { readonly value: number; readonly max: number }): ReactElement {
  const share = Math.min(100, (100 * value) / max);
  return (
    <svg
      className="meter"
      viewBox="0 0 100 1"
      preserveAspectRatio="none"
      role="img"
      aria-label={`${formatPercent(share)} full`}
    >
      <rect className="meter-ground" width="100" height="1" />
      <rect className="meter-value" width={share} height="1" />
    </svg>
  );
}

function arrivingNote({ losses }: HubStatus): string {
  const refused =
    losses.ingest_rejected === 0 ? 'none refused' : `${counted(losses.ingest_rejected, 'batch', 'batches')} refused`;
  const dropped =
    losses.store_dropped_events === 0 ? 'none dropped' : `${formatCount(losses.store_dropped_events)} dropped`;
  return `${refused}, ${dropped}`;
}

function ringNote({ ring, timestamp }: HubStatus): string {
  if (ring.oldest_at === null) return `room for ${formatCount(ring.max_events)}`;
  return `last ${formatSpan(Date.parse(timestamp) - Date.parse(ring.oldest_at))}, ${formatBytes(ring.chars)} of text`;
}

function storeNote({ store }: HubStatus): string {
  if (store.kind === 'memory') return 'history is what the ring holds';
  const written = `${counted(store.events_written, 'line')} written since start`;
  return store.ready ? written : `${store.state}; ${written}`;
}
