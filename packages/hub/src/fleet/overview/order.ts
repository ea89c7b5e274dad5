/** The order of the page, and its sums. */

import { type FleetMachine, type FleetTotals, type FleetUnit, UNIT_STATES } from '@flywatch/core';

/** Trouble first: by state, then errors before warnings, then what began last; the rest by name. */
export function inOrder(units: readonly FleetUnit[]): FleetUnit[] {
  const severity = (unit: FleetUnit) => (unit.severity === 'error' ? 0 : unit.severity === 'warn' ? 1 : 2);
  return [...units].sort(
    (a, b) =>
      UNIT_STATES.indexOf(a.state) - UNIT_STATES.indexOf(b.state) ||
      severity(a) - severity(b) ||
      compare(newestSince(b), newestSince(a)) ||
      compare(a.name, b.name) ||
      compare(a.kind, b.kind),
  );
}

/** Of the reasons that are as bad as the unit is; a text in which times of one form sort. */
function newestSince({ reasons, severity }: FleetUnit): string {
  return reasons.reduce((newest, reason) => {
    const since = reason.severity === severity ? (reason.since ?? '') : '';
    return since > newest ? since : newest;
  }, '');
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

const RUNNING: ReadonlySet<FleetMachine['state']> = new Set(['started', 'failing']);

export function totalsOf(units: readonly FleetUnit[]): FleetTotals {
  const totals = {
    ...{ down: 0, attention: 0, late: 0, stopped: 0, fine: 0 },
    ...{ machines_running: 0, machines: 0, checks_passed: 0, checks: 0, errors: 0 },
  };
  for (const { state, machines, checks, errors } of units) {
    totals[state]++;
    totals.machines += machines.length;
    totals.machines_running += machines.filter((machine) => RUNNING.has(machine.state)).length;
    // What was slow has passed all the same.
    totals.checks_passed += (checks?.passed ?? 0) + (checks?.degraded ?? 0);
    totals.checks += (checks?.passed ?? 0) + (checks?.degraded ?? 0) + (checks?.failed ?? 0);
    totals.errors += errors.count;
  }
  return totals;
}
