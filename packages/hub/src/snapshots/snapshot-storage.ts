import type { Snapshot } from './snapshot.ts';

/**
 * Where snapshots are kept. `snapshot-storage.contract.ts` has the tests that every storage passes.
 *
 * A storage is bounded by count and by age. Each save leaves the newest so many of those that are not older than that, and
 * removes all others; the one that is being saved may be among those. Newer is what has the greater id, and the age
 * is that of the timestamp.
 */
export interface SnapshotStorage {
  /** Kept when it resolves. The same id again replaces what was there: a save is repeated when its outcome is not known. */
  save(snapshot: Snapshot): Promise<void>;
  /** The newest, newest first. */
  list(limit: number): Promise<Snapshot[]>;
  /** Undefined for every text that is not the id of a snapshot that is kept. */
  get(id: string): Promise<Snapshot | undefined>;
}
