/** What `GET /api/fleet/overview` answers (docs/http.md), and in which groups the page shows it. Pure. */

export interface FleetOverview {
  /** The hub's now: ages are told by its clock and not by that of the browser. */
  readonly at: string;
  readonly from: string;
  readonly bucket_ms: number;
  readonly units: readonly FleetUnit[];
  readonly totals: {
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
  };
  /** From which figure on the hub says that something needs a look. */
  readonly thresholds: Thresholds;
  readonly complete: boolean;
  readonly missing: readonly string[];
}

export interface Thresholds {
  readonly cpu_percent: number;
  readonly memory_percent: number;
  readonly disk_percent: number;
}

export type UnitState = 'down' | 'attention' | 'late' | 'stopped' | 'fine';
export type Severity = 'error' | 'warn';
export type CheckState = 'up' | 'degraded' | 'down';
export type MachineState = 'started' | 'stopped' | 'killed' | 'crashed' | 'failing' | 'unknown';

export interface Reason {
  readonly code: string;
  readonly text: string;
  readonly severity: Severity;
  readonly since: string | null;
}

export interface Errors {
  readonly count: number;
  readonly buckets: readonly number[];
}

export interface Figures {
  readonly cpu_percent: number | null;
  readonly memory_percent: number | null;
  readonly memory_mb: number | null;
  readonly disk_percent: number | null;
  readonly disk_gb: number | null;
  readonly load_avg_1m: number | null;
  readonly load_avg_5m: number | null;
  readonly load_avg_15m: number | null;
  readonly disk_mount: string | null;
}

export interface SystemFacts {
  readonly os: string | null;
  readonly kernel: string | null;
  readonly cores: number | null;
  readonly memory_bytes: number | null;
  readonly uptime_seconds: number | null;
  readonly agent_version: string | null;
}

export interface Machine {
  readonly id: string;
  readonly region: string | null;
  readonly state: MachineState;
  readonly text: string;
  readonly since: string | null;
  readonly last_seen: string;
  readonly exit_code: number | null;
  readonly errors: Errors;
}

export interface FleetUnit {
  readonly kind: 'vps' | 'fly';
  /** The host, or the Fly app. */
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
  readonly system: SystemFacts | null;
  readonly figures: Figures | null;
  readonly spark: {
    readonly cpu_percent: readonly (number | null)[];
    readonly memory_percent: readonly (number | null)[];
  } | null;
  readonly errors: Errors;
  readonly checks: {
    readonly passed: number;
    readonly failed: number;
    readonly degraded: number;
    /** Newest results, oldest first. */
    readonly last: readonly CheckState[];
  } | null;
  readonly machines: readonly Machine[];
}

/** Groups of the page, in its order. What is late is a question for a person as well, and stands below what is certain. */
const GROUPS = [
  { name: 'Down', states: ['down'] },
  { name: 'Needs attention', states: ['attention', 'late'] },
  { name: 'Stopped', states: ['stopped'] },
  { name: 'Fine', states: ['fine'] },
] as const satisfies readonly { name: string; states: readonly UnitState[] }[];

export interface Group {
  readonly name: string;
  readonly units: readonly FleetUnit[];
}

/** The units in their groups, in the order of the hub; a group without any is left out. */
export function groupsOf(units: readonly FleetUnit[]): readonly Group[] {
  return GROUPS.map(({ name, states }) => ({
    name,
    units: units.filter(({ state }) => (states as readonly UnitState[]).includes(state)),
  })).filter((group) => group.units.length > 0);
}

/** Things that need a person. */
export function countTrouble({ totals }: FleetOverview): number {
  return totals.down + totals.attention + totals.late;
}

export function unitKey({ kind, name }: FleetUnit): string {
  return `${kind}/${name}`;
}

/** Whether a search finds it: by its name, its apps, regions and machines, and by what is wrong with it. */
export function isFound(unit: FleetUnit, search: string): boolean {
  const { name, apps, regions, machines, reasons } = unit;
  const texts = [name, ...apps, ...regions, ...machines.map(({ id }) => id), ...reasons.map(({ text }) => text)];
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => texts.some((text) => text.toLowerCase().includes(word)));
}
