/** How many things need a person, for the badge in the rail: asked for seldom while other pages are open, told by the Fleet page while it is. */

import type { FleetOverview } from '@flywatch/core';
import { useEffect, useSyncExternalStore } from 'react';
import { useAnswer } from '../app/useAnswer.ts';
import { countTrouble } from './fleet-overview.ts';

/** Trouble that has begun is seen on any page within this time. */
const POLL_MS = 30_000;

let count = 0;
const listeners = new Set<() => void>();

export function tellTroubleCount(overview: FleetOverview): void {
  const next = countTrouble(overview);
  if (next === count) return;
  count = next;
  for (const listener of listeners) listener();
}

/** Called by the rail alone: who calls it asks the hub. A hub that cannot tell leaves the count as it was. */
export function useTroubleCount(): number {
  const { data } = useAnswer<FleetOverview>('/api/fleet/overview', {}, { everyMs: POLL_MS });
  useEffect(() => {
    if (data !== undefined) tellTroubleCount(data);
  }, [data]);
  return useSyncExternalStore(subscribe, () => count);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
