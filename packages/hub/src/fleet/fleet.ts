/** Hosts, their figures and their checks: what agents send is taken here, and read here in seed 003's shapes. */

import { formatTimeMs, parseStructure } from '@flywatch/core';
import {
  FIGURE_TABLES,
  type FigureKind,
  type FigureRow,
  type KeptBatch,
  type SeriesQuestion,
} from '../store/figures.ts';
import { type EventStore, StoreUnavailableError } from '../store/store.ts';
import { waitAtMost } from '../wait-at-most.ts';
import { type HealthStatus, healthStatus } from './health-status.ts';
import { parseRows } from './parse-rows.ts';

export interface FleetOptions {
  readonly store: Pick<EventStore, 'keep' | 'ask'>;
  /** Milliseconds that a batch may wait for the disk or the database. */
  readonly keepPatienceMs: number;
  /** Milliseconds for which the result of a check says how an app is. */
  readonly healthWindowMs: number;
  /** Points of a day and less, and of more. */
  readonly maxRawPoints: number;
  readonly maxThinnedPoints: number;
  readonly maxResults: number;
}

export interface SummaryRow {
  readonly vps_name: string;
  readonly app_name: string;
  readonly last_seen: string;
  readonly cpu_percent: number | null;
  readonly memory_percent: number | null;
  readonly disk_percent: number | null;
  readonly health_status: HealthStatus;
}

type Row = Readonly<Record<string, unknown>>;

const HOUR_MS = 3_600_000;

/** Up to so many hours every point is told. */
const RAW_HOURS = 24;

export class Fleet {
  readonly #options: FleetOptions;

  constructor(options: FleetOptions) {
    this.#options = options;
  }

  /** Takes rows as JSON texts, all of them or none. */
  async take(kind: FigureKind, texts: readonly string[], batchId: string | undefined): Promise<KeptBatch> {
    const rows = await parseRows(kind, texts, Date.now());
    const { store, keepPatienceMs } = this.#options;
    const kept = await waitAtMost(store.keep({ kind, id: batchId, rows }), keepPatienceMs);
    if (kept === undefined) throw new StoreUnavailableError(`the rows were not kept within ${keepPatienceMs / 1000} s`);
    return kept;
  }

  /** A row an app of a host, those heard of last first. */
  async summary(details: boolean, nowMs: number, signal?: AbortSignal): Promise<(SummaryRow & Row)[]> {
    const checksFromMs = nowMs - this.#options.healthWindowMs;
    const answer = await this.#options.store.ask({ kind: 'hosts', checksFromMs, details }, { signal });
    const results = Map.groupBy(answer.results, keyOf);
    const checks = new Map(answer.checks.map((row) => [keyOf(row), row]));
    const metrics = new Map(answer.metrics.map((row) => [keyOf(row), row]));
    const hosts = [...new Set([...metrics.keys(), ...checks.keys()])].map((key) => {
      const figures = metrics.get(key);
      const check = checks.get(key);
      const { vps, app } = (figures ?? check)!;
      const named = figures === undefined ? {} : namedValues('metrics', figures);
      const lastSeenMs = Math.max(figures?.timeMs ?? 0, check?.timeMs ?? 0);
      const row = {
        vps_name: vps,
        app_name: app,
        last_seen: formatTimeMs(lastSeenMs),
        cpu_percent: named.cpu_percent ?? null,
        memory_percent: named.memory_percent ?? null,
        disk_percent: named.disk_percent ?? null,
        health_status: healthStatus(results.get(key) ?? []),
        ...(details ? { details: detailsOf(figures) } : undefined),
      } as SummaryRow & Row;
      return { row, lastSeenMs };
    });
    return hosts.sort((a, b) => b.lastSeenMs - a.lastSeenMs).map(({ row }) => row);
  }

  /** Figures of a host, oldest first. */
  async metrics(vps: string, hours: number, nowMs: number, signal?: AbortSignal): Promise<Row[]> {
    const { store, maxRawPoints, maxThinnedPoints } = this.#options;
    const maxPoints = hours <= RAW_HOURS ? maxRawPoints : maxThinnedPoints;
    const { rows } = await store.ask({ kind: 'points', vps, fromMs: nowMs - hours * HOUR_MS, maxPoints }, { signal });
    return rows.map((row) => ({ timestamp: formatTimeMs(row.timeMs), ...namedValues('metrics', row) }));
  }

  /** Curves of a host, as JSON. */
  async series(asked: Omit<SeriesQuestion, 'kind'>, signal?: AbortSignal): Promise<string> {
    const { text } = await this.#options.store.ask({ kind: 'series', ...asked }, { signal });
    return text;
  }

  /** Results of the checks on a host, newest first. */
  async health(vps: string, hours: number, details: boolean, nowMs: number, signal?: AbortSignal): Promise<Row[]> {
    const { store, maxResults: limit } = this.#options;
    const fromMs = nowMs - hours * HOUR_MS;
    const { rows } = await store.ask({ kind: 'results', vps, fromMs, limit, details }, { signal });
    return rows.map((row) => ({
      timestamp: formatTimeMs(row.timeMs),
      ...namedValues('checks', row),
      ...(details ? { details: detailsOf(row) } : undefined),
    }));
  }
}

function keyOf({ vps, app }: FigureRow): string {
  return JSON.stringify([vps, app]);
}

function namedValues(kind: FigureKind, { values }: FigureRow): Row {
  return Object.fromEntries(FIGURE_TABLES[kind].columns.map(([name], i) => [name, values[i] ?? null]));
}

function detailsOf(row: FigureRow | undefined): unknown {
  return row === undefined || row.details === null ? null : (parseStructure(row.details) ?? null);
}
