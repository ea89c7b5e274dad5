/** Whether the database has the tables that an agent writes to, and what to do where it has not. */

import type { Link } from '../../postgres/link.ts';

export class MissingTablesError extends Error {
  constructor(what: string) {
    super(what);
    this.name = 'MissingTablesError';
  }
}

/** The newest of the tables stand for the columns that came with them. */
const TABLES = `SELECT to_regclass('log_entries') IS NOT NULL AS "hasLogs",
  to_regclass('flywatch_migrations') IS NOT NULL AS "isOurs",
  to_regclass('agent_ledger') IS NOT NULL AND to_regclass('figure_batches') IS NOT NULL AS "isComplete",
  current_database() AS name`;

interface Tables {
  readonly hasLogs: boolean;
  readonly isOurs: boolean;
  readonly isComplete: boolean;
  readonly name: string;
}

/** @throws {MissingTablesError} */
export async function checkTables(link: Link): Promise<void> {
  const { rows } = await link.query<Tables>(TABLES);
  const { hasLogs, isOurs, isComplete, name } = rows[0]!;
  if (isComplete) return;
  const remedy = `run psql ${name} < fleet_hub/schema.sql once`;
  if (isOurs) {
    throw new MissingTablesError(
      `its tables are of an older version of Flywatch; start a hub of this version on it once (DATABASE_URL)`,
    );
  }
  throw new MissingTablesError(
    hasLogs
      ? `its tables are those of Observ, which know no ledger; ${remedy}, which takes over what they hold`
      : `it has no tables yet; ${remedy}`,
  );
}
