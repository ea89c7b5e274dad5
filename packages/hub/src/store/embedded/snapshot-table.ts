/** Snapshots of the hub's state, as text that this table does not look into. */

import type { DatabaseSync } from 'node:sqlite';

export class SnapshotTable {
  readonly #db: DatabaseSync;
  readonly #maxCount: number;
  readonly #maxAgeMs: number;

  /** Keeps the newest `maxCount`, none older than `maxAgeMs`. */
  constructor(db: DatabaseSync, maxCount: number, maxAgeMs: number) {
    this.#db = db;
    this.#maxCount = maxCount;
    this.#maxAgeMs = maxAgeMs;
  }

  save(id: string, atMs: number, json: string): void {
    this.#db.prepare('INSERT OR REPLACE INTO snapshots (id, at, data) VALUES (?, ?, ?)').run(id, atMs, json);
  }

  /** Newest first. */
  list(limit: number): string[] {
    const rows = this.#db.prepare('SELECT data FROM snapshots ORDER BY at DESC, id DESC LIMIT ?').all(limit);
    return (rows as unknown as { data: string }[]).map(({ data }) => data);
  }

  read(id: string): string | undefined {
    return (this.#db.prepare('SELECT data FROM snapshots WHERE id = ?').get(id) as { data: string } | undefined)?.data;
  }

  /** Drops what is beyond number and age. */
  forget(nowMs: number): void {
    this.#db.prepare('DELETE FROM snapshots WHERE at < ?').run(nowMs - this.#maxAgeMs);
    this.#db
      .prepare('DELETE FROM snapshots WHERE at < (SELECT at FROM snapshots ORDER BY at DESC LIMIT 1 OFFSET ?)')
      .run(this.#maxCount - 1);
  }
}
