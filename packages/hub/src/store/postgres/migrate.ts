/** Brings the tables up to date. Several hubs may start at once: one does it, the others wait and find it done. */

import type { ClientBase } from 'pg';
import { MIGRATIONS } from './schema.ts';

/** Our own number among advisory locks: the letters FLYW. */
export const LOCK_KEY = 0x464c5957;

/** Tables that a later version made: they are left alone. */
export class NewerTablesError extends Error {
  constructor(version: number, known: number) {
    super(
      `its tables were made by a later version of Flywatch (schema ${version}, this one knows ${known}); start that version, or set DATABASE_URL to another database`,
    );
    this.name = 'NewerTablesError';
  }
}

const VERSIONS = `CREATE TABLE IF NOT EXISTS flywatch_migrations (
  version integer PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())`;

/**
 * Takes the steps that are missing, all of them or none.
 *
 * @throws {NewerTablesError}
 */
export async function migrate(client: ClientBase, migrations: readonly string[] = MIGRATIONS): Promise<void> {
  await client.query('BEGIN');
  try {
    await client.query('SELECT pg_advisory_xact_lock($1)', [LOCK_KEY]);
    await client.query(VERSIONS);
    const { rows } = await client.query<{ version: number }>(
      'SELECT coalesce(max(version), 0) AS version FROM flywatch_migrations',
    );
    const { version } = rows[0]!;
    if (version > migrations.length) throw new NewerTablesError(version, migrations.length);
    for (let next = version; next < migrations.length; next++) {
      await client.query(migrations[next]!);
      await client.query('INSERT INTO flywatch_migrations (version) VALUES ($1)', [next + 1]);
    }
    await client.query('COMMIT');
  } catch (error) {
    // Where the connection is gone, so is the transaction.
    await client.query('ROLLBACK').catch(() => {});
    throw error;
  }
}
