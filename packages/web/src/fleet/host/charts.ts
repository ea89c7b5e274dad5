/** The charts of a host: what its series become on the page. A chart more is one function and one row in `CHARTS`. Pure. */

import type { FleetThresholds, FleetUnit } from '@flywatch/core';
import { counted, formatBytes, formatPercent, UNKNOWN } from '../../app/format.ts';
import { type Held, placeAt, withHoles } from './holes.ts';
import { percentFloor, roundTop } from './scale.ts';
import type { CheckSeries, Series, Values, VpsSeries } from './vps-series.ts';

/** A token of the theme. */
export type Colour = 'c1' | 'c2' | 'c3' | 'c4' | 'c5';

export interface Line {
  /** Where a chart has several: what this one is. */
  readonly name: string;
  readonly colour: Colour;
  readonly mean: Values;
  /** Between what the buckets had; left out where they have no more than one value. */
  readonly band?: { readonly min: Values; readonly max: Values };
  readonly isFilled?: boolean;
}

export interface Chart extends Held {
  readonly id: string;
  readonly name: string;
  /** The newest value. */
  readonly figure: string;
  /** What it is a figure of; empty where the names of the lines say it. */
  readonly note: string;
  readonly lines: readonly Line[];
  readonly from: number;
  readonly to: number;
  /** The top of the scale in words, and where it begins if not at 0. */
  readonly scale: string;
  /** From here on it is trouble; of the load: how much the host can do at once. */
  readonly threshold?: number;
  /** What stands beside the crosshair. */
  readonly readOut: (ms: number) => string | undefined;
}

/** What `memory_mb` and `disk_gb` count in. */
const MIB = 1024 ** 2;
const GIB = 1024 ** 3;

interface Source {
  readonly answer: VpsSeries;
  readonly held: Held;
  readonly unit: FleetUnit | undefined;
  readonly thresholds: FleetThresholds | undefined;
}

const CHARTS: readonly ((source: Source) => Chart | undefined)[] = [cpu, memory, disk, load, network, diskTraffic];

/** The charts that there is something for, then one for each check. */
export function chartsOf(
  answer: VpsSeries,
  unit: FleetUnit | undefined,
  thresholds: FleetThresholds | undefined,
): readonly Chart[] {
  const silences = answer.outages.map(({ from, to }) => ({
    fromMs: Date.parse(from),
    toMs: Date.parse(to ?? answer.to),
  }));
  const source = { answer, held: withHoles(answer.times, answer.step_ms, silences), unit, thresholds };
  const charts = CHARTS.flatMap((chart) => chart(source) ?? []);
  return [...charts, ...answer.checks.map((check, at) => checkChart(check, at, answer.step_ms))];
}

function cpu({ answer: { series }, held, thresholds }: Source): Chart | undefined {
  const all = series.cpu_percent;
  if (all === undefined) return undefined;
  const wait = series.cpu_iowait_percent;
  return {
    ...held,
    id: 'cpu',
    name: 'CPU',
    figure: percentText(newest(all.mean)),
    note: '',
    lines: [line('all', 'c1', all, true), ...(wait === undefined ? [] : [line('disk wait', 'c5', wait)])],
    from: 0,
    to: 100,
    scale: '100%',
    ...thresholdAbove(0, thresholds?.cpu_percent),
    readOut: (ms) => {
      const at = placeAt(held, ms);
      if (at === undefined) return undefined;
      const waiting = wait?.mean[at] ?? null;
      return `${percentText(all.mean[at])}${waiting === null ? '' : ` · wait ${formatPercent(waiting)}`}`;
    },
  };
}

function memory({ answer: { series }, held, unit, thresholds }: Source): Chart | undefined {
  const share = series.memory_percent;
  if (share === undefined) return undefined;
  const total = unit?.system?.memory_bytes ?? null;
  const usedMb = series.memory_mb === undefined ? null : newest(series.memory_mb.mean);
  return {
    ...held,
    id: 'memory',
    name: 'Memory',
    figure: percentText(newest(share.mean)),
    note: usedMb === null ? '' : partText(usedMb * MIB, total),
    lines: [line('memory', 'c3', share, true)],
    from: 0,
    to: 100,
    scale: total === null ? '100%' : formatBytes(total),
    ...thresholdAbove(0, thresholds?.memory_percent),
    readOut: (ms) => readPercent(held, share, ms),
  };
}

function disk({ answer: { series }, held, unit, thresholds }: Source): Chart | undefined {
  const share = series.disk_percent;
  if (share === undefined) return undefined;
  const percent = newest(share.mean);
  const usedGb = series.disk_gb === undefined ? null : newest(series.disk_gb.mean);
  const total = usedGb !== null && percent !== null && percent > 0 ? (usedGb * GIB * 100) / percent : null;
  const from = percentFloor(share.min);
  const size = usedGb === null ? '' : partText(usedGb * GIB, total);
  return {
    ...held,
    id: 'disk',
    name: 'Disk',
    figure: percent === null ? UNKNOWN : `${percent.toFixed(1)}%`,
    note: [unit?.figures?.disk_mount ?? '', size].filter((part) => part !== '').join(', '),
    lines: [line('disk', 'c4', share, true)],
    from,
    to: 100,
    scale: from === 0 ? '100%' : `100%, scale from ${from}`,
    ...thresholdAbove(from, thresholds?.disk_percent),
    readOut: (ms) => {
      const at = placeAt(held, ms);
      const then = at === undefined ? null : (share.mean[at] ?? null);
      if (then === null) return undefined;
      return `${then.toFixed(1)}%${total === null ? '' : `, ${formatBytes((total * (100 - then)) / 100)} free`}`;
    },
  };
}

function load({ answer: { series }, held, unit }: Source): Chart | undefined {
  const one = series.load_avg_1m;
  if (one === undefined) return undefined;
  const fifteen = series.load_avg_15m;
  const cores = unit?.system?.cores ?? null;
  const to = roundTop(Math.max(greatest(one.max), greatest(fifteen?.max ?? []), (cores ?? 0) * 1.2));
  return {
    ...held,
    id: 'load',
    name: 'Load',
    figure: newest(one.mean)?.toFixed(2) ?? UNKNOWN,
    note: cores === null ? '' : counted(cores, 'core'),
    lines: [line('1 min', 'c1', one, true), ...(fifteen === undefined ? [] : [line('15 min', 'c3', fifteen)])],
    from: 0,
    to,
    scale: `${to}`,
    ...(cores !== null && { threshold: cores }),
    readOut: (ms) => {
      const at = placeAt(held, ms);
      return at === undefined ? undefined : one.mean[at]?.toFixed(2);
    },
  };
}

function network({ answer: { series }, held }: Source): Chart | undefined {
  const { network_in_bytes_per_second: into, network_out_bytes_per_second: out } = series;
  const names = ['in', 'out'] as const;
  return rates({
    held,
    id: 'network',
    name: 'Network',
    names,
    colours: ['c2', 'c3'],
    both: [into, out],
    text: bitsText,
  });
}

function diskTraffic({ answer: { series }, held }: Source): Chart | undefined {
  const { disk_read_bytes_per_second: read, disk_write_bytes_per_second: write } = series;
  const names = ['read', 'written'] as const;
  const text = (bytes: number) => `${formatBytes(bytes)}/s`;
  return rates({
    held,
    id: 'disk-rate',
    name: 'Disk traffic',
    names,
    colours: ['c4', 'c5'],
    both: [read, write],
    text,
  });
}

interface Rates {
  readonly held: Held;
  readonly id: string;
  readonly name: string;
  readonly names: readonly [string, string];
  readonly colours: readonly [Colour, Colour];
  readonly both: readonly [Series | undefined, Series | undefined];
  readonly text: (bytesPerSecond: number) => string;
}

/** What goes in and out, in one chart; the figure is that of both. */
function rates({ held, id, name, names, colours, both, text }: Rates): Chart | undefined {
  const known = both.flatMap((series, at) => (series === undefined ? [] : [{ series, at }]));
  if (known.length === 0) return undefined;
  const valuesAt = (place: number) => known.flatMap(({ series }) => series.mean[place] ?? []);
  const last = known.flatMap(({ series }) => newest(series.mean) ?? []);
  const to = roundTop(Math.max(...known.map(({ series }) => greatest(series.max))) * 8) / 8;
  return {
    ...held,
    id,
    name,
    figure: last.length === 0 ? UNKNOWN : text(last.reduce((sum, value) => sum + value, 0)),
    note: '',
    lines: known.map(({ series, at }) => line(names[at]!, colours[at]!, series, at === 0)),
    from: 0,
    to,
    scale: text(to),
    readOut: (ms) => {
      const place = placeAt(held, ms);
      if (place === undefined || valuesAt(place).length === 0) return undefined;
      return known
        .flatMap(({ series, at }) => {
          const value = series.mean[place] ?? null;
          return value === null ? [] : [`${text(value)} ${names[at]}`];
        })
        .join(' · ');
    },
  };
}

function checkChart(check: CheckSeries, at: number, stepMs: number): Chart {
  const { name, url, mean_ms, max_ms, down, times } = check;
  const held = withHoles(times, stepMs);
  const to = roundTop(greatest(max_ms));
  const latest = newest(mean_ms);
  return {
    ...held,
    id: `check-${at}`,
    name: 'Health check',
    figure: latest === null ? UNKNOWN : latencyText(latest),
    note: name ?? url,
    lines: [{ name: 'latency', colour: 'c1', mean: mean_ms, band: { min: mean_ms, max: max_ms }, isFilled: true }],
    from: 0,
    to,
    scale: latencyText(to),
    readOut: (ms) => {
      const place = placeAt(held, ms);
      if (place === undefined) return undefined;
      if ((down[place] ?? 0) > 0) return 'failed';
      const latency = mean_ms[place] ?? null;
      return latency === null ? undefined : latencyText(latency);
    },
  };
}

function line(name: string, colour: Colour, { min, max, mean }: Series, isFilled = false): Line {
  return { name, colour, mean, band: { min, max }, isFilled };
}

/** Not drawn below where the scale begins. */
function thresholdAbove(from: number, threshold: number | undefined): Pick<Chart, 'threshold'> {
  return threshold === undefined || threshold <= from ? {} : { threshold };
}

function readPercent(held: Held, { mean }: Series, ms: number): string | undefined {
  const at = placeAt(held, ms);
  const value = at === undefined ? null : (mean[at] ?? null);
  return value === null ? undefined : formatPercent(value);
}

function newest(values: Values): number | null {
  return values.findLast((value) => value !== null) ?? null;
}

function greatest(values: Values): number {
  return values.reduce<number>((most, value) => Math.max(most, value ?? 0), 0);
}

function percentText(percent: number | null | undefined): string {
  return percent === null || percent === undefined ? UNKNOWN : formatPercent(percent);
}

/** `11.4 of 16 GB`, `512 MB of 16 GB`. */
function partText(bytes: number, total: number | null): string {
  const part = formatBytes(bytes);
  if (total === null) return part;
  const [, unit] = part.split(' ');
  const whole = formatBytes(total);
  return `${whole.endsWith(` ${unit}`) ? part.slice(0, -unit!.length - 1) : part} of ${whole}`;
}

/** `34 Mb/s`: networks are counted in bits. */
function bitsText(bytesPerSecond: number): string {
  return `${formatBytes(bytesPerSecond * 8)
    .replace(/B$/, 'b')
    .replace('Kb', 'kb')}/s`;
}

/** `12 ms`, `1.4 s`. */
function latencyText(ms: number): string {
  return ms < 1000 ? `${ms < 10 ? Number(ms.toFixed(1)) : Math.round(ms)} ms` : `${Number((ms / 1000).toFixed(1))} s`;
}
