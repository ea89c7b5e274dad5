/**
 * The figures in a row, as an agent sends them or as seed 003's table has them. What comes from a host is taken as what it is
 * meant to be only where it looks like it.
 */

import { type Fields, parseStructure } from '@flywatch/core';
import { FIGURE_TABLES, type FigureRow } from '../../store/figures.ts';

export interface Disk {
  readonly mount: string;
  readonly percent: number;
  readonly usedBytes: number | undefined;
  readonly totalBytes: number | undefined;
  /** What users who are not root may still write. */
  readonly availableBytes: number | undefined;
  readonly inodesPercent: number | undefined;
}

export interface HostFigures {
  readonly atMs: number;
  readonly cpuPercent: number | undefined;
  readonly iowaitPercent: number | undefined;
  readonly stealPercent: number | undefined;
  readonly cores: number | undefined;
  readonly memoryPercent: number | undefined;
  readonly memoryMb: number | undefined;
  readonly memoryUsedBytes: number | undefined;
  readonly memoryTotalBytes: number | undefined;
  /** Since boot. */
  readonly oomKills: number | undefined;
  readonly load: { readonly [K in 'avg1m' | 'avg5m' | 'avg15m']: number | undefined };
  readonly disks: readonly Disk[];
  readonly failedUnits: { readonly count: number; readonly names: readonly string[] } | undefined;
  readonly temperatures: readonly { readonly name: string; readonly celsius: number }[];
  readonly uptimeSeconds: number | undefined;
  /** Beside the figures: what the agent says of itself and its host. */
  readonly about: About;
}

export interface About {
  readonly intervalSeconds: number | undefined;
  readonly agentVersion: string | undefined;
  readonly os: string | undefined;
  readonly kernel: string | undefined;
}

const GIB = 1024 ** 3;

export function readFigures(row: FigureRow): HostFigures {
  const details = row.details === null ? undefined : parseStructure(row.details);
  const figures = part(details, 'figures');
  const [cpu, memory, load, units] = ['cpu', 'memory', 'load', 'units'].map((name) => part(figures, name));
  const column = (name: string) => number(row.values[COLUMNS.indexOf(name)]);
  const system = part(figures, 'system');
  const failed = number(units?.failed);
  return {
    atMs: row.timeMs,
    cpuPercent: column('cpu_percent'),
    iowaitPercent: number(cpu?.iowait_percent),
    stealPercent: number(cpu?.steal_percent),
    cores: number(cpu?.cores),
    memoryPercent: column('memory_percent'),
    memoryMb: column('memory_mb'),
    memoryUsedBytes: number(memory?.used_bytes),
    memoryTotalBytes: number(memory?.total_bytes),
    oomKills: number(memory?.oom_kills),
    load: {
      avg1m: column('load_avg_1m') ?? number(load?.avg1m),
      avg5m: column('load_avg_5m') ?? number(load?.avg5m),
      avg15m: column('load_avg_15m') ?? number(load?.avg15m),
    },
    disks: disksOf(figures?.disks) ?? rootDisk(column('disk_percent'), column('disk_gb')),
    failedUnits:
      failed === undefined
        ? undefined
        : { count: failed, names: list(units?.names).flatMap((name) => text(name) ?? []) },
    temperatures: list(figures?.temperatures).flatMap((sensor) => {
      const [name, celsius] = [text(own(sensor, 'name')), number(own(sensor, 'celsius'))];
      return name === undefined || celsius === undefined ? [] : [{ name, celsius }];
    }),
    uptimeSeconds: number(part(figures, 'uptime')?.seconds),
    about: {
      intervalSeconds: positive(number(details?.interval_seconds)),
      agentVersion: text(details?.agent_version),
      os: text(system?.os),
      kernel: text(system?.kernel),
    },
  };
}

const COLUMNS: readonly string[] = FIGURE_TABLES.metrics.columns.map(([name]) => name);

function disksOf(given: unknown): readonly Disk[] | undefined {
  const disks = list(given).flatMap((disk): Disk[] => {
    const [mount, percent] = [text(own(disk, 'mount')), number(own(disk, 'percent'))];
    // What cannot be written is full by nature: an image, a disc.
    if (mount === undefined || percent === undefined || own(disk, 'read_only') === true) return [];
    const bytes = (name: string) => number(own(disk, name));
    return [
      {
        mount,
        percent,
        usedBytes: bytes('used_bytes'),
        totalBytes: bytes('total_bytes'),
        availableBytes: bytes('available_bytes'),
        inodesPercent: bytes('inodes_percent'),
      },
    ];
  });
  return disks.length === 0 ? undefined : disks;
}

/** Seed 003's columns know the root alone, and not how large it is. */
function rootDisk(percent: number | undefined, gb: number | undefined): readonly Disk[] {
  if (percent === undefined) return [];
  const usedBytes = gb === undefined ? undefined : gb * GIB;
  const totalBytes = usedBytes === undefined || percent === 0 ? undefined : (usedBytes * 100) / percent;
  const availableBytes = totalBytes === undefined ? undefined : totalBytes - usedBytes!;
  return [{ mount: '/', percent, usedBytes, totalBytes, availableBytes, inodesPercent: undefined }];
}

function own(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Fields)[name]
    : undefined;
}

function part(value: Fields | undefined, name: string): Fields | undefined {
  const found = own(value, name);
  return typeof found === 'object' && found !== null && !Array.isArray(found) ? (found as Fields) : undefined;
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function number(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

function positive(value: number | undefined): number | undefined {
  return value !== undefined && value > 0 ? value : undefined;
}

/** Characters of a name that a host has given; the rest of a longer one helps nobody. */
const MAX_NAME_CHARS = 100;

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value.slice(0, MAX_NAME_CHARS).toWellFormed() : undefined;
}
