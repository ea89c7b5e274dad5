/**
 * Memory that V8 does not see. Batches, columns and unpacked blocks are byte arrays: a few small objects in the heap, and
 * megabytes beside it. The collector runs when the heap fills up, which those small objects take minutes to do, and until
 * then the megabytes stay. So a thread that is through with many bytes says so here, and now and then its heap is collected
 * for their sake. The heaps of the store's threads are small: it takes
 * some milliseconds.
 *
 * Needs `--expose-gc`, which the launcher of the hub sets; without it V8 does as it thinks best, and some 100 MB more are held.
 */

/** What one call that unpacks zstd leaves behind, besides its output: Node frees the context when its small object is collected. */
export const UNPACKING_BYTES = 256 * 1024;

/**
 * Bytes let go between two collections, by what is collected. Counting a phrase over ten million events takes 1.6 s of CPU with a major
 * collection every 16 MB, and 1.0 s with one every 48; four such scans at once then take 10 MB more.
 */
const COLLECT_EVERY_BYTES = { minor: 8 * 1024 * 1024, major: 48 * 1024 * 1024 };

export class OutsideHeap {
  readonly #type: keyof typeof COLLECT_EVERY_BYTES;
  #letGo = 0;

  /** @param type - `minor` where the bytes are never held for long, `major` where they outlive some collections */
  constructor(type: keyof typeof COLLECT_EVERY_BYTES) {
    this.#type = type;
  }

  /** Says that so many bytes outside the heap are not needed any more. */
  letGo(bytes: number): void {
    this.#letGo += bytes;
    if (this.#letGo < COLLECT_EVERY_BYTES[this.#type]) return;
    this.#letGo = 0;
    globalThis.gc?.({ type: this.#type, execution: 'sync' });
  }
}
