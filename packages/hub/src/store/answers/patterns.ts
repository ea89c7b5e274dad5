/**
 * Messages grouped into patterns. Chunks have done most of it when they were written: the lines of a chunk are some hundred
 * templates, so that what is counted is which template each line has, and only templates are compared with each other.
 */

import { LEVELS, PatternMiner, STAND_IN } from '@flywatch/core';
import type { RowBlock } from '../format/row-block.ts';
import { LITERAL } from '../format/text-column-writer.ts';
import type { FoundPattern, Looked, PatternsAnswer, PatternsQuestion, TimeRange } from '../questions.ts';
import { ROWS_PER_LOOK, Scan } from './scan.ts';
import type { Pace, Snapshot } from './snapshot.ts';

/** Characters of an example that are told. */
const EXAMPLE_CHARS = 1000;

/** What is known of the lines of one form. */
interface Tally {
  count: number;
  baselineCount: number;
  readonly levels: number[];
  firstMs: number;
  lastMs: number;
  example: FoundPattern['example'] | undefined;
}

export async function answerPatterns(
  snapshot: Snapshot,
  pace: Pace,
  { selection, range, baseline, limit, patienceMs }: PatternsQuestion,
): Promise<PatternsAnswer> {
  const miner = new PatternMiner<Tally>({ merge });
  const look = async (within: TimeRange, untilMs: number, isBaseline: boolean): Promise<Looked> => {
    const scan = new Scan(snapshot, pace, selection, within);
    let events = 0;
    let backToMs = Number.POSITIVE_INFINITY;
    for await (const handle of scan.walk('time-desc')) {
      if (pace.elapsedMs() > untilMs) return { events, backToMs: Math.min(backToMs, handle.maxTimeMs) };
      await pace.rest();
      const block = await handle.open();
      events += await countBlock(scan, block, miner, isBaseline);
      backToMs = Math.min(backToMs, block.minTimeMs);
    }
    return { events, backToMs: undefined };
  };
  const looked = await look(range, baseline === undefined ? patienceMs : patienceMs / 2, false);
  const before = baseline === undefined ? undefined : await look(baseline, patienceMs, true);
  const all = ({ tally }: { readonly tally: Tally }) => tally.count + tally.baselineCount;
  const patterns = miner.patterns().sort((a, b) => all(b) - all(a) || compare(a.pattern, b.pattern));
  return {
    patterns: patterns.slice(0, limit).map(({ pattern, tally: { firstMs, lastMs, example, ...counts } }) => {
      return { pattern, ...counts, firstSeenMs: firstMs, lastSeenMs: lastMs, example: example! };
    }),
    found: patterns.length,
    looked,
    baseline: before,
  };
}

/** Rows of one template in one block, or a row without one. */
interface Counted {
  readonly text: string;
  readonly tally: Tally;
  /** Row of the newest. */
  newest: number;
}

/** Hands the rows of a block to the miner, a template at a time; says how many rows there were. */
async function countBlock(
  scan: Scan,
  block: RowBlock,
  miner: PatternMiner<Tally>,
  isBaseline: boolean,
): Promise<number> {
  const { messages, level, timeMs } = block;
  const ofTemplate: (Counted | undefined)[] = [];
  let rows = 0;
  const begin = (row: number) => ({ tally: newTally(timeMs[row]!), newest: row });
  const count = (group: Counted, row: number) => {
    const { tally } = group;
    const atMs = timeMs[row]!;
    if (isBaseline) tally.baselineCount++;
    else {
      tally.count++;
      tally.levels[level[row]!]!++;
    }
    if (atMs < tally.firstMs) tally.firstMs = atMs;
    if (atMs < tally.lastMs) return;
    tally.lastMs = atMs;
    group.newest = row;
  };
  /** Tallies whose newest event is in this block: few, since blocks come newest first. */
  const newestHere = new Map<Tally, number>();
  const mine = ({ text, tally, newest }: Counted) => {
    const { lastMs } = tally;
    const into = miner.add(text, tally);
    if (into.lastMs === lastMs) newestHere.set(into, newest);
  };
  await scan.eachRow(block, (row) => {
    rows++;
    const template = messages?.templateOf[row] ?? LITERAL;
    let group = ofTemplate[template];
    if (group === undefined && template !== LITERAL) {
      const { text } = messages!.templates[template]!;
      if (!hidesLetters(text)) {
        group = { ...begin(row), text };
        ofTemplate[template] = group;
      }
    }
    if (group !== undefined) {
      count(group, row);
      return;
    }
    const alone = { ...begin(row), text: block.messageOf(row) };
    count(alone, row);
    mine(alone);
  });
  for (const [template, group] of ofTemplate.entries()) {
    if (template % ROWS_PER_LOOK === 0) await scan.pace.rest();
    if (group !== undefined) mine(group);
  }
  for (const [tally, row] of newestHere) tally.example = exampleOf(block, row);
  return rows;
}

/** Whether what varies may be the code of a letter, as in JSON's `\u00e9`: its lines are told one by one. */
function hidesLetters(template: string): boolean {
  return template.startsWith('{') && template.includes(`\\${STAND_IN}`);
}

function newTally(atMs: number): Tally {
  return {
    ...{ count: 0, baselineCount: 0, levels: LEVELS.map(() => 0) },
    ...{ firstMs: atMs, lastMs: atMs, example: undefined },
  };
}

/** Times and example are those of the range, and of the baseline where the range has none. */
function merge(into: Tally, from: Tally): void {
  const isOfBaseline = into.count > 0 && from.count === 0;
  const replaces = into.count === 0 && from.count > 0;
  into.count += from.count;
  into.baselineCount += from.baselineCount;
  for (const [rank, count] of from.levels.entries()) into.levels[rank]! += count;
  if (isOfBaseline) return;
  if (replaces || from.firstMs < into.firstMs) into.firstMs = from.firstMs;
  if (!replaces && from.lastMs < into.lastMs) return;
  into.lastMs = from.lastMs;
  into.example = from.example ?? into.example;
}

function exampleOf(block: RowBlock, row: number): FoundPattern['example'] {
  const { id, message, level, app, instance } = block.eventOf(row);
  return { id, level, app, instance, message: message.slice(0, EXAMPLE_CHARS).toWellFormed() };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
