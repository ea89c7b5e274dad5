/**
 * Figures and results of checks into their tables, each batch once: its id goes into `figure_batches` in the transaction that
 * inserts its rows, as a hub's does. What has no column goes into `details`.
 */

import { sqlJson, sqlText } from '@flywatch/core';
import { describe, isRefused } from '../../postgres/connection.ts';
import type { Link } from '../../postgres/link.ts';
import type { RowKind, RowsToSend } from '../../rows/row-sink.ts';

export interface TakenRows {
  readonly bytes: number;
  /** Why they will never be taken, where that is so. */
  readonly refused: string | undefined;
}

type Columns = readonly (readonly [name: string, type: string])[];

const COMMON: Columns = [
  ['timestamp', 'timestamptz'],
  ['vps_name', 'text'],
  ['app_name', 'text'],
];

const TABLES: Readonly<Record<RowKind, { readonly table: string; readonly columns: Columns }>> = {
  metrics: {
    table: 'vps_metrics',
    columns: [
      ...COMMON,
      ['cpu_percent', 'double precision'],
      ['memory_percent', 'double precision'],
      ['memory_mb', 'double precision'],
      ['disk_percent', 'double precision'],
      ['disk_gb', 'double precision'],
      ['load_avg_1m', 'double precision'],
      ['load_avg_5m', 'double precision'],
      ['load_avg_15m', 'double precision'],
    ],
  },
  checks: {
    table: 'health_checks',
    columns: [
      ...COMMON,
      ['url', 'text'],
      ['status_code', 'integer'],
      ['response_time_ms', 'double precision'],
      ['success', 'boolean'],
      ['error_message', 'text'],
    ],
  },
};

/** The names that have a column are the second parameter. What is null says as much when it is not there. */
function insertInto(kind: RowKind): string {
  const { table, columns } = TABLES[kind];
  const names = columns.map(([name]) => name).join(', ');
  const values = columns.map(([name, type]) => `(row ->> '${name}')::${type}`).join(', ');
  return `INSERT INTO ${table} (${names}, details)
    SELECT ${values}, nullif(jsonb_strip_nulls(row - $2::text[]), '{}') FROM jsonb_array_elements($1::jsonb) AS row`;
}

const INSERT = { metrics: insertInto('metrics'), checks: insertInto('checks') };

/** Ids that are kept of each agent; it has one batch on its way at a time. A hub on the same database keeps as many. */
const KEPT_PER_AGENT = 4;

const SAVE_ID = `INSERT INTO figure_batches (id, accepted, agent) VALUES ($1, $2, $3) ON CONFLICT (id) DO NOTHING`;

const FORGET_IDS = `DELETE FROM figure_batches WHERE agent = $1 AND number <= (
  SELECT number FROM figure_batches WHERE agent = $1 ORDER BY number DESC OFFSET ${KEPT_PER_AGENT} LIMIT 1)`;

export async function takeRows(link: Link, { kind, id, rows }: RowsToSend, url: string): Promise<TakenRows> {
  const [, agent] = /^agent\/([^/]+\/[^/]+)\//.exec(id) ?? [];
  const text = `[${rows.join(',')}]`;
  // A NUL is an escape in JSON, and PostgreSQL has none.
  const safe = text.includes('\\u') ? sqlJson(JSON.parse(text)) : text;
  try {
    await link.transaction(async () => {
      const { rowCount } = await link.query({ name: 'save_id', text: SAVE_ID }, [sqlText(id), rows.length, agent]);
      if (rowCount === 0) return;
      const names = TABLES[kind].columns.map(([name]) => name);
      await link.query({ name: `insert_${kind}`, text: INSERT[kind] }, [safe, names]);
      await link.query({ name: 'forget_ids', text: FORGET_IDS }, [agent]);
    });
    return { bytes: safe.length, refused: undefined };
  } catch (error) {
    if (!isRefused(error)) throw error;
    return { bytes: 0, refused: describe(error, url, 'postgres_url') };
  }
}
