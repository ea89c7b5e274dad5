/**
 * Batches of clients that were taken, by the ids that they gave. An agent that was away for months sends first what it had on
 * its way when it went: so the last ids of each agent are kept for ever, by the beginning of `agent/NAME/BOOT/SEQ/SUM`. BOOT names
 * one of its ledgers: it may have one for each app.
 */

import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { BatchMark } from './store-writer.ts';

export interface BatchIdLimits {
  /** Batch ids that are kept, and for how long at least. */
  readonly batchIdsKept: number;
  readonly batchIdsMinAgeMs: number;
}

/** Ids of one ledger that are never forgotten. It has one batch on its way at a time. */
const KEPT_PER_LEDGER = 4;

/** Ids of all agents that are: names are made up freely by whoever may write. Those of the longest unheard-of go first. */
const KEPT_OF_AGENTS = 80_000;

/** A step in the schemas of both stores. */
export const AGENT_IDS_MIGRATION = `
  -- Name and ledger of the agent, for its last ids, which are kept.
  ALTER TABLE batch_ids ADD COLUMN agent TEXT;
  CREATE INDEX batch_ids_by_agent ON batch_ids (agent, number) WHERE agent IS NOT NULL;
  CREATE INDEX batch_ids_of_agents ON batch_ids (number) WHERE agent IS NOT NULL;
`;

export class BatchIdTable {
  readonly #limits: BatchIdLimits;
  readonly #save: StatementSync;
  readonly #read: StatementSync;
  readonly #forget: StatementSync;
  readonly #releaseOld: StatementSync;
  readonly #releaseMany: StatementSync;

  constructor(db: DatabaseSync, limits: BatchIdLimits) {
    this.#limits = limits;
    this.#save = db.prepare(`
      INSERT INTO batch_ids (id, taken, complete, at, agent) VALUES (?, ?, ?, ?, ?)
      ON CONFLICT (id) DO UPDATE SET taken = excluded.taken, complete = excluded.complete, at = excluded.at`);
    this.#read = db.prepare('SELECT taken, complete FROM batch_ids WHERE id = ?');
    this.#forget = db.prepare(
      'DELETE FROM batch_ids WHERE number <= (SELECT max(number) FROM batch_ids) - ? AND at < ? AND agent IS NULL',
    );
    // An id without its agent is forgotten like any other.
    this.#releaseOld = db.prepare(`
      UPDATE batch_ids SET agent = NULL WHERE agent = ?1 AND number <= (
        SELECT number FROM batch_ids WHERE agent = ?1 ORDER BY number DESC LIMIT 1 OFFSET ${KEPT_PER_LEDGER}
      )`);
    this.#releaseMany = db.prepare(`
      UPDATE batch_ids SET agent = NULL WHERE agent IS NOT NULL AND number <= (
        SELECT number FROM batch_ids WHERE agent IS NOT NULL ORDER BY number DESC LIMIT 1 OFFSET ${KEPT_OF_AGENTS}
      )`);
  }

  save({ id, taken, complete }: BatchMark, nowMs: number): void {
    const agent = agentOf(id);
    this.#save.run(id, taken, complete ? 1 : 0, nowMs, agent);
    if (agent !== null) this.#releaseOld.run(agent);
  }

  read(id: string): { taken: number; complete: boolean } | undefined {
    const row = this.#read.get(id) as { taken: number; complete: number } | undefined;
    return row === undefined ? undefined : { taken: row.taken, complete: row.complete === 1 };
  }

  /** Drops those that are beyond what is kept. */
  forget(nowMs: number): void {
    const { batchIdsKept, batchIdsMinAgeMs } = this.#limits;
    this.#releaseMany.run();
    this.#forget.run(batchIdsKept, nowMs - batchIdsMinAgeMs);
  }
}

function agentOf(id: string): string | null {
  return /^agent\/([^/]+\/[^/]+)\//.exec(id)?.[1] ?? null;
}
