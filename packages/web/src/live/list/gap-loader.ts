/** Fetches what a gap says is missing, page by page, from the address that the hub gave with it. */

import type { FlatEvent } from '@flywatch/core';
import type { GapItem } from '@flywatch/react';
import { type Failure, failureOf } from './failure.ts';
import { askPage } from './history-page.ts';

export type GapProgress =
  | { readonly type: 'loading'; readonly loaded: number }
  /** All that the hub still holds is there. */
  | { readonly type: 'filled'; readonly loaded: number }
  | { readonly type: 'stopped'; readonly loaded: number }
  | { readonly type: 'failed'; readonly loaded: number; readonly failure: Failure };

interface GapPlace {
  /** Whether the list can take more. */
  room(): boolean;
  insert(events: readonly FlatEvent[]): void;
  progress(progress: GapProgress): void;
}

export async function loadGap(gap: GapItem, q: string, signal: AbortSignal, place: GapPlace): Promise<void> {
  // A path of history with the ids of the hole; only these are taken from it, and it is asked with the filter of the list.
  const ids = new URL(gap.url!, 'http://hub').searchParams;
  const hole = { order: 'asc', q, after: ids.get('after') ?? undefined, until: ids.get('until') ?? undefined } as const;
  let cursor: string | undefined;
  let loaded = 0;
  try {
    do {
      place.progress({ type: 'loading', loaded });
      const page = await askPage({ ...hole, cursor }, signal);
      place.insert(page.logs);
      loaded += page.logs.length;
      cursor = page.next;
    } while (cursor !== undefined && place.room());
    place.progress({ type: cursor === undefined ? 'filled' : 'stopped', loaded });
  } catch (error) {
    if (signal.aborted) place.progress({ type: 'stopped', loaded });
    else place.progress({ type: 'failed', loaded, failure: failureOf(error) });
  }
}
