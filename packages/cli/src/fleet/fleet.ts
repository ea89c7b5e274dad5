/**
 * The fleet as the commands show it: from `/api/fleet/overview`, which knows troubles and Fly's machines, or, at an older hub, from
 * `/api/fleet/summary`, which has figures alone.
 */

import { type HubClient, HubError } from '@flywatch/client';

export type UnitState = 'down' | 'attention' | 'late' | 'stopped' | 'fine';

export interface Unit {
  readonly name: string;
  readonly kind: 'vps' | 'fly';
  readonly state: UnitState;
  /** One plain sentence each, worst first. */
  readonly reasons: readonly string[];
  readonly apps: readonly string[];
  readonly cpuPercent: number | null;
  readonly memoryPercent: number | null;
  readonly diskPercent: number | null;
  readonly load: number | null;
  /** Lines of level error and worse; null where the hub does not say. */
  readonly errors: number | null;
  /** `12/12`: checks that passed; empty where there are none. */
  readonly checks: string;
  readonly lastSeen: string | null;
}

/** Silence after which a host counts as late where the hub does not judge: some of the agent's intervals of a minute. */
const LATE_MS = 180_000;

/** Trouble first. @param hours - the range in which errors and checks count */
export async function readFleet(client: HubClient, hours: number): Promise<Unit[]> {
  try {
    const overview = await client.get('api/fleet/overview', { hours });
    return list((overview as { units?: unknown }).units).map(unitOfOverview);
  } catch (error) {
    if (!(error instanceof HubError && error.status === 404)) throw error;
    return unitsOfSummary(list(await client.get('api/fleet/summary')), Date.now());
  }
}

type Json = Readonly<Record<string, unknown>>;

function unitOfOverview(unit: Json): Unit {
  const figures = (unit.figures ?? {}) as Json;
  const checks = unit.checks as Json | null | undefined;
  const machines = list(unit.machines);
  const running = machines.filter(({ state }) => state === 'started').length;
  return {
    name: text(unit.name) ?? '?',
    kind: unit.kind === 'fly' ? 'fly' : 'vps',
    state: STATES.find((state) => state === unit.state) ?? 'attention',
    reasons: list(unit.reasons).flatMap((reason) => text(reason.text) ?? []),
    apps: unit.kind === 'fly' ? [`${running}/${machines.length} machines`] : texts(unit.apps),
    cpuPercent: number(figures.cpu_percent),
    memoryPercent: number(figures.memory_percent),
    diskPercent: number(figures.disk_percent),
    load: number(figures.load_avg_1m),
    errors: number((unit.errors as Json | undefined)?.count),
    checks: checks === null || checks === undefined ? '' : checksText(checks),
    lastSeen: text(unit.last_seen),
  };
}

const STATES = ['down', 'attention', 'late', 'stopped', 'fine'] as const satisfies readonly UnitState[];

function checksText({ passed, failed, degraded }: Json): string {
  const good = number(passed) ?? 0;
  return `${good}/${good + (number(failed) ?? 0) + (number(degraded) ?? 0)}`;
}

/** A row is an app of a host; the figures are the host's, so that the newest row has them. */
export function unitsOfSummary(rows: readonly Json[], nowMs: number): Unit[] {
  const hosts = new Map<string, Json[]>();
  for (const row of rows) {
    const name = text(row.vps_name) ?? '?';
    hosts.set(name, [...(hosts.get(name) ?? []), row]);
  }
  const units = [...hosts].map(([name, own]): Unit => {
    const newest = own.reduce((a, b) => ((text(b.last_seen) ?? '') > (text(a.last_seen) ?? '') ? b : a));
    const lastSeen = text(newest.last_seen);
    const failing = own.filter(({ health_status: status }) => status === 'unhealthy');
    const isLate = lastSeen === null || nowMs - Date.parse(lastSeen) > LATE_MS;
    return {
      name,
      kind: 'vps',
      state: isLate ? 'late' : failing.length > 0 ? 'attention' : 'fine',
      reasons: failing.map(({ app_name: app }) => `A check of ${text(app) ?? '?'} fails`),
      apps: own.flatMap(({ app_name: app }) => text(app) ?? []),
      cpuPercent: number(newest.cpu_percent),
      memoryPercent: number(newest.memory_percent),
      diskPercent: number(newest.disk_percent),
      load: null,
      errors: null,
      checks: '',
      lastSeen,
    };
  });
  return units.sort((a, b) => STATES.indexOf(a.state) - STATES.indexOf(b.state) || a.name.localeCompare(b.name));
}

function list(value: unknown): Json[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'object' && one !== null) : [];
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}

function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function number(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
}
