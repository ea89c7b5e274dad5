/**
 * Snapshots of a hub without a disk: they end with the process.
 *
 * Kept as JSON, as a file would keep them: nobody can change one that lies here, and it takes as much as its text.
 */

import { byNewest, type Snapshot } from './snapshot.ts';
import type { SnapshotStorage } from './snapshot-storage.ts';

export interface MemorySnapshotsOptions {
  readonly maxCount: number;
  readonly maxAgeMs: number;
  /** Milliseconds since 1970. @defaultValue Date.now */
  readonly nowMs?: () => number;
}

interface Kept {
  readonly id: string;
  readonly timeMs: number;
  readonly json: string;
}

export class MemorySnapshots implements SnapshotStorage {
  readonly #options: MemorySnapshotsOptions;
  /** Newest first. */
  #kept: readonly Kept[] = [];

  constructor(options: MemorySnapshotsOptions) {
    this.#options = options;
  }

  async save(snapshot: Snapshot): Promise<void> {
    const { maxCount, maxAgeMs, nowMs = Date.now } = this.#options;
    const { id, timestamp } = snapshot;
    const oldestMs = nowMs() - maxAgeMs;
    const others = this.#kept.filter((kept) => kept.id !== id);
    this.#kept = [...others, { id, timeMs: Date.parse(timestamp), json: JSON.stringify(snapshot) }]
      .filter(({ timeMs }) => timeMs >= oldestMs)
      .sort(byNewest)
      .slice(0, maxCount);
  }

  async list(limit: number): Promise<Snapshot[]> {
    return this.#kept.slice(0, limit).map(read);
  }

  async get(id: string): Promise<Snapshot | undefined> {
    const kept = this.#kept.find((candidate) => candidate.id === id);
    return kept && read(kept);
  }
}

function read({ json }: Kept): Snapshot {
  return JSON.parse(json) as Snapshot;
}
