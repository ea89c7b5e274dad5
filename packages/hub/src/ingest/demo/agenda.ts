/**
 * What is still to happen, earliest first: a binary heap. Entries of the same moment come out in the order they were
 * put in, since the demo has to be repeatable to the byte.
 */
export class Agenda<T> {
  readonly #heap: Entry<T>[] = [];
  #entriesAdded = 0;

  /** Time of the earliest entry; Infinity where there is none. */
  get nextNs(): number {
    return this.#heap[0]?.atNs ?? Number.POSITIVE_INFINITY;
  }

  add(atNs: number, what: T): void {
    const heap = this.#heap;
    const entry: Entry<T> = { atNs, order: this.#entriesAdded++, what };
    let at = heap.length;
    heap.push(entry);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!isBefore(entry, heap[parent]!)) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = entry;
  }

  /** Takes the earliest entry out; undefined where there is none. */
  take(): { readonly atNs: number; readonly what: T } | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) return first;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child++;
      if (!isBefore(heap[child]!, last)) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = last;
    return first;
  }
}

interface Entry<T> {
  readonly atNs: number;
  readonly order: number;
  readonly what: T;
}

function isBefore<T>(one: Entry<T>, other: Entry<T>): boolean {
  return one.atNs < other.atNs || (one.atNs === other.atNs && one.order < other.order);
}
