/** Queries of one question: over connections that questions share, and ended in the server when nobody waits any more. */

import { clientConfig } from '@flywatch/agent/postgres';
import pg, { type Pool } from 'pg';
import { CancelledError } from '../answers/turns.ts';

/** Connections for questions: as many as are answered at once. */
const MAX_CONNECTIONS = 6;

/** Milliseconds after which an idle connection is closed: a hub that nobody asks holds none. */
const IDLE_MS = 30_000;

/** Longest query: one that takes longer was asked of a server that cannot keep up. */
const STATEMENT_TIMEOUT_MS = 60_000;

/** Time beyond that, after which a server that says nothing counts as gone. */
const SILENCE_MS = 5000;

export function openPool(url: string): Pool {
  const pool = new pg.Pool({
    ...clientConfig(url),
    query_timeout: STATEMENT_TIMEOUT_MS + SILENCE_MS,
    max: MAX_CONNECTIONS,
    idleTimeoutMillis: IDLE_MS,
    // Compiling takes longer than the queries that we ask.
    onConnect: async (client) => {
      await client.query(
        `SET statement_timeout = ${STATEMENT_TIMEOUT_MS}; SET jit = off; SET default_transaction_read_only = on`,
      );
    },
  });
  // A connection that breaks while idle: the pool has dropped it already.
  pool.on('error', () => {});
  return pool;
}

export class Queries {
  readonly #pool: Pool;
  #cancelled = false;
  #running: number | undefined;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  /** Rows as arrays. */
  async rows<Row extends readonly unknown[]>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    const client = await this.#pool.connect();
    let failed: Error | undefined;
    try {
      if (this.#cancelled) throw new CancelledError();
      this.#running = (client as unknown as { processID: number }).processID;
      const { rows } = await client.query({ text, values: [...values], rowMode: 'array' });
      return rows as unknown as Row[];
    } catch (error) {
      failed = error as Error;
      throw this.#cancelled ? new CancelledError() : error;
    } finally {
      this.#running = undefined;
      // One that a query has failed on may be broken; another one is made soon enough.
      client.release(failed);
    }
  }

  cancel(): void {
    this.#cancelled = true;
    const pid = this.#running;
    // Where the server cannot be told, the query ends by itself, and nobody reads what it finds.
    if (pid !== undefined) this.#pool.query('SELECT pg_cancel_backend($1)', [pid]).catch(() => {});
  }
}
