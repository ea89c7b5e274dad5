/**
 * Takes batches from the spool over into PostgreSQL, in order and each once.
 *
 *   spool ──▶ BEGIN · ledger row locked · COPY what is beyond it · ledger row moved · COMMIT ──▶ out of the spool
 *
 * The ledger's row moves in the transaction that inserts. Whatever dies between COMMIT and the spool's deletion, the next try
 * finds there that the batch has arrived, and only deletes. It also tells two processes apart from one: the row is locked.
 */

import { describe, isRefused, Link } from '@flywatch/agent/postgres';
import { Backoff, type LogEvent } from '@flywatch/core';
import { waitAtMost } from '../../wait-at-most.ts';
import { dayOf } from './days.ts';
import { migrate } from './migrate.ts';
import { Partitions, type Retention } from './partitions.ts';
import { COPIED_COLUMNS, copyLine } from './row-format.ts';
import type { Spool } from './spool.ts';

/** Events and bytes of one transaction: larger ones gained little when measured, and are lost as a whole when the server goes away. */
const SHIPPED_EVENTS = 5000;
const SHIPPED_BYTES = 4 * 1024 * 1024;

/** Longest wait between two tries to reach the server: it is back in history within this. */
const RETRY_MAX_MS = 5000;

/** How long nothing may have been said before a server is asked whether it is there: a network that drops everything says nothing. */
const PING_MS = 5000;

/** How often partitions and retention are looked at. */
const UPKEEP_MS = 60_000;

export interface ShipperOptions {
  readonly url: string;
  readonly hub: string;
  readonly retentionMs: Retention;
}

export interface ShipperEvents {
  ready(): void;
  away(detail: string): void;
  shipped(events: number): void;
  /** An event that the database does not take in any form. */
  refused(message: string): void;
}

export class Shipper {
  readonly #options: ShipperOptions;
  readonly #spool: Spool;
  readonly #events: ShipperEvents;
  readonly #backoff = new Backoff({ capMs: RETRY_MAX_MS });
  readonly #partitions: Partitions;
  #link: Link | undefined;
  #stopping = false;
  #wake: () => void = () => {};
  #tryAgain: () => void = () => {};
  #done: Promise<void> | undefined;
  #nextUpkeepMs = 0;

  constructor(options: ShipperOptions, spool: Spool, events: ShipperEvents) {
    this.#options = options;
    this.#spool = spool;
    this.#events = events;
    this.#partitions = new Partitions(options.retentionMs);
  }

  start(): void {
    this.#done ??= this.#run();
  }

  /** There is something in the spool. */
  wake(): void {
    this.#wake();
  }

  /** Ends when the spool is empty, where the server is there; else, and at the latest after `patienceMs`, as things are. */
  async stop(patienceMs: number): Promise<void> {
    this.#stopping = true;
    this.#wake();
    this.#tryAgain();
    await waitAtMost(this.#done, patienceMs);
    this.#link?.close();
  }

  async #run(): Promise<void> {
    do {
      try {
        await this.#connect();
        await this.#work(this.#link!);
      } catch (error) {
        if (!this.#stopping) this.#events.away(describe(error, this.#options.url, 'DATABASE_URL'));
      }
      this.#link?.close();
      this.#link = undefined;
      if (!this.#stopping) await this.#untilNextTry();
    } while (!this.#stopping);
  }

  async #connect(): Promise<void> {
    const link = await Link.open(this.#options.url);
    this.#link = link;
    await migrate(link.client);
    await this.#partitions.prepare(link, Date.now());
    this.#backoff.reset();
    this.#events.ready();
  }

  async #work(link: Link): Promise<void> {
    for (;;) {
      if (Date.now() >= this.#nextUpkeepMs) await this.#upkeep(link);
      const batches = this.#spool.oldest(SHIPPED_EVENTS, SHIPPED_BYTES);
      if (batches.length > 0) {
        const events = batches.flatMap(({ batch }) =>
          Array.from({ length: batch.count }, (_, row) => batch.eventOf(row)),
        );
        const days = new Set(events.map(({ timeMs }) => dayOf(timeMs)));
        await this.#partitions.ensure(link, 'log_entries', days, Date.now());
        await this.#ship(link, events);
        this.#spool.remove(batches);
        this.#events.shipped(events.length);
      } else if (this.#stopping) return;
      else {
        await Promise.race([this.#pause(PING_MS), link.lost]);
        if (this.#spool.events === 0) await link.ping();
      }
    }
  }

  async #ship(link: Link, events: readonly LogEvent[]): Promise<void> {
    try {
      await this.#insert(link, events, false);
    } catch (error) {
      if (!isRefused(error)) throw error;
      if (events.length === 1) return this.#shipAlone(link, events[0]!);
      // One event that cannot be stored must not keep the others waiting.
      const half = events.length >> 1;
      await this.#ship(link, events.slice(0, half));
      await this.#ship(link, events.slice(half));
    }
  }

  /** With less for the indexes, which are what refuses a row; the event is kept whole all the same. */
  async #shipAlone(link: Link, event: LogEvent): Promise<void> {
    try {
      await this.#insert(link, [event], true);
    } catch (error) {
      if (!isRefused(error)) throw error;
      this.#events.refused(`${event.id}: ${describe(error, this.#options.url, 'DATABASE_URL')}`);
      await link.transaction(() => this.#moveLedger(link, event));
    }
  }

  #insert(link: Link, events: readonly LogEvent[], isModest: boolean): Promise<void> {
    return link.transaction(async () => {
      const arrived = await this.#lockLedger(link, events[0]!.hub);
      const due = events.filter(({ position }) => position > arrived);
      if (due.length === 0) return;
      await link.copy(
        `COPY log_entries (${COPIED_COLUMNS}) FROM STDIN`,
        due.map((event) => copyLine(event, isModest)),
      );
      await this.#moveLedger(link, due.at(-1)!);
    });
  }

  /**
   * The last position that has arrived. The events' own hub is what counts: a hub that has lost its name and kept its spool
   * still has the old one's events in there.
   */
  async #lockLedger(link: Link, hub: string): Promise<number> {
    const { rows } = await link.query<{ position: string }>(
      `INSERT INTO ingest_ledger (hub, spool) VALUES ($1, $2)
       ON CONFLICT (hub, spool) DO UPDATE SET updated_at = now() RETURNING position`,
      [hub, this.#spool.name],
    );
    return Number(rows[0]!.position);
  }

  async #moveLedger(link: Link, { hub, position }: LogEvent): Promise<void> {
    await link.query('UPDATE ingest_ledger SET position = $3 WHERE hub = $1 AND spool = $2', [
      hub,
      this.#spool.name,
      position,
    ]);
  }

  async #upkeep(link: Link): Promise<void> {
    const nowMs = Date.now();
    await this.#partitions.prepare(link, nowMs);
    await this.#partitions.retain(link, this.#options.hub, nowMs);
    this.#nextUpkeepMs = nowMs + UPKEEP_MS;
  }

  /** What arrives meanwhile does not shorten it: a server that is coming up is not helped by a try a batch. */
  #untilNextTry(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, this.#backoff.nextDelayMs());
      this.#tryAgain = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** Until so much time has passed, or somebody wakes it. */
  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
      if (this.#stopping) this.#wake();
    });
  }
}
