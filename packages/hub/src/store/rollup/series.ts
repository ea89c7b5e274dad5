/** The figures of a host that have curves, and where each is found in a row: in a column of seed 003, or in what agents send beside. */

import { parseStructure } from '@flywatch/core';
import { FIGURE_TABLES, type FigureRow, type FigureValue } from '../figures.ts';

type Figures = Readonly<Record<string, unknown>>;

type Place = { readonly column: string } | { readonly read: (figures: Figures) => unknown };

/** Buckets refer to a series by its place in this table: never changed, only added to. */
export const SERIES = [
  ['cpu_percent', { column: 'cpu_percent' }],
  ['cpu_iowait_percent', { read: ({ cpu }) => part(cpu, 'iowait_percent') }],
  ['cpu_steal_percent', { read: ({ cpu }) => part(cpu, 'steal_percent') }],
  ['memory_percent', { column: 'memory_percent' }],
  ['memory_mb', { column: 'memory_mb' }],
  ['swap_percent', { read: ({ memory }) => share(part(memory, 'swap_used_bytes'), part(memory, 'swap_total_bytes')) }],
  ['disk_percent', { column: 'disk_percent' }],
  ['disk_gb', { column: 'disk_gb' }],
  ['load_avg_1m', { column: 'load_avg_1m' }],
  ['load_avg_5m', { column: 'load_avg_5m' }],
  ['load_avg_15m', { column: 'load_avg_15m' }],
  ['network_in_bytes_per_second', { read: ({ network }) => part(part(network, 'total'), 'rx_bytes') }],
  ['network_out_bytes_per_second', { read: ({ network }) => part(part(network, 'total'), 'tx_bytes') }],
  ['disk_read_bytes_per_second', { read: ({ disks }) => sumOfDisks(disks, 'read_bytes_per_second') }],
  ['disk_write_bytes_per_second', { read: ({ disks }) => sumOfDisks(disks, 'written_bytes_per_second') }],
] as const satisfies readonly (readonly [name: string, place: Place])[];

export type SeriesName = (typeof SERIES)[number][0];

const placeOf = (wanted: SeriesName) => SERIES.findIndex(([name]) => name === wanted);

export const CPU_PERCENT = placeOf('cpu_percent');
export const MEMORY_PERCENT = placeOf('memory_percent');

const COLUMNS: readonly string[] = FIGURE_TABLES.metrics.columns.map(([name]) => name);

/** Column of each series; -1 where it is read from the details. */
const COLUMN_OF = SERIES.map(([, place]) => ('column' in place ? COLUMNS.indexOf(place.column) : -1));

/** What a row of figures says of each series; undefined where it says nothing. */
export function seriesOf(row: Pick<FigureRow, 'values' | 'details'>): (number | undefined)[] {
  const figures = row.details === null ? undefined : parseStructure(row.details)?.figures;
  const sent = isFigures(figures) ? figures : {};
  return SERIES.map(([, place], i) => asNumber('column' in place ? row.values[COLUMN_OF[i]!] : place.read(sent)));
}

/** The series that stand in columns, where those of the details are known already. */
export function withColumns(
  values: readonly FigureValue[],
  others: readonly (number | undefined)[],
): (number | undefined)[] {
  return SERIES.map((_, i) => (COLUMN_OF[i] === -1 ? others[i] : asNumber(values[COLUMN_OF[i]!])));
}

/** The same without what stands in columns. */
export function withoutColumns(series: readonly (number | undefined)[]): (number | undefined)[] {
  return series.map((value, i) => (COLUMN_OF[i] === -1 ? value : undefined));
}

/** Anybody may send rows, so that a section may be anything. */
function isFigures(value: unknown): value is Figures {
  return typeof value === 'object' && value !== null;
}

function part(section: unknown, name: string): unknown {
  return isFigures(section) && Object.hasOwn(section, name) ? section[name] : undefined;
}

function asNumber(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** Percent of a whole that may be nothing, as swap often is. */
function share(of: unknown, whole: unknown): number | undefined {
  if (typeof of !== 'number' || typeof whole !== 'number' || whole <= 0) return undefined;
  return (100 * of) / whole;
}

/** A disk that is mounted twice counts once. */
function sumOfDisks(disks: unknown, name: string): number | undefined {
  if (!Array.isArray(disks)) return undefined;
  const bySource = new Map<unknown, number>();
  for (const disk of disks) {
    const value = asNumber(part(part(disk, 'io'), name));
    if (value !== undefined) bySource.set(part(disk, 'source') ?? part(disk, 'mount'), value);
  }
  return bySource.size === 0 ? undefined : [...bySource.values()].reduce((sum, value) => sum + value, 0);
}
