/** Fills batches: which file is asked when, and for how much. */

import { BatchBuilder } from './batch-builder.ts';
import type { Catalog } from './catalog.ts';
import { BATCH_BYTES, POLL_MS, QUIET_AFTER_MS, QUIET_POLL_MS } from './limits.ts';
import { type Reading, SectionReader } from './section-reader.ts';
import type { Stream } from './stream.ts';

/** Renamed files that are asked before all others. More of them are left only after an outage, and then they are many. */
const REMAINDERS_FIRST = 2;

export class BatchFiller {
  readonly builder = new BatchBuilder();
  readonly reader = new SectionReader();
  /** Bytes after which a batch is full; fewer where the other side takes no such large ones. */
  maxBytes = BATCH_BYTES;
  readonly #catalog: Catalog;
  #turn = 0;

  constructor(catalog: Catalog) {
    this.#catalog = catalog;
  }

  /** Takes what files have to give, each in its turn, until the batch is full or all have been asked. */
  async fill(nowMs: number): Promise<void> {
    const due = [...this.#catalog.streams].filter(
      ({ reader, nextPollMs }) => reader !== undefined && nextPollMs <= nowMs,
    );
    // What is left in renamed files was written before all else. The rest in turns: a day of history must not hold up what
    // is written now, nor the other way round.
    const left = due.filter(({ state, wasLive }) => state === 'rotated' && wasLive).slice(0, REMAINDERS_FIRST);
    const others = due.filter((stream) => !left.includes(stream));
    const first = others.length === 0 ? 0 : this.#turn++ % others.length;
    let asked = [...left, ...others.slice(first), ...others.slice(0, first)];
    while (asked.length > 0) {
      const more: Stream[] = [];
      for (const stream of asked) {
        if (this.isFull) return;
        if (await this.#fillFrom(stream, nowMs)) more.push(stream);
      }
      asked = more;
    }
  }

  /** Whether nothing more goes into the batch, so that files may have more. */
  get isFull(): boolean {
    return this.builder.isFull || this.builder.body.length >= this.maxBytes;
  }

  /** Takes one turn of a file; true where it has more. */
  async #fillFrom(stream: Stream, nowMs: number): Promise<boolean> {
    const watch = this.#catalog.watchOf(stream);
    if (watch === undefined || stream.reader === undefined) return false;
    let reading: Reading;
    try {
      reading = await this.reader.next(stream, watch.joins, this.builder.lineRoom, nowMs);
    } catch (error) {
      await this.#catalog.unreadable(stream, error as Error);
      return false;
    }
    stream.problem = undefined;
    if (reading === 'cut') {
      await this.#catalog.cut(stream);
      return false;
    }
    const isQuiet = nowMs - Math.max(stream.grewMs, stream.sinceMs) > QUIET_AFTER_MS;
    if (reading === 'nothing') {
      stream.nextPollMs = nextTick(nowMs, isQuiet ? QUIET_POLL_MS : POLL_MS);
      return false;
    }
    this.builder.add(watch.labels(stream.file), reading.section, reading.pieces);
    if (!reading.hasMore) stream.nextPollMs = nextTick(nowMs, POLL_MS);
    return reading.hasMore;
  }

  /** How long nobody has to be asked. */
  msToNextPoll(nowMs: number): number {
    let nextMs = Number.POSITIVE_INFINITY;
    for (const stream of this.#catalog.streams) {
      if (stream.reader !== undefined) nextMs = Math.min(nextMs, stream.nextPollMs);
    }
    return Math.min(POLL_MS, Math.max(1, nextMs - nowMs));
  }
}

/** All files are looked at together, so that what a hundred of them have goes out in one batch. */
function nextTick(nowMs: number, everyMs: number): number {
  return (Math.floor(nowMs / everyMs) + 1) * everyMs;
}
