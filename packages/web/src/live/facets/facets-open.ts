/** Whether the facets are open: beside the list a setting that stays, over the list for as long as they are looked at. */

import { useSyncExternalStore } from 'react';
import { changeSettings, readSettings, useSettings } from '../../app/settings.ts';

/** Below this width they lie over the list (DESIGN-UI, section 2). */
const narrow = matchMedia('(max-width: 1023px)');

let openOverList = false;
const listeners = new Set<() => void>();

export function useFacetsOpen(): boolean {
  const { facetsOpen } = useSettings();
  const state = useSyncExternalStore(subscribe, () => (narrow.matches ? openOverList : undefined));
  return state ?? facetsOpen;
}

export function useFacetsOverList(): boolean {
  return useSyncExternalStore(subscribe, () => narrow.matches);
}

export function toggleFacets(): void {
  if (narrow.matches) openOverList = !openOverList;
  else changeSettings({ facetsOpen: !readSettings().facetsOpen });
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  narrow.addEventListener('change', listener);
  return () => {
    listeners.delete(listener);
    narrow.removeEventListener('change', listener);
  };
}
