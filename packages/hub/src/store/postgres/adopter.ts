/**
 * Rows that agents have written themselves. They have no position, by which the hub's events are named and ordered, until the
 * hub gives them one; then they are events like all others.
 *
 * The hub gives positions and shows the events to live readers in one go, since live events run on in the order of their
 * positions. So they are shown a moment before their positions are committed; where that fails, they keep them for the next
 * try, and are not shown again.
 */

import { Link } from '@flywatch/agent/postgres';
import { levelRank } from '@flywatch/core';
import { encodeBatch } from '../format/batch.ts';
import { TIME_PARAMETER } from './conditions.ts';
import { lineWords } from './line-words.ts';
import { FOREIGN_COLUMNS, type ForeignRow, readForeignRow } from './row-format.ts';

/** Rows that are adopted at a time; more follow at once. */
const ADOPTED_AT_ONCE = 1000;

const WAITING = `SELECT ${FOREIGN_COLUMNS} FROM log_entries WHERE position IS NULL ORDER BY id LIMIT ${ADOPTED_AT_ONCE}`;

const ADOPT = `UPDATE log_entries AS entry SET hub = $1, position = given.position, adopted = true,
    received_at = to_timestamp($7::double precision / 1000),
    rank = given.rank, host = coalesce(entry.host, entry.vps_name), provider = coalesce(entry.provider, 'agent'),
    words = given.words::integer[]
  FROM (SELECT ${TIME_PARAMETER.replace('?', 'micros')} AS at, id, position, rank, words
    FROM unnest($2::bigint[], $3::bigint[], $4::bigint[], $5::smallint[], $6::text[]) AS row (micros, id, position, rank, words)
  ) AS given
  WHERE entry.timestamp = given.at AND entry.id = given.id`;

export interface AdopterOptions {
  readonly url: string;
  readonly hub: string;
  /** Gives the events of a batch consecutive positions and shows them; resolves with the first. */
  readonly announce: (batch: Uint8Array) => Promise<number>;
}

export class Adopter {
  readonly #options: AdopterOptions;
  #link: Link | undefined;
  /** Positions of rows that were shown and are not known to be committed, by the rows' ids. */
  readonly #given = new Map<string, number>();
  #running: Promise<void> | undefined;
  #next: Promise<void> | undefined;

  constructor(options: AdopterOptions) {
    this.#options = options;
  }

  /** Resolves when every row that was there when it was called has its position. */
  adopt(): Promise<void> {
    if (this.#running === undefined) {
      this.#running = this.#adoptAll().finally(() => {
        this.#running = undefined;
      });
      return this.#running;
    }
    // The look that is being taken may have begun too early.
    this.#next ??= this.#running
      .catch(() => {})
      .then(() => {
        this.#next = undefined;
        return this.adopt();
      });
    return this.#next;
  }

  async #adoptAll(): Promise<void> {
    try {
      if (this.#link === undefined || this.#link.isLost) this.#link = await Link.open(this.#options.url);
      while ((await this.#adoptSome(this.#link)) === ADOPTED_AT_ONCE);
    } catch (error) {
      this.close();
      throw error;
    }
  }

  async #adoptSome(link: Link): Promise<number> {
    const waiting = await link.query({ text: WAITING, name: 'waiting', rowMode: 'array' });
    if (waiting.rows.length === 0) return 0;
    const committed = await link.transaction(async () => {
      // Another hub may be at it: each row is adopted by one of them.
      const { rows } = await link.query({ text: `${WAITING} FOR UPDATE SKIP LOCKED`, rowMode: 'array' });
      if (rows.length > 0) await this.#givePositions(link, rows as unknown as ForeignRow[]);
      return rows as unknown as ForeignRow[];
    });
    for (const [, id] of committed) this.#given.delete(id);
    return waiting.rows.length;
  }

  async #givePositions(link: Link, rows: readonly ForeignRow[]): Promise<void> {
    const { hub, announce } = this.#options;
    const nowMs = Date.now();
    const fresh = rows.filter(([, id]) => !this.#given.has(id));
    if (fresh.length > 0) {
      const first = await announce(encodeBatch(fresh.map((row, i) => readForeignRow(row, hub, i, nowMs))));
      for (const [i, [, id]] of fresh.entries()) this.#given.set(id, first + i);
    }
    const events = rows.map((row) => readForeignRow(row, hub, this.#given.get(row[1])!, nowMs));
    await link.query(ADOPT, [
      hub,
      rows.map(([micros]) => micros),
      rows.map(([, id]) => id),
      events.map(({ position }) => position),
      events.map(({ level }) => levelRank(level)),
      events.map((event) => `{${lineWords(event).join(',')}}`),
      nowMs,
    ]);
  }

  close(): void {
    this.#link?.close();
    this.#link = undefined;
  }
}
