/**
 * Figures and checks on their way into the database, straight and without the spool: agents keep what is not acknowledged, so a
 * second copy here would guard against nothing. Rows and the id of their batch are one transaction.
 */

import { Link } from '@flywatch/agent/postgres';
import { sqlJson, sqlText } from '@flywatch/core';
import {
  type ColumnType,
  columnsOf,
  FIGURE_TABLES,
  type FigureBatch,
  type FigureRow,
  type KeptBatch,
} from '../figures.ts';

const TYPES: Readonly<Record<ColumnType, string>> = {
  number: 'double precision',
  integer: 'integer',
  text: 'text',
  boolean: 'boolean',
};

/** Ids of one agent that are kept, however long it is away: it has one batch on its way at a time. */
const KEPT_PER_AGENT = 4;

/** How long all other ids are kept, and agents' that are not heard of any more. */
const KEPT_FOR = "interval '1 day'";
const KEPT_FOR_AGENTS = "interval '1 year'";

const SAVE_ID = `INSERT INTO figure_batches (id, accepted, agent) VALUES ($1, $2, $3) ON CONFLICT (id) DO NOTHING`;

const FORGET_IDS = `DELETE FROM figure_batches
  WHERE (at < now() - ${KEPT_FOR} AND agent IS NULL) OR at < now() - ${KEPT_FOR_AGENTS}
    OR (agent = $1 AND number <= (
      SELECT number FROM figure_batches WHERE agent = $1 ORDER BY number DESC OFFSET ${KEPT_PER_AGENT} LIMIT 1))`;

export class FigureWriter {
  readonly #url: string;
  #link: Link | undefined;
  #last: Promise<unknown> = Promise.resolve();

  constructor(url: string) {
    this.#url = url;
  }

  /** One batch after the other: they share a connection, and a transaction on it is one batch's. */
  keep(batch: FigureBatch): Promise<KeptBatch> {
    const kept = this.#last.then(() => this.#keep(batch));
    this.#last = kept.catch(() => {});
    return kept;
  }

  async #keep({ kind, id, rows }: FigureBatch): Promise<KeptBatch> {
    try {
      if (this.#link === undefined || this.#link.isLost) this.#link = await Link.open(this.#url);
      const link = this.#link;
      return await link.transaction(async () => {
        const known = id === undefined ? undefined : await this.#mark(link, id, rows.length);
        if (known !== undefined) return { accepted: known, duplicate: true };
        await link.query(insertOf(kind), valuesOf(kind, rows));
        return { accepted: rows.length, duplicate: false };
      });
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** How many rows a batch of this id had when it was kept; undefined where it was not, and is now. */
  async #mark(link: Link, id: string, accepted: number): Promise<number | undefined> {
    const agent = /^agent\/([^/]+\/[^/]+)\//.exec(id)?.[1] ?? null;
    // Another hub may be at the same batch: this waits until that one has ended.
    const { rowCount } = await link.query(SAVE_ID, [sqlText(id), accepted, agent]);
    if (rowCount === 1) {
      await link.query(FORGET_IDS, [agent]);
      return undefined;
    }
    const { rows } = await link.query<{ accepted: number }>('SELECT accepted FROM figure_batches WHERE id = $1', [
      sqlText(id),
    ]);
    return rows[0]!.accepted;
  }

  close(): void {
    this.#link?.close();
    this.#link = undefined;
  }
}

function insertOf(kind: FigureBatch['kind']): string {
  const { table, columns } = FIGURE_TABLES[kind];
  const arrays = ['double precision', 'text', 'text', ...columns.map(([, type]) => TYPES[type]), 'text'];
  return `INSERT INTO ${table} (timestamp, vps_name, app_name, ${columnsOf(kind)}, details)
    SELECT to_timestamp(at / 1000), vps_name, app_name, ${columnsOf(kind)}, details::jsonb
    FROM unnest(${arrays.map((type, i) => `$${i + 1}::${type}[]`).join(', ')})
      AS row (at, vps_name, app_name, ${columnsOf(kind)}, details)`;
}

function valuesOf(kind: FigureBatch['kind'], rows: readonly FigureRow[]): unknown[][] {
  const clean = (value: unknown) => (typeof value === 'string' ? sqlText(value) : value);
  return [
    rows.map(({ timeMs }) => timeMs),
    rows.map(({ vps }) => sqlText(vps)),
    rows.map(({ app }) => sqlText(app)),
    ...FIGURE_TABLES[kind].columns.map((_, column) => rows.map(({ values }) => clean(values[column]))),
    rows.map(({ details }) => (details === null ? null : sqlJson(JSON.parse(details)))),
  ];
}
