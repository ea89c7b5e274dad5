/** What `GET /api/fleet/overview` answers, as it is on the wire. Unknown is null. */

import type { CheckState } from '../../store/figures.ts';

/** In the order of the page: trouble first. */
export const STATES = ['down', 'attention', 'late', 'stopped', 'fine'] as const;

export type UnitState = (typeof STATES)[number];

export type Severity = 'error' | 'warn';

/** Why something needs a look. */
export interface Reason {
  readonly code: string;
  /** One plain sentence without a full stop. Spans of time and no times of day: those depend on where it is read. */
  readonly text: string;
  readonly severity: Severity;
  readonly since: string | null;
}

/** A number a bucket of the overview's range. */
export type Buckets = readonly number[];

export interface ErrorCounts {
  readonly count: number;
  readonly buckets: Buckets;
}

export interface HostSystem {
  readonly os: string | null;
  readonly kernel: string | null;
  readonly cores: number | null;
  readonly memory_bytes: number | null;
  readonly uptime_seconds: number | null;
  readonly agent_version: string | null;
}

export interface UnitFigures {
  readonly cpu_percent: number | null;
  readonly memory_percent: number | null;
  readonly memory_mb: number | null;
  /** Of the fullest disk. */
  readonly disk_percent: number | null;
  readonly disk_gb: number | null;
  readonly load_avg_1m: number | null;
  readonly load_avg_5m: number | null;
  readonly load_avg_15m: number | null;
  readonly disk_mount: string | null;
}

export interface UnitSpark {
  readonly cpu_percent: readonly (number | null)[];
  readonly memory_percent: readonly (number | null)[];
}

export interface UnitChecks {
  readonly passed: number;
  readonly failed: number;
  readonly degraded: number;
  /** The newest results of all checks, oldest first. */
  readonly last: readonly CheckState[];
}

export type MachineState = 'started' | 'stopped' | 'killed' | 'crashed' | 'failing' | 'unknown';

export interface FleetMachine {
  readonly id: string;
  readonly region: string | null;
  readonly state: MachineState;
  readonly text: string;
  readonly since: string | null;
  readonly last_seen: string;
  readonly exit_code: number | null;
  readonly errors: ErrorCounts;
}

export interface FleetUnit {
  readonly kind: 'vps' | 'fly';
  readonly name: string;
  readonly state: UnitState;
  readonly severity: Severity | null;
  /** Worst first. */
  readonly reasons: readonly Reason[];
  readonly last_seen: string | null;
  readonly interval_seconds: number | null;
  readonly this_hub: boolean;
  /** Made up by the demo, with which it goes. */
  readonly demo: boolean;
  readonly apps: readonly string[];
  readonly regions: readonly string[];
  readonly system: HostSystem | null;
  readonly figures: UnitFigures | null;
  readonly spark: UnitSpark | null;
  readonly errors: ErrorCounts;
  readonly checks: UnitChecks | null;
  readonly machines: readonly FleetMachine[];
}

export interface FleetTotals {
  readonly down: number;
  readonly attention: number;
  readonly late: number;
  readonly stopped: number;
  readonly fine: number;
  readonly machines_running: number;
  readonly machines: number;
  readonly checks_passed: number;
  readonly checks: number;
  readonly errors: number;
}

export interface FleetThresholds {
  readonly cpu_percent: number;
  readonly memory_percent: number;
  readonly disk_percent: number;
}

export interface FleetOverview {
  readonly at: string;
  readonly from: string;
  readonly bucket_ms: number;
  readonly units: readonly FleetUnit[];
  readonly totals: FleetTotals;
  /** From which figure on a host needs a look, for the lines of its charts. */
  readonly thresholds: FleetThresholds;
  readonly complete: boolean;
  /** What could not be had in time. */
  readonly missing: readonly string[];
}
