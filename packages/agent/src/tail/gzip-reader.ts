import { Readable } from 'node:stream';
import { createGunzip, type Gunzip } from 'node:zlib';
import { closeFile, keyOf, readAt, removedBytes } from './descriptor.ts';
import type { StreamReader } from './readers.ts';

/**
 * A gzip file, unpacked from its beginning on. Positions are those of the bytes that were packed; going back means to begin
 * again, which happens after a restart alone.
 */
export class GzipReader implements StreamReader {
  readonly #fd: number;
  readonly key: string;
  readonly isPacked = true;
  #packed: Readable | undefined;
  #unpacking: Gunzip | undefined;
  #pieces: AsyncIterator<Buffer> | undefined;
  #held = Buffer.alloc(0);
  #heldAt = 0;

  constructor(fd: number) {
    this.#fd = fd;
    this.key = keyOf(fd);
  }

  removedBytes(): number {
    return removedBytes(this.#fd);
  }

  async read(position: number, into: Buffer): Promise<number> {
    if (position < this.#heldAt || this.#pieces === undefined) this.#begin();
    while (this.#heldAt + this.#held.length < position + into.length) {
      const { value, done } = await this.#pieces!.next();
      if (done === true) break;
      this.#drop(position);
      const piece = value as Buffer;
      const skipped = this.#held.length === 0 ? Math.min(piece.length, Math.max(0, position - this.#heldAt)) : 0;
      this.#heldAt += skipped;
      this.#held = Buffer.concat([this.#held, piece.subarray(skipped)]);
    }
    this.#drop(position);
    const from = position - this.#heldAt;
    return from > this.#held.length ? 0 : this.#held.copy(into, 0, from);
  }

  /** Lets go of what lies before a position. */
  #drop(position: number): void {
    const count = Math.min(this.#held.length, Math.max(0, position - this.#heldAt));
    if (count === 0) return;
    this.#held = this.#held.subarray(count);
    this.#heldAt += count;
  }

  #begin(): void {
    this.#end();
    this.#heldAt = 0;
    this.#held = Buffer.alloc(0);
    const unpacking = createGunzip();
    this.#unpacking = unpacking;
    // Not a stream of `node:fs`, which closes its descriptor with itself.
    this.#packed = Readable.from(piecesOf(this.#fd)).on('error', (error) => unpacking.destroy(error));
    this.#packed.pipe(unpacking);
    this.#pieces = unpacking[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  }

  close(): Promise<void> {
    this.#end();
    return closeFile(this.#fd);
  }

  #end(): void {
    this.#packed?.destroy();
    // The error of a file that ends too early is told by `read`; one that comes while it is being closed is nobody's.
    this.#unpacking?.on('error', () => {}).destroy();
    this.#pieces = undefined;
  }
}

const PACKED_PIECE_BYTES = 64 * 1024;

async function* piecesOf(fd: number): AsyncGenerator<Buffer, void, undefined> {
  for (let position = 0; ; ) {
    const piece = Buffer.allocUnsafe(PACKED_PIECE_BYTES);
    const bytes = await readAt(fd, piece, position);
    if (bytes === 0) return;
    yield piece.subarray(0, bytes);
    position += bytes;
  }
}
