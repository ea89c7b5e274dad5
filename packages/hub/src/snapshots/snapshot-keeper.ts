/**
 * Keeps snapshots in a storage that may fail. What could not be saved waits in memory, is listed beside what was saved,
 * and is saved once a later one could be.
 */

import { SNAPSHOT_SAVE_TIMEOUT_MS, SNAPSHOTS_WAITING } from '../limits.ts';
import type { Log } from '../log.ts';
import { type SnapshotClock, withinTime } from './clock.ts';
import type { Outages } from './outages.ts';
import { byNewest, type Snapshot } from './snapshot.ts';
import type { SnapshotStorage } from './snapshot-storage.ts';

export interface SnapshotKeeperOptions {
  readonly storage: SnapshotStorage;
  readonly clock: SnapshotClock;
  readonly outages: Outages;
  readonly log: Log;
}

export class SnapshotKeeper {
  readonly #options: SnapshotKeeperOptions;
  /** By id, in the order in which they are tried. */
  readonly #waiting = new Map<string, Snapshot>();
  #retrying: Promise<void> | undefined;
  /** Snapshots that waited for longer than there was room. */
  #lost = 0;

  constructor(options: SnapshotKeeperOptions) {
    this.#options = options;
  }

  /** Saves it, or lets it wait. Never rejects; older ones that wait are tried afterwards, and nobody waits for that. */
  async save(snapshot: Snapshot): Promise<void> {
    const { outages, log } = this.#options;
    try {
      await this.#store(snapshot);
    } catch (error) {
      outages.failed('storage', error);
      this.#letWait(snapshot);
      return;
    }
    outages.worked('storage');
    if (this.#lost > 0) log.warn('snapshots were lost while the storage failed', { lost: this.#lost });
    this.#lost = 0;
    void this.retry();
  }

  /** Tries what waits, up to the first failure. Never rejects. */
  retry(): Promise<void> {
    if (this.#waiting.size === 0) return Promise.resolve();
    this.#retrying ??= this.#saveWaiting();
    return this.#retrying;
  }

  /** Snapshots that are not saved yet. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** The newest, newest first. Rejects when the storage does: a list of only what waits would look like a whole one. */
  async list(limit: number): Promise<Snapshot[]> {
    const saved = await this.#options.storage.list(limit);
    if (this.#waiting.size === 0) return saved;
    // One that waits may have been saved all the same, when only the answer was late.
    const byId = new Map([...saved, ...this.#waiting.values()].map((snapshot) => [snapshot.id, snapshot]));
    return [...byId.values()].sort(byNewest).slice(0, limit);
  }

  async get(id: string): Promise<Snapshot | undefined> {
    return this.#waiting.get(id) ?? this.#options.storage.get(id);
  }

  #store(snapshot: Snapshot): Promise<void> {
    const { storage, clock } = this.#options;
    return withinTime(clock, SNAPSHOT_SAVE_TIMEOUT_MS, () => storage.save(snapshot));
  }

  #letWait(snapshot: Snapshot): void {
    this.#waiting.set(snapshot.id, snapshot);
    if (this.#waiting.size <= SNAPSHOTS_WAITING) return;
    const [oldest] = this.#waiting.keys();
    this.#waiting.delete(oldest!);
    this.#lost++;
  }

  async #saveWaiting(): Promise<void> {
    for (const snapshot of [...this.#waiting.values()]) {
      const { id } = snapshot;
      try {
        await this.#store(snapshot);
      } catch {
        // Said already when it began to wait. To the end of the row, so that one that can never be saved stops no other.
        if (this.#waiting.delete(id)) this.#waiting.set(id, snapshot);
        break;
      }
      this.#waiting.delete(id);
    }
    this.#retrying = undefined;
  }
}
