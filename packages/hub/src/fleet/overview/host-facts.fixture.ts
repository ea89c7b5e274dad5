/** A host that is fine, for tests that make one thing of it worse. */

import type { FigureRow } from '../../store/figures.ts';
import { gatherHosts, type HostFacts } from './host-facts.ts';

export const NOW_MS = Date.UTC(2026, 10, 21, 2, 51);
export const MINUTE_MS = 60_000;
const GB = 1e9;

interface Wish {
  /** Columns by name, and sections of the figures. */
  readonly columns?: Readonly<Record<string, number | null>>;
  readonly figures?: Readonly<Record<string, unknown>>;
  /** What the agent says beside them. */
  readonly about?: Readonly<Record<string, unknown>>;
}

const COLUMNS = ['cpu_percent', 'memory_percent', 'memory_mb', 'disk_percent', 'disk_gb', 'load_avg_1m', 'load_avg_5m'];

export function reportRow(agoMs: number, { columns = {}, figures, about = {} }: Wish = {}): FigureRow {
  const usual: Record<string, number | null> = { cpu_percent: 20, memory_percent: 50, load_avg_1m: 0.5, ...columns };
  return {
    timeMs: NOW_MS - agoMs,
    vps: 'db-01',
    app: 'postgres',
    values: [...COLUMNS, 'load_avg_15m'].map((name) => usual[name] ?? null),
    details: figures === undefined ? null : JSON.stringify({ figures, ...about }),
  };
}

export function disk(usedGb: number, totalGb = 80, mount = '/', more: object = {}) {
  const [used, total] = [usedGb * GB, totalGb * GB];
  const percent = (100 * usedGb) / totalGb;
  return { mount, percent, used_bytes: used, total_bytes: total, available_bytes: total - used, ...more };
}

export function checkRow(agoMs: number, success: boolean, message: string | null, details: object = {}): FigureRow {
  const values = ['https://shop.example/health', success ? 200 : null, 12, success, message];
  return { timeMs: NOW_MS - agoMs, vps: 'db-01', app: 'postgres', values, details: JSON.stringify(details) };
}

interface Reports {
  readonly now?: Wish;
  /** At the moments 10, 30 and 60 minutes ago. */
  readonly earlier?: readonly (Wish | undefined)[];
  readonly recent?: readonly FigureRow[];
  /** The newest result of a check, and those before it. */
  readonly checks?: readonly FigureRow[];
  readonly agoMs?: number;
}

export function hostFacts({ now, earlier = [], recent, checks = [], agoMs = 20_000 }: Reports = {}): HostFacts {
  const newest = reportRow(agoMs, now);
  const trail = {
    vps: 'db-01',
    app: 'postgres',
    recent: recent ?? [0, 1, 2].map((i) => reportRow(agoMs + i * MINUTE_MS, now)),
    earlier: [10, 30, 60].map((minutes, i) => {
      const wish = earlier[i];
      return wish === undefined ? null : reportRow(minutes * MINUTE_MS, wish);
    }),
  };
  const [facts] = gatherHosts(
    {
      nowMs: NOW_MS,
      hosts: { metrics: [newest], checks: checks.slice(0, 1), results: checks.slice(0, 1) },
      trails: [trail],
      resultsOf: () => checks,
      errorRateOf: () => undefined,
    },
    0,
  );
  return facts!;
}
