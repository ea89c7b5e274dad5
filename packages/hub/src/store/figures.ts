/**
 * Figures of hosts and results of checks, as stores keep them: two tables with seed 003's columns, and beside them one for
 * whatever else a row brought. A batch of rows is kept whole or not at all, and once.
 */

import type { TimedBucket } from './rollup/bucket.ts';

/** What a column can hold. Nothing but `url` and `success` has to be there. */
export type ColumnType = 'number' | 'integer' | 'text' | 'boolean';

export const FIGURE_TABLES = {
  metrics: {
    table: 'vps_metrics',
    columns: [
      ['cpu_percent', 'number'],
      ['memory_percent', 'number'],
      ['memory_mb', 'number'],
      ['disk_percent', 'number'],
      ['disk_gb', 'number'],
      ['load_avg_1m', 'number'],
      ['load_avg_5m', 'number'],
      ['load_avg_15m', 'number'],
    ],
  },
  checks: {
    table: 'health_checks',
    columns: [
      ['url', 'text'],
      ['status_code', 'integer'],
      ['response_time_ms', 'number'],
      ['success', 'boolean'],
      ['error_message', 'text'],
    ],
  },
} as const satisfies Record<
  string,
  { readonly table: string; readonly columns: readonly (readonly [name: string, type: ColumnType])[] }
>;

export type FigureKind = keyof typeof FIGURE_TABLES;

export type FigureValue = number | string | boolean | null;

export interface FigureRow {
  readonly timeMs: number;
  readonly vps: string;
  readonly app: string;
  /** In the order of the table's columns. */
  readonly values: readonly FigureValue[];
  /** What else the row had, as a JSON object. */
  readonly details: string | null;
}

export interface FigureBatch {
  readonly kind: FigureKind;
  /** The id under which it is taken once; undefined where the client gave none. */
  readonly id: string | undefined;
  readonly rows: readonly FigureRow[];
}

export interface KeptBatch {
  readonly accepted: number;
  /** Whether a batch of this id had been kept before. */
  readonly duplicate: boolean;
}

export interface HostsQuestion {
  readonly kind: 'hosts';
  /** Results of checks from this time on are told one by one. */
  readonly checksFromMs: number;
  /** Whether the newest figures come with their details. */
  readonly details: boolean;
}

/** Each app of each host once, with its newest row. */
export interface HostsAnswer {
  readonly metrics: readonly FigureRow[];
  readonly checks: readonly FigureRow[];
  /** The newest result of each address. */
  readonly results: readonly FigureRow[];
}

export interface PointsQuestion {
  readonly kind: 'points';
  readonly vps: string;
  readonly fromMs: number;
  /** Points of all apps together; where there are more, every nth is told, the newest among them. */
  readonly maxPoints: number;
}

export interface ResultsQuestion {
  readonly kind: 'results';
  readonly vps: string;
  readonly fromMs: number;
  readonly limit: number;
  readonly details: boolean;
}

export interface RowsAnswer {
  readonly rows: readonly FigureRow[];
}

/** Where the figures of hosts come from: the last reports of each app, and how things stood at some moments before. */
export interface TrailsQuestion {
  readonly kind: 'trails';
  /** Reports of each app that are told, without details. */
  readonly last: number;
  readonly moments: readonly number[];
  /** A row that is older than this at a moment says nothing of it. */
  readonly maxAgeMs: number;
}

export interface Trail {
  readonly vps: string;
  readonly app: string;
  /** The newest first. */
  readonly recent: readonly FigureRow[];
  /** Of each moment the row that was the newest then, with its details; null where there was none. */
  readonly earlier: readonly (FigureRow | null)[];
}

export interface TrailsAnswer {
  readonly trails: readonly Trail[];
}

/** Small curves of all hosts. */
export interface SparksQuestion {
  readonly kind: 'sparks';
  readonly fromMs: number;
  readonly stepMs: number;
}

/** Means per bucket, over all apps of the host. Bucket n begins at `fromMs + n * stepMs`; those without a report are left out. */
export interface Spark {
  readonly vps: string;
  readonly times: readonly number[];
  readonly cpuPercent: readonly (number | null)[];
  readonly memoryPercent: readonly (number | null)[];
}

export interface SparksAnswer {
  readonly hosts: readonly Spark[];
}

/** How the checks of all hosts went. */
export interface TalliesQuestion {
  readonly kind: 'tallies';
  readonly fromMs: number;
  /** Newest results that are told of a host, whatever their age. */
  readonly lastResults: number;
}

/** Each result is one of these; stores know them by their place here. */
export const CHECK_STATES = ['up', 'degraded', 'down'] as const;

export type CheckState = (typeof CHECK_STATES)[number];

export interface CheckTally {
  readonly vps: string;
  /** Results since `fromMs`, which add up to all. */
  readonly passed: number;
  readonly degraded: number;
  readonly failed: number;
  /** Of all its checks together, oldest first. */
  readonly last: readonly CheckState[];
}

export interface TalliesAnswer {
  readonly hosts: readonly CheckTally[];
}

/** Curves of one host and of its checks. */
export interface SeriesQuestion {
  readonly kind: 'series';
  readonly vps: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly nowMs: number;
  /** Buckets that the range is cut into at most, where there are wide ones enough. */
  readonly points: number;
}

/** The answer as JSON, built where the buckets are read: it may have half a megabyte. */
export interface SeriesAnswer {
  readonly text: string;
}

export interface CheckHistory {
  readonly url: string;
  readonly name: string | null;
  readonly app: string;
  readonly buckets: readonly TimedBucket[];
}

/** What there is to say of a host in a range; buckets are ascending. */
export interface HostHistory {
  readonly stepMs: number;
  readonly buckets: readonly TimedBucket[];
  readonly checks: readonly CheckHistory[];
  /** The newest row, with its details, in the range or not. */
  readonly newest: FigureRow | undefined;
  /** Times of the newest reports, newest first. */
  readonly newestMs: readonly number[];
  /** The last report before the buckets, and the first one behind them. */
  readonly beforeMs: number | undefined;
  readonly afterMs: number | undefined;
}

/** What is read of figures, wherever they lie. */
export interface FigureReader {
  hosts(question: HostsQuestion): Promise<HostsAnswer> | HostsAnswer;
  trails(question: TrailsQuestion): Promise<TrailsAnswer> | TrailsAnswer;
  /** Metrics of a host, oldest first. */
  points(question: PointsQuestion): Promise<RowsAnswer> | RowsAnswer;
  /** Results of checks on a host, newest first. */
  results(question: ResultsQuestion): Promise<RowsAnswer> | RowsAnswer;
  /** Hosts without a report since then are left out. */
  sparks(question: SparksQuestion): Promise<SparksAnswer> | SparksAnswer;
  /** Hosts that never had a check are left out. */
  tallies(question: TalliesQuestion): Promise<TalliesAnswer> | TalliesAnswer;
  history(question: SeriesQuestion): Promise<HostHistory> | HostHistory;
}

/** Questions that a reader answers as they are; a history is rendered first. */
export type FigureQuestion = Exclude<keyof FigureReader, 'history'>;

/**
 * How long rows keep what has no column: most of what they take. That of figures is shown of the newest row alone; that of checks
 * can be asked for over a week. A host's newest row keeps it as long as it is the newest.
 */
export const DETAILS_KEPT_MS: Readonly<Record<FigureKind, number>> = {
  metrics: 2 * 86_400_000,
  checks: 8 * 86_400_000,
};

/** Reports that are looked at for how often a host reports. */
export const NEWEST_REPORTS = 21;

/** Hosts and checks that are told of; names are made up freely by whoever may write. */
export const MAX_SUBJECTS = 20_000;

/** Checks of one host that are told. */
export const MAX_HOST_CHECKS = 200;

/** Apps of hosts that are told; names are made up freely by whoever may write. */
export const MAX_HOST_ROWS = 5000;

/** Results that are told of the last minutes: those of 5,000 apps with four addresses each. */
export const MAX_RECENT_RESULTS = 20_000;

export function columnsOf(kind: FigureKind): string {
  return FIGURE_TABLES[kind].columns.map(([name]) => name).join(', ');
}
