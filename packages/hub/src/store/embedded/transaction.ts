import type { DatabaseSync } from 'node:sqlite';

/** All of what `write` does, or nothing of it. */
export function inTransaction(db: DatabaseSync, write: () => void): void {
  db.exec('BEGIN IMMEDIATE');
  try {
    write();
    db.exec('COMMIT');
  } catch (error) {
    // A full disk ends it by itself.
    if (db.isTransaction) db.exec('ROLLBACK');
    throw error;
  }
}
