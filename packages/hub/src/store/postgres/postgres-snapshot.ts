/**
 * The store at one moment, as answers see it: rows of the database, and what is still in the spool or on its way to it.
 *
 * The spool is looked at first. What it holds is answered from there; rows of the database from the first of its positions on
 * are left out, whether they had been taken over when the spool was looked at or were since. So each event is seen once.
 */

import { LEVELS, LIST_PARAMETERS, type ListParameter } from '@flywatch/core';
import { roundStep, spanMs } from '../answers/counts.ts';
import { inOrder, nearestOf } from '../answers/scan.ts';
import type { BlockHandle, OriginRow, Snapshot, Span, Tally, TallyWish, Walk } from '../answers/snapshot.ts';
import type { FigureReader } from '../figures.ts';
import type { ExtentAnswer, Origin, OriginsQuestion, TimeRange } from '../questions.ts';
import { addRange, addSelection, areExact, Conditions, LABEL_COLUMNS } from './conditions.ts';
import { PostgresFigures } from './figure-reader.ts';
import type { Queries } from './queries.ts';
import { walkRows } from './row-walk.ts';

export interface SpooledHandle extends BlockHandle {
  readonly hub: string;
}

export interface SnapshotParts {
  readonly queries: Queries;
  readonly hub: string;
  /** Milliseconds after their time that rows of figures are kept. */
  readonly figuresKeptMs: number;
  /** Events of the spool and on their way to it. */
  readonly spooled: readonly SpooledHandle[];
  /** Events that the store never holds. */
  readonly others: readonly BlockHandle[];
}

export class PostgresSnapshot implements Snapshot {
  /** Asked for with the extent alone. */
  readonly droppedTo = 0;
  readonly figures: FigureReader;
  readonly #queries: Queries;
  readonly #hub: string;
  readonly #memory: readonly BlockHandle[];
  /** First position of each hub that is answered from the spool. */
  readonly #spooledFrom = new Map<string, number>();

  constructor({ queries, hub, spooled, others, figuresKeptMs }: SnapshotParts) {
    this.#queries = queries;
    this.figures = new PostgresFigures(queries, figuresKeptMs);
    this.#hub = hub;
    this.#memory = [...spooled, ...others];
    for (const { hub: own, firstPosition } of spooled)
      this.#spooledFrom.set(own, Math.min(this.#spooledFrom.get(own) ?? firstPosition, firstPosition));
  }

  blocks(range: TimeRange): readonly BlockHandle[] {
    return this.#memory.filter(
      ({ minTimeMs, maxTimeMs }) =>
        (range.from === undefined || maxTimeMs >= range.from.ms) &&
        (range.to === undefined || minTimeMs <= range.to.ms),
    );
  }

  having(_needed: unknown, blocks: readonly BlockHandle[]): readonly BlockHandle[] {
    return blocks;
  }

  readonly #visible = (conditions: Conditions): void => {
    conditions.add('position IS NOT NULL');
    for (const [hub, position] of this.#spooledFrom)
      conditions.add('(position < ?::bigint OR hub <> ? OR adopted)', position, hub);
  };

  async *walk(walk: Walk): AsyncIterable<BlockHandle> {
    const scope = { queries: this.#queries, visible: this.#visible, hub: this.#hub };
    const rows = walkRows(scope, walk)[Symbol.asyncIterator]();
    const sign = walk.order.endsWith('asc') ? 1 : -1;
    const isFirst = (a: BlockHandle, b: BlockHandle) =>
      (nearestOf(a, walk.order) ?? 0) * sign < (nearestOf(b, walk.order) ?? 0) * sign;
    let next = await rows.next();
    for (const block of inOrder(this.blocks(walk.range), walk.order)) {
      while (next.done !== true && isFirst(next.value, block)) {
        yield next.value;
        next = await rows.next();
      }
      yield block;
    }
    for (; next.done !== true; next = await rows.next()) yield next.value;
  }

  async tally({ range, selection, of }: TallyWish): Promise<Tally | undefined> {
    if (!areExact(selection, range)) return undefined;
    const conditions = new Conditions();
    this.#visible(conditions);
    addRange(conditions, range);
    addSelection(conditions, selection, undefined);
    const rest = this.blocks(range);
    if ('labels' in of) return { rest, times: [], intervalMs: 0, ...(await this.#countLabels(conditions, of.labels)) };
    const intervalMs = of.intervalMs ?? roundStep(await this.#spanMs(range), of.maxBuckets);
    const rows = await this.#queries.rows<readonly [string, number, string]>(
      `SELECT (extract(epoch FROM bucket) * 1000)::bigint, rank, events FROM (
         SELECT date_bin(${intervalMs} * interval '1 millisecond', timestamp, timestamptz 'epoch') AS bucket, rank, count(*) AS events
         FROM log_entries WHERE ${conditions.sql} GROUP BY 1, 2) AS counted`,
      conditions.values,
    );
    const times = rows.map(([timeMs, rank, count]) => [Number(timeMs), rank, Number(count)] as const);
    return { rest, times, labels: [], total: times.reduce((sum, [, , count]) => sum + count, 0), intervalMs };
  }

  async #countLabels(conditions: Conditions, fields: readonly string[]): Promise<Pick<Tally, 'labels' | 'total'>> {
    const names = fields.filter((field) => field === 'level' || (LIST_PARAMETERS as readonly string[]).includes(field));
    const columns = names.map((name) => (name === 'level' ? 'rank' : LABEL_COLUMNS[name as ListParameter]));
    const sets = [...columns.map((column) => `(${column})`), '()'].join(', ');
    const list = columns.map((column) => `${column}::text`).join(', ');
    const rows = await this.#queries.rows<readonly (string | number | null)[]>(
      `SELECT count(*), ${columns.length === 0 ? '0' : `grouping(${columns.join(', ')}), ${list}`}
       FROM log_entries WHERE ${conditions.sql} GROUP BY GROUPING SETS (${sets})`,
      conditions.values,
    );
    const labels: (readonly [string, string, number])[] = [];
    let total = 0;
    const allBits = 2 ** names.length - 1;
    for (const [count, mask, ...values] of rows) {
      if (Number(mask) === allBits) total = Number(count);
      else {
        // The one bit that is not set, counted from the last, is the column's.
        const index = names.length - 1 - Math.log2(allBits - Number(mask));
        const value = values[index];
        if (value === null || value === undefined) continue;
        const name = names[index]!;
        labels.push([name, name === 'level' ? LEVELS[Number(value)]! : String(value), Number(count)]);
      }
    }
    return { labels, total };
  }

  async origins({ fromMs, stepMs, buckets }: Omit<OriginsQuestion, 'kind'>): Promise<OriginRow[]> {
    const conditions = new Conditions();
    this.#visible(conditions);
    addRange(conditions, { from: { ms: fromMs, nanos: 0 }, to: { ms: fromMs + buckets * stepMs, nanos: 0 } });
    const rows = await this.#queries.rows<readonly [...(string | null)[], string, string, string, string]>(
      `SELECT app_name, instance, region, host, provider,
         floor((extract(epoch FROM timestamp) * 1000 - ${fromMs}) / ${stepMs})::integer::text,
         count(*), count(*) FILTER (WHERE rank >= ${LEVELS.indexOf('error')}), floor(extract(epoch FROM max(timestamp)))::bigint
       FROM log_entries WHERE ${conditions.sql} GROUP BY 1, 2, 3, 4, 5, 6`,
      conditions.values,
    );
    return rows.map(([app, instance, region, host, provider, bucket, lines, errors, lastSecond]) => ({
      origin: originOf([app, instance, region, host, provider]),
      bucket: Number(bucket),
      lines: Number(lines),
      errors: Number(errors),
      lastMs: Number(lastSecond) * 1000,
    }));
  }

  async #spanMs(range: TimeRange): Promise<number> {
    const span = await this.span();
    return spanMs(span === undefined ? [] : [span], range);
  }

  async span(): Promise<Span | undefined> {
    const [row] = await this.#queries.rows<readonly [string | null, string | null]>(
      `SELECT (extract(epoch FROM min(timestamp)) * 1000000)::bigint, (extract(epoch FROM max(timestamp)) * 1000000)::bigint
       FROM log_entries`,
    );
    const spans: Span[] = [...this.#memory];
    if (row !== undefined && row[0] !== null && row[1] !== null)
      spans.push({ minTimeMs: Math.floor(Number(row[0]) / 1000), maxTimeMs: Math.floor(Number(row[1]) / 1000) });
    if (spans.length === 0) return undefined;
    return {
      minTimeMs: spans.reduce((least, { minTimeMs }) => Math.min(least, minTimeMs), Number.POSITIVE_INFINITY),
      maxTimeMs: spans.reduce((most, { maxTimeMs }) => Math.max(most, maxTimeMs), Number.NEGATIVE_INFINITY),
    };
  }

  async extent(): Promise<ExtentAnswer> {
    const conditions = new Conditions();
    this.#visible(conditions);
    const [row] = await this.#queries.rows<readonly [string, string | null, string | null, string | null]>(
      `SELECT count(*), min(position), max(position), (SELECT max(dropped_to) FROM retention_marks WHERE hub = $${conditions.values.length + 1})
       FROM log_entries WHERE ${conditions.sql}`,
      [...conditions.values, this.#hub],
    );
    const [events, first, last, droppedTo] = row!;
    const firsts = this.#memory.map(({ firstPosition }) => firstPosition);
    const lasts = this.#memory.map(({ lastPosition }) => lastPosition);
    if (first !== null) firsts.push(Number(first));
    if (last !== null) lasts.push(Number(last));
    const span = await this.span();
    return {
      events: Number(events) + this.#memory.reduce((sum, { count }) => sum + count, 0),
      firstPosition: firsts.length === 0 ? undefined : firsts.reduce((a, b) => Math.min(a, b)),
      lastPosition: lasts.length === 0 ? undefined : lasts.reduce((a, b) => Math.max(a, b)),
      minTimeMs: span?.minTimeMs,
      maxTimeMs: span?.maxTimeMs,
      droppedTo: Number(droppedTo ?? 0),
    };
  }
}

function originOf(labels: readonly (string | null | undefined)[]): Origin {
  const [app, instance, region, host, provider] = labels.map((label) => label ?? undefined);
  return { app, instance, region, host, provider };
}
