/**
 * Shared memory for batches, used again and again. V8 does not count it, and at a hundred thousand events a second 34 MB of it are
 * through with every second: left to the collector it would be some hundred megabytes at any time.
 */

/** Buffers are made in multiples of this, so that one fits many batches. */
const STEP_BYTES = 64 * 1024;

/** Bytes that wait to be used again: what a busy hub has on its way to disk. More is left to the collector. */
const MAX_FREE_BYTES = 4 * 1024 * 1024;

export class BatchMemory {
  #free: SharedArrayBuffer[] = [];
  #freeBytes = 0;

  /** A buffer of so many bytes or more; what it held before is still in it. */
  take(bytes: number): SharedArrayBuffer {
    const at = this.#free.findIndex(({ byteLength }) => byteLength >= bytes);
    if (at === -1) return new SharedArrayBuffer(Math.ceil(bytes / STEP_BYTES) * STEP_BYTES);
    const [buffer] = this.#free.splice(at, 1);
    this.#freeBytes -= buffer!.byteLength;
    return buffer!;
  }

  /** Takes back a buffer that nobody reads any more, in no thread. */
  giveBack(buffer: SharedArrayBuffer): void {
    if (this.#freeBytes + buffer.byteLength > MAX_FREE_BYTES) return;
    this.#free.push(buffer);
    this.#freeBytes += buffer.byteLength;
  }
}
