/** Whether the hub has a model to ask. Without one nothing on the page offers to, but for the panel that says what to set. */

import { useEffect, useSyncExternalStore } from 'react';
import { ask } from '../app/hub.ts';

export type Availability = 'unknown' | 'on' | 'off';

interface ChatStatus {
  readonly chat: { readonly configured: boolean };
}

let state: Availability = 'unknown';
let isAsked = false;
const listeners = new Set<() => void>();

export function useAskAvailability(): Availability {
  useEffect(() => void readStatus(), []);
  return useSyncExternalStore(subscribe, () => state);
}

/** Once: a model is configured when the hub is started, and a page that is open then is loaded again or asks, and hears. */
async function readStatus(): Promise<void> {
  if (isAsked) return;
  isAsked = true;
  try {
    becomeAvailability((await ask<ChatStatus>('/status')).chat.configured ? 'on' : 'off');
  } catch {
    // The hub is away, which other parts say; whoever needs it next asks again.
    isAsked = false;
  }
}

export function becomeAvailability(next: Availability): void {
  state = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
