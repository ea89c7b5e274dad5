/** What a row says in words. Pure. */

import type { FleetMachine, FleetOverview, FleetUnit, HostSystem } from '@flywatch/core';
import { counted, formatAge, formatBytes, formatClock, formatDay, UNKNOWN } from '../app/format.ts';
import type { Zone } from '../app/settings.ts';

/** `VPS · Debian 12 · 4 cores, 16 GB`, `Fly app · fra · 2 of 3 machines`. */
export function kindText(unit: FleetUnit): string {
  const { kind, system, regions, this_hub } = unit;
  const parts =
    kind === 'fly'
      ? ['Fly app', regionsText(regions), machinesText(unit)]
      : ['VPS', osText(system?.os ?? null), sizeText(system), this_hub ? 'this hub' : ''];
  return parts.filter((part) => part !== '').join(' · ');
}

/** `Debian 12` of `Debian GNU/Linux 12 (bookworm)`: the number says as much as the name of the release. */
export function osText(os: string | null): string {
  return (os ?? '').replace(' GNU/Linux', '').replace(/(\d) \([^)]*\)$/, '$1');
}

/** `4 cores, 16 GB`. */
export function sizeText(system: HostSystem | null): string {
  const { cores = null, memory_bytes = null } = system ?? {};
  return [cores === null ? '' : counted(cores, 'core'), memory_bytes === null ? '' : formatBytes(memory_bytes)]
    .filter((part) => part !== '')
    .join(', ');
}

/** An app may run in all of Fly's regions; the row has room for three. */
const MAX_REGIONS = 3;

function regionsText(regions: readonly string[]): string {
  const rest = regions.length - MAX_REGIONS;
  return `${regions.slice(0, MAX_REGIONS).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

/** Those that have ended; one that is not known of runs, as far as one can tell. */
const ENDED: ReadonlySet<FleetMachine['state']> = new Set(['stopped', 'killed', 'crashed']);

export function machinesRunning({ machines }: FleetUnit): number {
  return machines.filter(({ state }) => !ENDED.has(state)).length;
}

function machinesText(unit: FleetUnit): string {
  const { machines } = unit;
  if (machines.length === 0) return '';
  const running = machinesRunning(unit);
  return running === machines.length
    ? counted(running, 'machine')
    : `${running} of ${counted(machines.length, 'machine')}`;
}

/** Under this an age says nothing that a reader of a page that is seconds old itself could use. */
const NOW_MS = 1000;

const DAY_MS = 86_400_000;

/** `now`, `8 s ago`, `3 min ago`; in whole units, so that a column of them can be compared. */
export function seenText(lastSeen: string | null, nowMs: number): string {
  if (lastSeen === null) return 'never';
  const ageMs = nowMs - Date.parse(lastSeen);
  if (Number.isNaN(ageMs)) return UNKNOWN;
  if (ageMs < NOW_MS) return 'now';
  const unitMs = ageMs < 60_000 ? 1000 : ageMs < 3_600_000 ? 60_000 : ageMs < 2 * DAY_MS ? 3_600_000 : DAY_MS;
  return formatAge(Math.floor(ageMs / unitMs) * unitMs);
}

/** When something that is down was last heard of: the time of day, and after a day the date. */
export function lastHeardText(lastSeen: string | null, zone: Zone, nowMs: number): string {
  const ms = Date.parse(lastSeen ?? '');
  if (Number.isNaN(ms)) return 'never';
  return nowMs - ms < DAY_MS ? formatClock(ms, zone) : formatDay(ms, zone, nowMs);
}

/** What the hub calls its parts, in words. */
const PARTS: Readonly<Record<string, string>> = {
  trails: 'how disks fill',
  error_rates: 'error rates',
  sparks: 'curves',
  failing_checks: 'why checks fail',
};

/** `without curves, errors`. */
export function missingText({ missing }: Pick<FleetOverview, 'missing'>): string {
  return `without ${missing.map((part) => (Object.hasOwn(PARTS, part) ? PARTS[part] : part)).join(', ')}`;
}
