/** Who has said how much, and how much of it was errors, over time. */

import type { Origin, OriginCounts, OriginsAnswer, OriginsQuestion } from '../questions.ts';
import { CELL, countOrigins, originKey } from './block-origins.ts';
import type { Pace, Snapshot } from './snapshot.ts';

const MINUTE_MS = 60_000;

/** Origins of one answer: those of 500 machines. Machines made up by the million are not told, which `truncated` says. */
const MAX_ORIGINS = 2000;

export async function answerOrigins(
  snapshot: Snapshot,
  pace: Pace,
  { fromMs, stepMs, buckets }: OriginsQuestion,
): Promise<OriginsAnswer> {
  const toMs = fromMs + buckets * stepMs;
  const range = { from: { ms: fromMs, nanos: 0 }, to: { ms: toMs, nanos: 0 } };
  const table = new OriginTable(buckets);
  for (const row of (await snapshot.origins?.({ fromMs, stepMs, buckets })) ?? []) {
    table.add(row.origin, row.bucket, row.lines, row.errors, row.lastMs);
  }
  for (const handle of await snapshot.blocks(range)) {
    await pace.rest();
    const { identity } = handle;
    let counted = identity === undefined ? undefined : snapshot.keptOrigins?.get(identity);
    if (counted === undefined) {
      counted = await countOrigins(await handle.open(), pace);
      if (identity !== undefined) snapshot.keptOrigins?.set(identity, counted);
    }
    const { origins, cells } = counted;
    for (let at = 0; at < cells.length; at += CELL.size) {
      const minuteMs = cells[at + CELL.minute]! * MINUTE_MS;
      if (minuteMs < fromMs || minuteMs >= toMs) continue;
      const lastMs = cells[at + CELL.lastSecond]! * 1000;
      const bucket = Math.floor((minuteMs - fromMs) / stepMs);
      table.add(origins[cells[at + CELL.origin]!]!, bucket, cells[at + CELL.lines]!, cells[at + CELL.errors]!, lastMs);
    }
  }
  return { origins: [...table.counts], truncated: table.truncated };
}

class OriginTable {
  readonly #counts = new Map<string, { -readonly [K in keyof OriginCounts]: OriginCounts[K] }>();
  /** Keys of origins, which are shared by all cells of a block. */
  readonly #keys = new WeakMap<Origin, string>();
  readonly #buckets: number;
  truncated = false;

  constructor(buckets: number) {
    this.#buckets = buckets;
  }

  get counts(): Iterable<OriginCounts> {
    return this.#counts.values();
  }

  add(origin: Origin, bucket: number, lines: number, errors: number, lastMs: number): void {
    let key = this.#keys.get(origin);
    if (key === undefined) {
      key = originKey(origin);
      this.#keys.set(origin, key);
    }
    let counts = this.#counts.get(key);
    if (counts === undefined) {
      if (this.#counts.size >= MAX_ORIGINS) {
        this.truncated = true;
        return;
      }
      counts = { origin, lines: new Uint32Array(this.#buckets), errors: new Uint32Array(this.#buckets), lastMs: 0 };
      this.#counts.set(key, counts);
    }
    counts.lines[bucket]! += lines;
    counts.errors[bucket]! += errors;
    counts.lastMs = Math.max(counts.lastMs, lastMs);
  }
}
