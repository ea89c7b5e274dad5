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

export function useOverlay(): OverlayName | undefined {
  return useSyncExternalStore(subscribe, () => open);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
