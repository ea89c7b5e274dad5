/** What `GET /api/fleet/overview` answers, as it is on the wire, for the hub that says it and the page that reads it. Unknown is null. */

/** In the order of the page: trouble first. */
export const UNIT_STATES = ['down', 'attention', 'late', 'stopped', 'fine'] as const;

export type UnitState = (typeof UNIT_STATES)[number];

export type UnitSeverity = 'error' | 'warn';

/** Why something needs a look. */
export interface UnitReason {
  readonly code: string;
  /** One plain sentence without a full stop. Spans of time and no times of day: those depend on where it is read. */
  readonly text: string;
  readonly severity: UnitSeverity;
  readonly since: string | null;
}

export interface ErrorCounts {
  readonly count: number;
  /** Of each bucket of the overview's range. */
  readonly buckets: readonly number[];
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

/** How a check ended. */
export type CheckState = 'up' | 'degraded' | 'down';

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
  /** The host, or the Fly app. */
  readonly name: string;
  readonly state: UnitState;
  readonly severity: UnitSeverity | null;
  /** Worst first. */
  readonly reasons: readonly UnitReason[];
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
  /** The hub's now: ages are told by its clock and not by that of whoever reads. */
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
