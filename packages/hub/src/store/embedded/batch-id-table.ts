/** Batches of clients that were taken, by the ids that they gave. */

import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { BatchMark } from './store-writer.ts';

export interface BatchIdLimits {
  /** Batch ids that are kept, and for how long at least. */
  readonly batchIdsKept: number;
  readonly batchIdsMinAgeMs: number;
}

export class BatchIdTable {
  readonly #limits: BatchIdLimits;
  readonly #save: StatementSync;
  readonly #read: StatementSync;
  readonly #forget: StatementSync;

  constructor(db: DatabaseSync, limits: BatchIdLimits) {
    this.#limits = limits;
    this.#save = db.prepare(`
      INSERT INTO batch_ids (id, taken, complete, at) VALUES (?, ?, ?, ?)
      ON CONFLICT (id) DO UPDATE SET taken = excluded.taken, complete = excluded.complete, at = excluded.at`);
    this.#read = db.prepare('SELECT taken, complete FROM batch_ids WHERE id = ?');
    this.#forget = db.prepare(
      'DELETE FROM batch_ids WHERE number <= (SELECT max(number) FROM batch_ids) - ? AND at < ?',
    );
  }

  save({ id, taken, complete }: BatchMark, nowMs: number): void {
    this.#save.run(id, taken, complete ? 1 : 0, nowMs);
  }

  read(id: string): { taken: number; complete: boolean } | undefined {
    const row = this.#read.get(id) as { taken: number; complete: number } | undefined;
    return row === undefined ? undefined : { taken: row.taken, complete: row.complete === 1 };
  }

  /** Drops those that are beyond what is kept. */
  forget(nowMs: number): void {
    const { batchIdsKept, batchIdsMinAgeMs } = this.#limits;
    this.#forget.run(batchIdsKept, nowMs - batchIdsMinAgeMs);
  }
}
