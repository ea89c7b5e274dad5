/** The rows in their groups, which stand still under the pointer. */

import type { FleetUnit } from '@flywatch/core';
import { type PointerEventHandler, useRef } from 'react';
import { type Group, groupsOf, unitKey } from './fleet-overview.ts';

/** A pointer that has not moved for so long points at nothing: whoever left it there wants to see trouble rise to the top. */
const STILL_MS = 5000;

interface Still {
  readonly groups: readonly Group[];
  readonly handlers: { readonly onPointerMove: PointerEventHandler; readonly onPointerLeave: PointerEventHandler };
}

/** @param question - what was searched for: the answer to another question is arranged anew at once */
export function useStillGroups(units: readonly FleetUnit[], question: string): Still {
  const pointedAtMs = useRef(Number.NEGATIVE_INFINITY);
  const before = useRef<{ readonly question: string; readonly groups: readonly Group[] }>(undefined);
  const isPointedAt = performance.now() - pointedAtMs.current < STILL_MS;
  const groups =
    isPointedAt && before.current?.question === question ? inPlace(before.current.groups, units) : groupsOf(units);
  before.current = { question, groups };
  return {
    groups,
    handlers: {
      onPointerMove: () => {
        pointedAtMs.current = performance.now();
      },
      onPointerLeave: () => {
        pointedAtMs.current = Number.NEGATIVE_INFINITY;
      },
    },
  };
}

/** The newest of each unit where it stood; what is gone stays as it was, and what is new waits. */
function inPlace(groups: readonly Group[], units: readonly FleetUnit[]): readonly Group[] {
  const newest = new Map(units.map((unit) => [unitKey(unit), unit]));
  return groups.map(({ name, units }) => ({
    name,
    units: units.map((unit) => newest.get(unitKey(unit)) ?? unit),
  }));
}
