/** An app on Fly as a row of the page, its machines under it. */

import { type FleetMachine, type FleetUnit, formatTimeMs, type MachineState, type UnitState } from '@flywatch/core';
import { asReason } from '../finding.ts';
import type { OriginErrors } from '../origin-errors.ts';
import type { KnownMachine } from './fly-machines.ts';
import { type FlyAppFacts, findFlyReasons, hasEndedBadly } from './fly-reasons.ts';

/** Machines that are told of one app, those in trouble first: more rows than anybody opens. */
const MAX_MACHINES_TOLD = 200;

/** Trouble first. */
const MACHINE_STATES: readonly MachineState[] = ['killed', 'crashed', 'failing', 'started', 'unknown', 'stopped'];

export function flyUnit(name: string, facts: FlyAppFacts, errors: OriginErrors): FleetUnit {
  const findings = findFlyReasons(facts);
  const machines = [...facts.machines].sort(
    (a, b) => MACHINE_STATES.indexOf(a.story.state) - MACHINE_STATES.indexOf(b.story.state) || (a.id < b.id ? -1 : 1),
  );
  const lastSeenMs = machines.reduce((latest, machine) => Math.max(latest, machine.lastSeenMs), 0);
  return {
    kind: 'fly',
    name,
    state: stateOf(facts, findings.length > 0),
    severity: findings[0]?.severity ?? null,
    reasons: findings.map(asReason),
    last_seen: lastSeenMs === 0 ? null : formatTimeMs(lastSeenMs),
    interval_seconds: null,
    this_hub: false,
    demo: machines.length > 0 && machines.every(({ demo }) => demo),
    apps: [],
    regions: [...new Set(machines.flatMap(({ region }) => region ?? []))].sort(),
    system: null,
    figures: null,
    spark: null,
    errors: errors.ofApp(name),
    checks: null,
    machines: machines.slice(0, MAX_MACHINES_TOLD).map((machine) => describe(machine, errors)),
  };
}

/** Fly stops machines that nobody needs, so that none running is no trouble by itself. */
function stateOf({ machines, nowMs }: FlyAppFacts, isInTrouble: boolean): UnitState {
  const isRunning = ({ story }: KnownMachine) => ['started', 'failing', 'unknown'].includes(story.state);
  if (machines.length === 0 || machines.some(isRunning)) return isInTrouble ? 'attention' : 'fine';
  return machines.some((machine) => hasEndedBadly(machine, nowMs)) ? 'down' : 'stopped';
}

function describe({ id, region, lastSeenMs, story }: KnownMachine, errors: OriginErrors): FleetMachine {
  const { state, text, sinceMs, exitCode } = story;
  return {
    id,
    region: region ?? null,
    state,
    text,
    since: sinceMs === null ? null : formatTimeMs(sinceMs),
    last_seen: formatTimeMs(lastSeenMs),
    exit_code: exitCode,
    errors: errors.ofMachine(id),
  };
}
