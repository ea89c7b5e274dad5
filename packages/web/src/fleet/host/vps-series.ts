/** What `GET /api/vps/{vps}/series` answers (docs/http.md). */

export type SeriesName =
  | 'cpu_percent'
  | 'cpu_iowait_percent'
  | 'cpu_steal_percent'
  | 'memory_percent'
  | 'memory_mb'
  | 'swap_percent'
  | 'disk_percent'
  | 'disk_gb'
  | 'load_avg_1m'
  | 'load_avg_5m'
  | 'load_avg_15m'
  | 'network_in_bytes_per_second'
  | 'network_out_bytes_per_second'
  | 'disk_read_bytes_per_second'
  | 'disk_write_bytes_per_second';

export type Values = readonly (number | null)[];

export interface Series {
  readonly min: Values;
  readonly max: Values;
  readonly mean: Values;
}

export interface CheckSeries {
  readonly url: string;
  readonly name: string | null;
  readonly app_name: string;
  readonly times: readonly number[];
  readonly mean_ms: Values;
  readonly max_ms: Values;
  readonly up: readonly number[];
  readonly degraded: readonly number[];
  readonly down: readonly number[];
}

export interface Outage {
  readonly from: string;
  /** Null while it lasts. */
  readonly to: string | null;
}

export interface VpsSeries {
  readonly vps_name: string;
  readonly from: string;
  readonly to: string;
  readonly step_ms: number;
  /** The beginnings of the buckets that have something in them. */
  readonly times: readonly number[];
  readonly count: readonly number[];
  /** What nobody ever sent is left out. */
  readonly series: Readonly<Partial<Record<SeriesName, Series>>>;
  readonly checks: readonly CheckSeries[];
  readonly outages: readonly Outage[];
}
