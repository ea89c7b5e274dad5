/** The line that an answer led to last: the chart and the legend show where it is, for as long as it is the open one. */

import { useSyncExternalStore } from 'react';

export interface CitedMark {
  readonly id: string;
  /** As the answer numbers it. */
  readonly number: number;
  readonly timeMs: number;
}

let mark: CitedMark | undefined;
const listeners = new Set<() => void>();

export function setCitedMark(next: CitedMark): void {
  mark = next;
  for (const listener of listeners) listener();
}

export function useCitedMark(openLine: string | undefined): CitedMark | undefined {
  const last = useSyncExternalStore(subscribe, () => mark);
  return last?.id === openLine ? last : undefined;
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
