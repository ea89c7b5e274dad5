/**
 * Batches of lines into `log_entries`, each once.
 *
 *   BEGIN · rows of the ledger moved to where the batch goes · COPY of the sections that are beyond them · COMMIT
 *
 * Moving a row of the ledger locks it, so that what an earlier connection left unfinished is waited for, and says whether the section
 * has arrived before.
 */

import { ExactTexts, LOG_ROW_COLUMNS, type LogEvent, logRow, sqlText } from '@flywatch/core';
import { isRefused } from '../../postgres/connection.ts';
import type { Link } from '../../postgres/link.ts';
import type { LogBatch, Reached } from '../../tail/log-sink.ts';
import { copyCarefully, NONE, type RefusedLines } from './careful-copy.ts';
import { SectionEvents } from './section-events.ts';

export interface TakenLogs {
  /** Of COPY, roughly: its characters. */
  readonly bytes: number;
  readonly refused: RefusedLines;
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

export class LogWriter {
  readonly #url: string;
  readonly #events = new SectionEvents();

  constructor(url: string) {
    this.#url = url;
  }

  async take(link: Link, batch: LogBatch): Promise<TakenLogs> {
    try {
      return await link.transaction(() => this.#take(link, batch, false));
    } catch (error) {
      if (!isRefused(error)) throw error;
      // A line that cannot be stored must not keep the others waiting.
      return link.transaction(() => this.#take(link, batch, true));
    }
  }

  async #take(link: Link, batch: LogBatch, isCareful: boolean): Promise<TakenLogs> {
    const isNew = await moveLedger(link, batch);
    if (isNew === undefined) return { bytes: 0, refused: NONE };
    const events = this.#events.read(batch.body, isNew);
    let bytes = 0;
    const lineOf = (event: LogEvent, isModest: boolean) => {
      const line = copyLine(event, isModest);
      bytes += line.length;
      return line;
    };
    let refused = NONE;
    if (isCareful) refused = await copyCarefully({ link, statement: COPY, lineOf, url: this.#url }, events);
    else await link.copy(COPY, linesOf(events, lineOf));
    return { bytes, refused };
  }
}

/** One by one, as they are asked for: a batch of two megabytes is many more as objects. */
function* linesOf(events: Iterable<LogEvent>, lineOf: (event: LogEvent, isModest: boolean) => string) {
  for (const event of events) yield lineOf(event, false);
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
