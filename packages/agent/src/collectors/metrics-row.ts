/** Figures as they are sent and stored: seed 003's columns, and all the rest under `figures`. */

import type { HostFigures } from './host-collector.ts';

export interface MetricsRow {
  readonly timestamp: string;
  readonly vps_name: string;
  readonly app_name: string;
  readonly cpu_percent: number | null;
  readonly memory_percent: number | null;
  readonly memory_mb: number | null;
  /** Of the root, as seed 003 has it. */
  readonly disk_percent: number | null;
  readonly disk_gb: number | null;
  readonly load_avg_1m: number | null;
  readonly load_avg_5m: number | null;
  readonly load_avg_15m: number | null;
  /** The sections of the collectors, names in snake case. */
  readonly figures: Readonly<Record<string, unknown>>;
}

export interface MetricsRowContext {
  readonly atMs: number;
  readonly vpsName: string;
  readonly appName: string;
}

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;

export function metricsRow(figures: HostFigures, { atMs, vpsName, appName }: MetricsRowContext): MetricsRow {
  const { cpu, memory, load, disks } = figures;
  const root = disks?.find(({ mount }) => mount === '/');
  return {
    timestamp: new Date(atMs).toISOString(),
    vps_name: vpsName,
    app_name: appName,
    cpu_percent: rounded(cpu?.percent),
    memory_percent: rounded(memory?.percent),
    memory_mb: rounded(memory === undefined ? undefined : memory.usedBytes / MIB),
    disk_percent: rounded(root?.percent),
    disk_gb: rounded(root === undefined ? undefined : root.usedBytes / GIB),
    load_avg_1m: rounded(load?.avg1m),
    load_avg_5m: rounded(load?.avg5m),
    load_avg_15m: rounded(load?.avg15m),
    figures: onWire(figures) as Record<string, unknown>,
  };
}

/** Two decimals say all that such figures know, and keep the row small. */
function rounded(value: number | undefined): number | null {
  return value === undefined ? null : Math.round(value * 100) / 100;
}

function onWire(value: unknown): unknown {
  if (typeof value === 'number') return rounded(value);
  if (Array.isArray(value)) return value.map(onWire);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, part]) => (part === undefined ? [] : [[snakeCase(name), onWire(part)]])),
  );
}

/** `avg10` and `avg1m` keep their digits together. */
function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
