/** Where the bytes of a stream come from: a file, or a file that was compressed since. Both are read at positions of the original. */

import { close, closeSync, fstatSync, open, openSync, read, readSync } from 'node:fs';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { createGunzip, type Gunzip } from 'node:zlib';

export interface StreamReader {
  /** Device and inode. */
  readonly key: string;
  /** Whether it is unpacked from its beginning on, so that going back is dear. */
  readonly isPacked: boolean;
  /** Bytes on disk that are there only because it is open: its name is gone. 0 while it has one. */
  removedBytes(): number;
  /** Reads at a position into `into`; fewer bytes than asked for only at the end of what there is. */
  read(position: number, into: Buffer): Promise<number>;
  close(): Promise<void>;
}

const openFile = promisify(open);
const closeFile = promisify(close);

function readAt(fd: number, into: Buffer, offset: number, position: number): Promise<number> {
  return new Promise((resolve, reject) => {
    read(fd, into, offset, into.length - offset, position, (error, bytes) => (error ? reject(error) : resolve(bytes)));
  });
}

/** Device and inode of what is open. */
function keyOf(fd: number): string {
  const { dev, ino } = fstatSync(fd, { bigint: true });
  return `${dev}:${ino}`;
}

function removedBytes(fd: number): number {
  const { nlink, size } = fstatSync(fd);
  return nlink === 0 ? size : 0;
}

/** Opens a file, packed or not. It is held open, whatever becomes of its name. */
export async function openReader(path: string): Promise<StreamReader> {
  const fd = await openFile(path, 'r');
  return path.endsWith('.gz') ? new GzipReader(fd) : new PlainReader(fd);
}

class PlainReader implements StreamReader {
  readonly #fd: number;
  readonly key: string;
  readonly isPacked = false;

  constructor(fd: number) {
    this.#fd = fd;
    this.key = keyOf(fd);
  }

  removedBytes(): number {
    return removedBytes(this.#fd);
  }

  async read(position: number, into: Buffer): Promise<number> {
    let length = 0;
    while (length < into.length) {
      const bytes = await readAt(this.#fd, into, length, position + length);
      if (bytes === 0) break;
      length += bytes;
    }
    return length;
  }

  close(): Promise<void> {
    return closeFile(this.#fd);
  }
}

/**
 * A gzip file, unpacked from its beginning on. Positions are those of the bytes that were packed; going back means to begin
 * again, which happens after a restart alone.
 */
class GzipReader implements StreamReader {
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
    const bytes = await readAt(fd, piece, 0, position);
    if (bytes === 0) return;
    yield piece.subarray(0, bytes);
    position += bytes;
  }
}

/** What a gzip file says it unpacks to, modulo 4 GB: its last four bytes. Undefined where it cannot be read. */
export function unpackedBytes(path: string): number | undefined {
  let fd: number | undefined;
  try {
    fd = openSync(path, 'r');
    const { size } = fstatSync(fd);
    const last = Buffer.allocUnsafe(4);
    return readSync(fd, last, 0, 4, Math.max(0, size - 4)) === 4 ? last.readUInt32LE() : undefined;
  } catch {
    // Gone since it was looked at: the next look tells.
    return undefined;
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}
