/**
 * A ring of the newest items under absolute indexes: item `index` keeps its index for as long as it is held, and indexes
 * run on without gaps. Knows nothing of what it holds. Pushing is O(1) and never moves an item.
 */
export class RingBuffer<T> {
  #slots: (T | undefined)[];
  #first: number;
  #end: number;

  /** `capacity` items at most; indexes begin at `firstIndex`. */
  constructor(capacity: number, firstIndex = 0) {
    if (!Number.isSafeInteger(capacity) || capacity < 1) {
      throw new RangeError(`ring capacity ${capacity}: expected a positive whole number`);
    }
    this.#slots = new Array<T | undefined>(capacity);
    this.#first = firstIndex;
    this.#end = firstIndex;
  }

  get capacity(): number {
    return this.#slots.length;
  }

  get size(): number {
    return this.#end - this.#first;
  }

  /** Index of the oldest item held; equal to `end` when there is none. */
  get first(): number {
    return this.#first;
  }

  /** Index that the next item will get. */
  get end(): number {
    return this.#end;
  }

  /** Adds an item and returns the one that had to leave for it, if any. */
  push(item: T): T | undefined {
    const slot = this.#end % this.#slots.length;
    const evicted = this.size === this.#slots.length ? this.shift() : undefined;
    this.#slots[slot] = item;
    this.#end++;
    return evicted;
  }

  /** Removes and returns the oldest item. */
  shift(): T | undefined {
    if (this.#first === this.#end) return undefined;
    const slot = this.#first % this.#slots.length;
    const item = this.#slots[slot];
    this.#slots[slot] = undefined;
    this.#first++;
    return item;
  }

  /** The item at an absolute index, or undefined where it is not held. */
  at(index: number): T | undefined {
    return index >= this.#first && index < this.#end ? this.#slots[index % this.#slots.length] : undefined;
  }
}
