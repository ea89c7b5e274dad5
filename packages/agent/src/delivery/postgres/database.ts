/** A connection to a database that has the tables, and what is written over it. */

import { Link } from '../../postgres/link.ts';
import type { RowsToSend } from '../../rows/row-sink.ts';
import type { LogBatch } from '../../tail/log-sink.ts';
import { LogWriter, type TakenLogs } from './log-writer.ts';
import { type TakenRows, takeRows } from './row-writer.ts';
import { checkTables } from './tables.ts';

export class Database {
  readonly #url: string;
  readonly #link: Link;
  readonly #logs: LogWriter;

  private constructor(url: string, link: Link) {
    this.#url = url;
    this.#link = link;
    this.#logs = new LogWriter(url);
  }

  /** @throws {MissingTablesError} */
  static async open(url: string): Promise<Database> {
    const link = await Link.open(url);
    try {
      await checkTables(link);
    } catch (error) {
      link.close();
      throw error;
    }
    return new Database(url, link);
  }

  get isOpen(): boolean {
    return !this.#link.isLost;
  }

  takeLogs(batch: LogBatch): Promise<TakenLogs> {
    return this.#logs.take(this.#link, batch);
  }

  takeRows(batch: RowsToSend): Promise<TakenRows> {
    return takeRows(this.#link, batch, this.#url);
  }

  close(): void {
    this.#link.close();
  }
}
