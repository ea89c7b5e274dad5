/** What a thread that writes does when a commit of many batches fails: a fault with one of them must not keep all others from being written. */

import type { PendingBatch } from './store-writer.ts';

/** The file cannot be written or read now; the same may work later. Any other error is a fault of what was to be written. */
export function isSqliteError(error: unknown): boolean {
  return (error as { code?: string }).code === 'ERR_SQLITE_ERROR';
}

/**
 * Commits batches one by one. A batch that cannot be written at all is handed to `refuse` and left out.
 *
 * @returns the batches from the first one that the file does not take now; none where all are through
 */
export function commitEach(
  batches: readonly PendingBatch[],
  commit: (batch: PendingBatch) => void,
  refuse: (batch: PendingBatch, message: string) => void,
): PendingBatch[] {
  for (const [i, batch] of batches.entries()) {
    try {
      commit(batch);
    } catch (error) {
      if (isSqliteError(error)) return batches.slice(i);
      refuse(batch, (error as Error).stack ?? String(error));
    }
  }
  return [];
}
