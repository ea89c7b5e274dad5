/**
 * Batches that a writing thread has taken and not committed yet. All of them go into one commit. Where the file takes nothing now they
 * wait for the next try; one that cannot be written at all is left out, so that it holds nobody up.
 */

import { commitEach, isSqliteError } from './commit-each.ts';
import type { PendingBatch } from './store-writer.ts';

/** How soon what failed is tried again: a disk that was full may have room, a lock may be gone. */
const RETRY_MS = 1000;

export interface BatchFile {
  /** Opens it where it is not open yet; false where that cannot be done now. */
  open(): boolean;
  commit(batches: readonly PendingBatch[]): void;
  /** All of these are in the file, but for those that were refused. */
  committed(batches: readonly PendingBatch[]): void;
  /** A batch that cannot be written at all. */
  refused(batch: PendingBatch, message: string): void;
  /** The file cannot be written now. */
  failed(error: Error): void;
}

export class WaitingBatches {
  readonly #file: BatchFile;
  #batches: PendingBatch[] = [];
  #retryTimer: NodeJS.Timeout | undefined;

  constructor(file: BatchFile) {
    this.#file = file;
  }

  get isEmpty(): boolean {
    return this.#batches.length === 0;
  }

  add(batch: PendingBatch): void {
    this.#batches.push(batch);
  }

  /** Writes what waits, unless a try is ahead. */
  write(): void {
    if (this.#retryTimer === undefined) this.#write();
  }

  /** The last try. */
  close(): void {
    clearTimeout(this.#retryTimer);
    this.#write();
    clearTimeout(this.#retryTimer);
  }

  #write(): void {
    if (this.isEmpty) return;
    const batches = this.#batches;
    if (!this.#file.open()) {
      this.#tryAgain(batches);
      return;
    }
    try {
      this.#file.commit(batches);
    } catch (error) {
      if (isSqliteError(error)) {
        this.#file.failed(error as Error);
        this.#tryAgain(batches);
        return;
      }
      const rest = commitEach(
        batches,
        (batch) => this.#file.commit([batch]),
        (batch, message) => this.#file.refused(batch, message),
      );
      if (rest.length > 0) {
        this.#tryAgain(rest);
        return;
      }
    }
    this.#batches = [];
    this.#file.committed(batches);
  }

  #tryAgain(batches: PendingBatch[]): void {
    this.#batches = batches;
    this.#retryTimer ??= setTimeout(() => {
      this.#retryTimer = undefined;
      this.#write();
    }, RETRY_MS);
  }
}
