/** Whether this browser is signed in, as far as the hub's answers have told. Nothing of the token is kept here. */

import { useSyncExternalStore } from 'react';

export type SessionState = 'in' | 'out';

let state: SessionState = 'in';
const listeners = new Set<() => void>();

function become(next: SessionState): void {
  if (state === next) return;
  state = next;
  for (const listener of listeners) listener();
}

/** The hub has refused the cookie, or there is none: the sign-in page takes the place of all others, the address stays. */
export function sessionEnded(): void {
  become('out');
}

export function sessionBegan(): void {
  become('in');
}

export function useSession(): SessionState {
  return useSyncExternalStore(subscribe, () => state);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
