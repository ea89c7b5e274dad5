/** A health snapshot: how the hub, its sources and their logs were at one moment. In the form that the wire has (DESIGN, section 9). */

import { randomBytes } from 'node:crypto';
import type { LogSummary } from './log-summary.ts';

export const TRIGGERS = ['scheduled', 'error_spike', 'memory_high', 'manual'] as const;

export type Trigger = (typeof TRIGGERS)[number];

export interface Snapshot {
  /** Names it in URLs. Ids sort as text in the order in which one run of the hub took the snapshots, whatever its clock did. */
  readonly id: string;
  readonly trigger: Trigger;
  /** Why it was taken, for people: the figure and the threshold where there is one. */
  readonly reason: string;
  /** RFC 3339. */
  readonly timestamp: string;
  /** What `/metrics` said; null where that could not be had. */
  readonly metrics: object | null;
  /** What came in the time before it; null where that could not be counted. */
  readonly logs: SnapshotLogs | null;
  /** State of each source. */
  readonly sources: Readonly<Record<string, string>>;
  /** What is missing in it, in sentences. Empty where nothing is. */
  readonly notes: readonly string[];
}

/** What came from `from` to before `to`, by arrival; both RFC 3339. */
export interface SnapshotLogs extends LogSummary {
  readonly from: string;
  readonly to: string;
}

/** Digits of a millisecond since 1970 in base 36: enough until the year 5188. */
const TIME_DIGITS = 9;

/** Gives ids: the millisecond, which grows with each, and 40 random bits, which tell apart what two runs took in the same one. */
export class SnapshotIds {
  #lastMs = 0;

  next(wallMs: number): string {
    this.#lastMs = Math.max(Math.floor(wallMs), this.#lastMs + 1);
    return `${this.#lastMs.toString(36).padStart(TIME_DIGITS, '0')}-${randomBytes(5).toString('hex')}`;
  }
}

/** Order of a list: newest first. */
export function byNewest(a: { readonly id: string }, b: { readonly id: string }): number {
  return a.id < b.id ? 1 : a.id > b.id ? -1 : 0;
}
