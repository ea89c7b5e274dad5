/** What the page makes of the fleet's overview: its groups, what a search finds, how much needs a person. Pure. */

import type { FleetOverview, FleetUnit, UnitState } from '@flywatch/core';

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
