/** A question that another part of the page has for the assistant: a line, or what was typed into the palette. The panel takes it when it is there. */

import { useEffect, useSyncExternalStore } from 'react';
import { EXPLAIN_LINE } from './question-text.ts';

export interface Proposal {
  readonly question: string;
  /** Whether it is asked at once; else it stands in the box until somebody sends it. */
  readonly isSent: boolean;
}

let waiting: Proposal | undefined;
const listeners = new Set<() => void>();

export function propose(proposal: Proposal): void {
  become(proposal);
}

/** To explain the open line. It is not sent: a key that was hit by mistake must not cost money. */
export function proposeExplanation(): void {
  propose({ question: EXPLAIN_LINE, isSent: false });
}

/** Each proposal is taken once. */
export function useProposals(take: (proposal: Proposal) => void): void {
  const proposal = useSyncExternalStore(subscribe, () => waiting);
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each proposal, by whoever is there then
  useEffect(() => {
    if (proposal === undefined) return;
    become(undefined);
    take(proposal);
  }, [proposal]);
}

function become(next: Proposal | undefined): void {
  waiting = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
