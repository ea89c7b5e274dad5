/** Errors of calls to the hub, in words for a person. */

import { HubError, HubUnreachableError } from '@flywatch/client';

export interface Trouble {
  readonly isOffline: boolean;
  readonly text: string;
}

export function troubleOf(error: unknown): Trouble {
  if (error instanceof HubUnreachableError) {
    return { isOffline: true, text: 'The hub does not answer. It may be restarting, or the network is gone.' };
  }
  if (error instanceof HubError) {
    return { isOffline: false, text: `${sentence(error.message)} (${error.status}, ${error.code})` };
  }
  return { isOffline: false, text: error instanceof Error ? sentence(error.message) : String(error) };
}

export function sentence(text: string): string {
  const begun = `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
  return /[.!?…]$/.test(begun) ? begun : `${begun}.`;
}
