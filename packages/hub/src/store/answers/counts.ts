/** Counts over time and by value. Where a block lies in the range as a whole and nothing is asked of its events, what was
 * counted when it was written is the answer. */

import { createFieldLookup, LEVELS, LIST_PARAMETERS, type ListParameter } from '@flywatch/core';
import { parseStream } from '../format/stream.ts';
import type {
  FacetsAnswer,
  FacetsQuestion,
  HistogramAnswer,
  HistogramQuestion,
  SummaryAnswer,
  SummaryQuestion,
  TimeRange,
} from '../questions.ts';
import { ErrorGroups } from './error-groups.ts';
import { Scan } from './scan.ts';
import type { BlockHandle, Pace, Snapshot, Span } from './snapshot.ts';

const MINUTE_MS = 60_000;

/** Steps that people read easily, in milliseconds. */
const ROUND_STEPS_MS = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1, 2, 5, 10, 15, 30].map((seconds) => seconds * 1000),
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * MINUTE_MS),
  ...[1, 2, 3, 6, 12].map((hours) => hours * 3_600_000),
  ...[1, 2, 7, 14, 30, 90, 365].map((days) => days * 86_400_000),
];

export async function answerHistogram(
  snapshot: Snapshot,
  pace: Pace,
  question: HistogramQuestion,
): Promise<HistogramAnswer> {
  const { selection, range, maxBuckets } = question;
  const scan = new Scan(snapshot, pace, selection, range);
  const tally = await snapshot.tally?.({ selection, range, of: { intervalMs: question.intervalMs, maxBuckets } });
  const blocks = tally?.rest ?? (snapshot.span === undefined ? await collected(scan.walk('any')) : scan.walk('any'));
  const intervalMs = tally?.intervalMs ?? question.intervalMs ?? (await defaultStep(scan, blocks, maxBuckets));
  const counts = new Map<number, number[]>();
  let total = 0;
  const add = (timeMs: number, level: number, count: number) => {
    const bucket = Math.floor(timeMs / intervalMs);
    let levels = counts.get(bucket);
    if (levels === undefined) {
      levels = [0, 0, 0, 0, 0, 0];
      counts.set(bucket, levels);
    }
    levels[level]! += count;
    total += count;
  };
  for (const [timeMs, level, count] of tally?.times ?? []) add(timeMs, level, count);
  const byMinute = intervalMs % MINUTE_MS === 0;
  for await (const handle of blocks) {
    await pace.rest();
    const { counted } = handle;
    if (counted !== undefined && byMinute && scan.tester.isAll && scan.covers(handle)) {
      counted.eachMinute((minute, level, count) => add(minute * MINUTE_MS, level, count));
      continue;
    }
    const block = await handle.open();
    const test = scan.test(block);
    if (test === 'none') continue;
    if (test === 'all' && counted !== undefined && byMinute) {
      counted.eachMinute((minute, level, count) => add(minute * MINUTE_MS, level, count));
      continue;
    }
    const { timeMs, level } = block;
    await scan.eachRow(block, (row) => add(timeMs[row]!, level[row]!, 1));
  }
  const buckets = [...counts]
    .sort(([a], [b]) => a - b)
    .map(([bucket, levels]) => ({ timeMs: bucket * intervalMs, counts: levels }));
  return { intervalMs, total, buckets };
}

async function collected(blocks: AsyncIterable<BlockHandle>): Promise<BlockHandle[]> {
  const all: BlockHandle[] = [];
  for await (const block of blocks) all.push(block);
  return all;
}

async function defaultStep(
  { snapshot, range }: Scan,
  blocks: Iterable<Span> | AsyncIterable<Span>,
  maxBuckets: number,
): Promise<number> {
  const span = await snapshot.span?.();
  const spans = Symbol.iterator in blocks ? blocks : span === undefined ? [] : [span];
  return roundStep(spanMs(spans, range), maxBuckets);
}

/** Milliseconds from the first event to the last, or as the range has it. */
export function spanMs(blocks: Iterable<Span>, range: TimeRange): number {
  let min = range.from?.ms ?? Number.POSITIVE_INFINITY;
  let max = range.to?.ms ?? Number.NEGATIVE_INFINITY;
  for (const block of blocks) {
    if (range.from === undefined) min = Math.min(min, block.minTimeMs);
    if (range.to === undefined) max = Math.max(max, block.maxTimeMs);
  }
  return max > min ? max - min : 0;
}

/** The smallest step that cuts a span into at most so many buckets, the two at the ends being cut by it. */
export function roundStep(spanMs: number, maxBuckets: number): number {
  for (const step of ROUND_STEPS_MS) if (Math.floor(spanMs / step) + 2 <= maxBuckets) return step;
  return Math.ceil(spanMs / (maxBuckets - 2) / 86_400_000) * 86_400_000;
}

/** Different values that are counted of one field: a million instances must not take a gigabyte. */
const MAX_VALUES = 50_000;

class Counter {
  readonly #counts = new Map<string, number>();
  truncated = false;

  add(value: string, count: number): void {
    const before = this.#counts.get(value);
    if (before === undefined && this.#counts.size >= MAX_VALUES) this.truncated = true;
    else this.#counts.set(value, (before ?? 0) + count);
  }

  /** Most frequent first, then by name. */
  top(limit: number): { value: string; count: number }[] {
    return [...this.#counts]
      .sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
      .slice(0, limit)
      .map(([value, count]) => ({ value, count }));
  }
}

export async function answerFacets(snapshot: Snapshot, pace: Pace, question: FacetsQuestion): Promise<FacetsAnswer> {
  const { fields, limit, selection, range } = question;
  const scan = new Scan(snapshot, pace, selection, range);
  const counters = new Map(fields.map((field) => [field, new Counter()]));
  const labels = fields.filter(isLabel);
  const parsed = fields
    .filter((field) => !isLabel(field) && field !== 'level')
    .map((field) => ({ counter: counters.get(field)!, lookUp: createFieldLookup(field.replace(/^fields\./, '')) }));
  const levelCounter = counters.get('level');
  let total = 0;
  const addStream = (stream: Readonly<Record<ListParameter, string | undefined>>, count: number) => {
    for (const name of labels) {
      const value = stream[name];
      if (value !== undefined) counters.get(name)!.add(value, count);
    }
  };
  const addLevels = (levels: readonly number[]) => {
    for (const [rank, count] of levels.entries()) if (count > 0) levelCounter?.add(LEVELS[rank]!, count);
  };
  const tally = parsed.length > 0 ? undefined : await snapshot.tally?.({ selection, range, of: { labels: fields } });
  for (const [name, value, count] of tally?.labels ?? []) counters.get(name)!.add(value, count);
  total += tally?.total ?? 0;
  for await (const handle of tally?.rest ?? scan.walk('any')) {
    await pace.rest();
    const { counted } = handle;
    if (counted !== undefined && parsed.length === 0 && scan.tester.isAll && scan.covers(handle)) {
      for (const [streamLabels, count] of counted.streams) addStream(parseStream(streamLabels), count);
      addLevels(counted.levels);
      total += handle.count;
      continue;
    }
    const block = await handle.open();
    const streams = new Uint32Array(block.streams.length);
    const levels = new Uint32Array(LEVELS.length);
    const { stream, level } = block;
    await scan.eachRow(block, (row) => {
      streams[stream[row]!]!++;
      levels[level[row]!]!++;
      total++;
      if (parsed.length === 0) return;
      const event = block.eventOf(row);
      for (const { counter, lookUp } of parsed)
        for (const value of facetValues(lookUp(event.fields))) counter.add(value, 1);
    });
    for (const [i, count] of streams.entries()) if (count > 0) addStream(block.streams[i]!, count);
    addLevels([...levels]);
  }
  return {
    total,
    facets: Object.fromEntries([...counters].map(([field, counter]) => [field, counter.top(limit)])),
    truncated: fields.filter((field) => counters.get(field)!.truncated),
  };
}

function isLabel(field: string): field is ListParameter {
  return (LIST_PARAMETERS as readonly string[]).includes(field);
}

/** Characters of a value that is counted; longer ones are counted by their beginnings. */
const MAX_VALUE_CHARS = 256;

function facetValues(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap((element) => (Array.isArray(element) ? [] : facetValues(element)));
  if (typeof value === 'string') return [value.slice(0, MAX_VALUE_CHARS).toWellFormed()];
  return typeof value === 'number' || typeof value === 'boolean' ? [String(value)] : [];
}

export async function answerSummary(snapshot: Snapshot, pace: Pace, question: SummaryQuestion): Promise<SummaryAnswer> {
  const { selection, range, limit } = question;
  const scan = new Scan(snapshot, pace, selection, range);
  const error = LEVELS.indexOf('error');
  const counts = [0, 0, 0, 0, 0, 0];
  const groups = new ErrorGroups();
  let total = 0;
  const { arrived } = question;
  for await (const handle of scan.walk('any')) {
    await pace.rest();
    if (arrived !== undefined && (handle.maxReceivedAtMs ?? arrived.fromMs) < arrived.fromMs) continue;
    const block = await handle.open();
    const { level } = block;
    await scan.eachRow(block, (row) => {
      if (arrived !== undefined) {
        const atMs = block.receivedAtMsOf(row);
        if (atMs < arrived.fromMs || atMs >= arrived.toMs) return;
      }
      total++;
      counts[level[row]!]!++;
      if (level[row]! >= error) groups.add(block.eventOf(row));
    });
  }
  return { total, counts, errors: groups.newest(limit) };
}
