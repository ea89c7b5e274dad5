/** Which overlay is open over the page: keys and links of any part open one. */

import { useSyncExternalStore } from 'react';

export type OverlayName = 'palette' | 'help' | 'more';

let open: OverlayName | undefined;
const listeners = new Set<() => void>();

/** Opens one, in place of another; without a name closes it. */
export function showOverlay(name: OverlayName | undefined): void {
  open = name;
  for (const listener of listeners) listener();
}

/** Closes this one. A dialog says that it has closed a moment later, when another may be open already: that one stays. */
export function closeOverlay(name: OverlayName): void {
  if (open === name) showOverlay(undefined);
}

export function useOverlay(): OverlayName | undefined {
  return useSyncExternalStore(subscribe, () => open);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
