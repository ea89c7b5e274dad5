/**
 * What a hub has of one origin, in the hub's order: which of the origin's events stand at which of its positions. Both numbers
 * only grow along a track, so that either is found from the other by bisection. Events that follow each other in both are one
 * stretch, and only the newest stretches are held.
 *
 *   the origin counts      1 2 3       4 5           6 ...
 *   the hub's positions    7 8 9 · · · 13 14 · · · · 19 ...      in between: events of other origins
 */

/** How far an origin was heard: so many events of a run, and whatever came of its earlier runs. */
export interface Heard {
  readonly run: number;
  readonly sent: number;
}

/** Events at consecutive positions, `first` is that of the first one; `sent` counts up to the last. Without events: what was heard from `first` on. */
export interface Stretch extends Heard {
  readonly first: number;
  readonly count: number;
}

/** Whether `one` was heard further than `other`. */
export function isBeyond(one: Heard, other: Heard): boolean {
  return one.run === other.run ? one.sent > other.sent : one.run > other.run;
}

export class Track {
  readonly #stretches: { -readonly [K in keyof Stretch]: Stretch[K] }[] = [];
  #before: Heard;

  constructor(before: Heard) {
    this.#before = before;
  }

  /** What was heard before the first stretch. */
  get before(): Heard {
    return this.#before;
  }

  /** Stretches held. */
  get size(): number {
    return this.#stretches.length;
  }

  /** How far the origin was heard. */
  get last(): Heard {
    return this.#stretches.at(-1) ?? this.#before;
  }

  /** Position of the newest entry. */
  get end(): number {
    const last = this.#stretches.at(-1);
    return last === undefined ? 0 : last.first + Math.max(last.count, 1) - 1;
  }

  /** Position of the entry in the middle of those that are held. */
  get middle(): number {
    return this.#stretches[this.#stretches.length >> 1]?.first ?? 0;
  }

  /** Adds what comes after everything else. What is there already, in whole or in part, is left out. */
  add({ first, count, run, sent }: Stretch): void {
    const { last, end } = this;
    if (!isBeyond({ run, sent }, last)) return;
    const known = run === last.run ? Math.max(0, last.sent - (sent - count)) : 0;
    const from = first + known;
    if (count === 0 ? from < end : from <= end) return;
    const newest = this.#stretches.at(-1);
    const follows = run === last.run && sent - count + known === last.sent && from === end + 1;
    if (newest !== undefined && newest.count > 0 && count > 0 && follows) {
      newest.count += count - known;
      newest.sent = sent;
    } else {
      this.#stretches.push({ first: from, count: count - known, run, sent });
    }
  }

  /** How far the origin was heard by whoever has seen everything up to a position. */
  heardAt(position: number): Heard {
    const stretch = this.#stretches[this.#indexAfter(position) - 1];
    if (stretch === undefined) return this.#before;
    const { first, count, run, sent } = stretch;
    return { run, sent: sent - count + Math.min(count, position - first + 1) };
  }

  /** The event at a position; undefined where none of this origin stands there. */
  eventAt(position: number): Heard | undefined {
    const stretch = this.#stretches[this.#indexAfter(position) - 1];
    return stretch !== undefined && position < stretch.first + stretch.count ? this.heardAt(position) : undefined;
  }

  /** Position of an event; undefined where it is not held. */
  positionOf({ run, sent }: Heard): number | undefined {
    const stretch = this.#stretches[this.#indexBeyond({ run, sent: sent - 1 })];
    if (stretch === undefined || stretch.run !== run) return undefined;
    const before = stretch.sent - stretch.count;
    return sent > before ? stretch.first + sent - before - 1 : undefined;
  }

  /** Position of the newest event that whoever has heard so far has seen; 0 where there is none. */
  seenTo(heard: Heard): number {
    let index = this.#indexBeyond(heard);
    const partial = this.#stretches[index];
    if (partial !== undefined && partial.run === heard.run) {
      const seen = heard.sent - (partial.sent - partial.count);
      if (seen > 0) return partial.first + seen - 1;
    }
    while (index-- > 0) {
      const { first, count } = this.#stretches[index]!;
      if (count > 0) return first + count - 1;
    }
    return 0;
  }

  /** Position of the first event, or of the mark of a loss, that whoever has heard so far has not seen; infinite where there is none. */
  unseenFrom(heard: Heard): number {
    for (let index = this.#indexBeyond(heard); index < this.#stretches.length; index++) {
      const { first, count, run, sent } = this.#stretches[index]!;
      if (count > 0) return first + (run === heard.run ? Math.max(0, heard.sent - (sent - count)) : 0);
      const previous = this.#stretches[index - 1] ?? this.#before;
      // More was sent, and nothing came: a mark stands there. The beginning of a run is nothing to see.
      if (run === previous.run) return first;
    }
    return Number.POSITIVE_INFINITY;
  }

  /** What stands after a position, in order. */
  *after(position: number): IterableIterator<Stretch> {
    const from = this.#indexAfter(position);
    for (let index = Math.max(0, from - 1); index < this.#stretches.length; index++) {
      const { first, count, run, sent } = this.#stretches[index]!;
      const seen = Math.max(0, position - first + 1);
      if (seen === 0) yield { first, count, run, sent };
      else if (seen < count) yield { first: first + seen, count: count - seen, run, sent };
    }
  }

  /** Lets go of what ends before a position. */
  forget(position: number): void {
    const gone = this.#stretches.findIndex(({ first, count }) => first + count > position);
    const removed = this.#stretches.splice(0, gone === -1 ? this.#stretches.length : gone);
    const newest = removed.at(-1);
    if (newest !== undefined) this.#before = { run: newest.run, sent: newest.sent };
  }

  /** Index of the first stretch that begins after a position. */
  #indexAfter(position: number): number {
    return firstIndex(this.#stretches, ({ first }) => first > position);
  }

  /** Index of the first stretch that ends beyond what was heard. */
  #indexBeyond(heard: Heard): number {
    return firstIndex(this.#stretches, (stretch) => isBeyond(stretch, heard));
  }
}

/** Index of the first item that passes; all after it do too. */
function firstIndex<T>(items: readonly T[], passes: (item: T) => boolean): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (passes(items[middle]!)) high = middle;
    else low = middle + 1;
  }
  return low;
}
