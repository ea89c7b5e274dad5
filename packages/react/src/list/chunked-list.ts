/**
 * A list for lines that come at one end, are loaded at the other, and go when there are too many. Every change makes a new
 * list that shares nearly everything with the one before, so that a component can hold one while the next is made:
 *
 *     chunks    [ 512 items ][ 512 items ][ 87 items, room for more ]
 *     first ─────┘                                    end ┘
 *
 * An append writes behind the end of the last chunk, where no older list looks, and copies some hundred references at most.
 * Positions are names that stay: what is put before the first item gets smaller ones (they may be negative), so that
 * neither heights nor places have to be counted anew.
 */

/** Items of a chunk: copying one is cheap, and 100,000 items are 200 chunks. */
const CHUNK_ITEMS = 512;

interface Chunk<T> {
  /** Position of the first item. */
  readonly start: number;
  /** May be longer than a list that shares it can see. */
  readonly items: T[];
}

export class ChunkedList<T> implements Iterable<T> {
  /** Position of the first item. */
  readonly first: number;
  /** Position after the last item. */
  readonly end: number;
  readonly #chunks: readonly Chunk<T>[];

  private constructor(first: number, end: number, chunks: readonly Chunk<T>[]) {
    this.first = first;
    this.end = end;
    this.#chunks = chunks;
  }

  static from<T>(items: readonly T[] = []): ChunkedList<T> {
    return new ChunkedList<T>(0, 0, []).append(items);
  }

  get length(): number {
    return this.end - this.first;
  }

  /** The item at a position; undefined outside of `first` to `end`. */
  at(position: number): T | undefined {
    if (position < this.first || position >= this.end) return undefined;
    const { start, items } = this.#chunks[this.#chunkOf(position)]!;
    return items[position - start];
  }

  append(items: readonly T[]): ChunkedList<T> {
    if (items.length === 0) return this;
    const chunks = this.#chunks.slice();
    let end = this.end;
    let taken = 0;
    const last = chunks.at(-1);
    if (last !== undefined && end - last.start < CHUNK_ITEMS) {
      const seen = end - last.start;
      // Another list has appended to the shared chunk already: its items are not ours.
      const own = last.items.length === seen ? last.items : last.items.slice(0, seen);
      while (taken < items.length && own.length < CHUNK_ITEMS) own.push(items[taken++]!);
      chunks[chunks.length - 1] = { start: last.start, items: own };
      end += taken;
    }
    for (; taken < items.length; taken += CHUNK_ITEMS) {
      const part = items.slice(taken, taken + CHUNK_ITEMS);
      chunks.push({ start: end, items: part });
      end += part.length;
    }
    return new ChunkedList(this.first, end, chunks);
  }

  prepend(items: readonly T[]): ChunkedList<T> {
    return this.insert(this.first, items);
  }

  /** Puts items before the one at `position`. What stands before them gives way: its positions get smaller. */
  insert(position: number, items: readonly T[]): ChunkedList<T> {
    if (items.length === 0) return this;
    const shift = items.length;
    const before = this.#cut(this.first, position).map(({ start, items }) => ({ start: start - shift, items }));
    const between = ChunkedList.from(items).#chunks.map(({ start, items }) => ({
      start: start + position - shift,
      items,
    }));
    return new ChunkedList(this.first - shift, this.end, [...before, ...between, ...this.#cut(position, this.end)]);
  }

  /** The same list with another item at a position that it has. */
  replace(position: number, item: T): ChunkedList<T> {
    if (position < this.first || position >= this.end) return this;
    const chunks = this.#chunks.slice();
    const index = this.#chunkOf(position);
    const { start, items } = chunks[index]!;
    const copy = items.slice(0, this.end - start);
    copy[position - start] = item;
    chunks[index] = { start, items: copy };
    return new ChunkedList(this.first, this.end, chunks);
  }

  /** Without the item at a position. What stands before it moves up. */
  remove(position: number): ChunkedList<T> {
    if (position < this.first || position >= this.end) return this;
    const before = this.#cut(this.first, position).map(({ start, items }) => ({ start: start + 1, items }));
    return new ChunkedList(this.first + 1, this.end, [...before, ...this.#cut(position + 1, this.end)]);
  }

  dropFirst(count: number): ChunkedList<T> {
    if (count <= 0) return this;
    const first = Math.min(this.end, this.first + count);
    if (first === this.end) return new ChunkedList<T>(first, first, []);
    return new ChunkedList(first, this.end, this.#chunks.slice(this.#chunkOf(first)));
  }

  *[Symbol.iterator](): Generator<T, void, undefined> {
    yield* this.between(this.first, this.end);
  }

  /** The items from one position up to another. */
  *between(from: number, to: number): Generator<T, void, undefined> {
    for (const { start, items } of this.#cut(Math.max(from, this.first), Math.min(to, this.end))) {
      const last = Math.min(items.length, to - start, this.end - start);
      for (let i = Math.max(0, from - start, this.first - start); i < last; i++) yield items[i]!;
    }
  }

  /** The chunks of a stretch, those at its ends cut to it. */
  #cut(from: number, to: number): Chunk<T>[] {
    const cut: Chunk<T>[] = [];
    if (from >= to) return cut;
    for (let i = this.#chunkOf(from); i < this.#chunks.length; i++) {
      const { start, items } = this.#chunks[i]!;
      if (start >= to) break;
      const end = Math.min(start + items.length, this.end, to);
      const begin = Math.max(start, from);
      const isWhole = begin === start && end === start + items.length;
      cut.push(isWhole ? { start, items } : { start: begin, items: items.slice(begin - start, end - start) });
    }
    return cut;
  }

  /** Index of the chunk that holds a position of the list. */
  #chunkOf(position: number): number {
    let low = 0;
    let high = this.#chunks.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#chunks[middle]!.start <= position) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}
