/**
 * Batches of lines into `log_entries`, each once.
 *
 *   BEGIN · rows of the ledger moved to where the batch goes · COPY of the sections that are beyond them · COMMIT
 *
 * Moving a row of the ledger locks it, so that what an earlier connection left unfinished is waited for, and says whether the section
 * has arrived before.
 */

import { ExactTexts, LOG_ROW_COLUMNS, type LogEvent, logRow, sqlText } from '@flywatch/core';
import { describe, isRefused } from '../../postgres/connection.ts';
import type { Link } from '../../postgres/link.ts';
import type { LogBatch, Reached } from '../../tail/log-sink.ts';
import { SectionEvents } from './section-events.ts';

export interface TakenLogs {
  readonly bytes: number;
  readonly refused: { readonly lines: number; readonly reason: string };
}

const MOVE_LEDGER = `INSERT INTO agent_ledger AS known (agent, file, generation, "offset")
  SELECT $1, file, generation, max("offset") FROM unnest($2::text[], $3::text[], $4::bigint[]) AS row (file, generation, "offset")
  GROUP BY file, generation ORDER BY file, generation
  ON CONFLICT (agent, file, generation) DO UPDATE SET "offset" = excluded."offset", updated_at = now()
    WHERE known."offset" < excluded."offset"
  RETURNING file, generation`;

/**
 * One batch of an agent is on its way at a time, so that what came before this one has arrived: its rows have said what they are there
 * for. Without it the ledger would grow by a row with each rotation.
 */
const FORGET = `DELETE FROM agent_ledger WHERE agent = $1 AND updated_at < now()`;

const COPY = `COPY log_entries (${LOG_ROW_COLUMNS}, exact) FROM STDIN`;

/** Lines that are copied together while those are looked for that cannot be stored. */
const CAREFUL_LINES = 500;

const NOTHING_REFUSED = { lines: 0, reason: '' };

export class LogWriter {
  readonly #url: string;
  readonly #events = new SectionEvents();

  constructor(url: string) {
    this.#url = url;
  }

  async take(link: Link, batch: LogBatch): Promise<TakenLogs> {
    try {
      return await link.transaction(() => this.#takeWhole(link, batch));
    } catch (error) {
      if (!isRefused(error)) throw error;
      // A line that cannot be stored must not keep the others waiting.
      return link.transaction(() => this.#takeCarefully(link, batch));
    }
  }

  async #takeWhole(link: Link, batch: LogBatch): Promise<TakenLogs> {
    const isNew = await moveLedger(link, batch);
    if (isNew === undefined) return { bytes: 0, refused: NOTHING_REFUSED };
    let bytes = 0;
    const lines = function* (events: Iterable<LogEvent>) {
      for (const event of events) {
        const line = copyLine(event, false);
        bytes += line.length;
        yield line;
      }
    };
    await link.copy(COPY, lines(this.#events.read(batch.body, isNew)));
    return { bytes, refused: NOTHING_REFUSED };
  }

  async #takeCarefully(link: Link, batch: LogBatch): Promise<TakenLogs> {
    const isNew = await moveLedger(link, batch);
    const refused = { lines: 0, reason: '' };
    if (isNew === undefined) return { bytes: 0, refused };
    const insert = async (events: readonly LogEvent[], isModest: boolean): Promise<void> => {
      await link.query('SAVEPOINT careful');
      try {
        await link.copy(
          COPY,
          events.map((event) => copyLine(event, isModest)),
        );
        await link.query('RELEASE careful');
      } catch (error) {
        if (!isRefused(error)) throw error;
        await link.query('ROLLBACK TO careful');
        if (events.length > 1) {
          const half = events.length >> 1;
          await insert(events.slice(0, half), false);
          await insert(events.slice(half), false);
        } else if (!isModest) await insert(events, true);
        else {
          refused.lines++;
          refused.reason = describe(error, this.#url, 'postgres_url');
        }
      }
    };
    let waiting: LogEvent[] = [];
    for (const event of this.#events.read(batch.body, isNew)) {
      if (waiting.push(event) < CAREFUL_LINES) continue;
      await insert(waiting, false);
      waiting = [];
    }
    if (waiting.length > 0) await insert(waiting, false);
    return { bytes: batch.body.length, refused };
  }
}

/** An event as a line of COPY's text format. Columns that only a hub can fill are left to the one that adopts the row. */
function copyLine(event: LogEvent, isModest: boolean): string {
  const exact = new ExactTexts();
  const values = logRow(event, exact, { isModest, leansOnContext: true });
  return `${values.join('\t')}\t${exact.copied}\n`;
}

/** Which sections have not arrived before; undefined where all have. */
async function moveLedger(
  link: Link,
  { agent, reached }: LogBatch,
): Promise<((section: number) => boolean) | undefined> {
  const { rows } = await link.query<Pick<Reached, 'file' | 'generation'>>({ name: 'move_ledger', text: MOVE_LEDGER }, [
    sqlText(agent),
    reached.map(({ file }) => sqlText(file)),
    reached.map(({ generation }) => generation),
    reached.map(({ offset }) => offset),
  ]);
  if (rows.length === 0) return undefined;
  await link.query({ name: 'forget', text: FORGET }, [sqlText(agent)]);
  const moved = new Set(rows.map(keyOf));
  return (section) => {
    const place = reached[section];
    return place !== undefined && moved.has(keyOf({ ...place, file: sqlText(place.file) }));
  };
}

function keyOf({ file, generation }: Pick<Reached, 'file' | 'generation'>): string {
  return `${generation} ${file}`;
}
