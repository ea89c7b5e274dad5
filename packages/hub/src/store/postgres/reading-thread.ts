/** The thread that answers questions, from the database and from what is still in the spool. */

import type { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import { describe, isAway } from '@flywatch/agent/postgres';
import { answer } from '../answers/answer.ts';
import { CancelledError, Turns } from '../answers/turns.ts';
import { openForReading } from '../embedded/database.ts';
import type { FromReader, ToReader } from '../embedded/reader-loop.ts';
import { Batch } from '../format/batch.ts';
import { PostgresSnapshot, type SpooledHandle } from './postgres-snapshot.ts';
import { openPool, Queries } from './queries.ts';

export interface ReadingData {
  readonly path: string;
  readonly url: string;
  readonly hub: string;
  /** Milliseconds after their time that rows of figures are kept. */
  readonly figuresKeptMs: number;
}

type Ask = Extract<ToReader, { kind: 'ask' }>;

const port = parentPort!;
const { path, url, hub, figuresKeptMs } = workerData as ReadingData;
const pool = openPool(url);
const active = new Map<number, Queries>();

async function ask({ call, question, fresh, others }: Ask): Promise<void> {
  const queries = new Queries(pool);
  active.set(call, queries);
  const turns = new Turns(() => !active.has(call));
  const spool = openForReading(path);
  try {
    const spooled = spool === undefined ? [] : readSpool(spool, fresh);
    const snapshot = new PostgresSnapshot({
      queries,
      hub,
      figuresKeptMs,
      spooled,
      others: others.map((bytes) => handleOf(new Batch(bytes))),
    });
    const value = await answer(snapshot, turns, question);
    port.postMessage({ call, value } satisfies FromReader);
  } catch (error) {
    port.postMessage({ call, error: failure(error) } satisfies FromReader);
  } finally {
    active.delete(call);
    spool?.close();
  }
}

function failure(error: unknown): NonNullable<FromReader['error']> {
  if (error instanceof CancelledError) return { message: error.message, cancelled: true };
  const isServer = (error as { code?: unknown }).code !== undefined || isConnectionMessage(error);
  if (isServer && isAway(error))
    return {
      message: `PostgreSQL cannot answer now: ${describe(error, url, 'DATABASE_URL')}`,
      cancelled: false,
      unavailable: true,
    };
  return { message: (error as Error).stack ?? String(error), cancelled: false };
}

/** The driver tells of a connection that broke, or could not be made, in words alone. */
function isConnectionMessage(error: unknown): boolean {
  return /connection|timeout|ECONN|client/i.test((error as Error).message ?? '');
}

/** What is in the spool at this moment, in a transaction that keeps it readable, and what is on its way there. */
function readSpool(db: DatabaseSync, fresh: Ask['fresh']): SpooledHandle[] {
  db.exec('BEGIN');
  const fact = db.prepare("SELECT value FROM facts WHERE name = 'committed'").get() as { value: number } | undefined;
  const rows = db
    .prepare(
      'SELECT id, hub, first_position, last_position, min_time, max_time, events FROM head ORDER BY first_position',
    )
    .all() as unknown as SpoolRow[];
  const read = db.prepare('SELECT data FROM head WHERE id = ?');
  return [
    ...rows.map((row) => ({
      hub: row.hub,
      count: row.events,
      minTimeMs: row.min_time,
      maxTimeMs: row.max_time,
      firstPosition: row.first_position,
      lastPosition: row.last_position,
      counted: undefined,
      open: () => new Batch((read.get(row.id) as { data: Uint8Array }).data),
    })),
    ...fresh.filter(({ number }) => number > (fact?.value ?? 0)).map(({ bytes }) => handleOf(new Batch(bytes))),
  ];
}

interface SpoolRow {
  readonly id: number;
  readonly hub: string;
  readonly first_position: number;
  readonly last_position: number;
  readonly min_time: number;
  readonly max_time: number;
  readonly events: number;
}

function handleOf(batch: Batch): SpooledHandle {
  const { hub, count, minTimeMs, maxTimeMs, firstPosition, lastPosition } = batch;
  return { hub, count, minTimeMs, maxTimeMs, firstPosition, lastPosition, counted: undefined, open: () => batch };
}

port.on('message', (message: ToReader) => {
  if (message.kind === 'ask') void ask(message);
  else {
    active.get(message.call)?.cancel();
    active.delete(message.call);
  }
});
