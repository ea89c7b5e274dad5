/** Whether the facets are open: beside the list a setting that stays, over the list for as long as they are looked at. */

import { useSyncExternalStore } from 'react';
import { changeSettings, readSettings, useSettings } from '../../app/settings.ts';
import { useWidth } from '../list/useWidth.ts';

let openOverList = false;
const listeners = new Set<() => void>();

/** Where the facets are, if they are open. */
export function useFacetsPlace(): 'beside' | 'over' | 'closed' {
  const { facetsOpen } = useSettings();
  const isOver = useSyncExternalStore(subscribe, () => openOverList);
  if (useWidth('narrow')) return isOver ? 'over' : 'closed';
  return facetsOpen ? 'beside' : 'closed';
}

export function toggleFacetsBeside(): void {
  changeSettings({ facetsOpen: !readSettings().facetsOpen });
}

export function toggleFacetsOver(): void {
  openOverList = !openOverList;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
