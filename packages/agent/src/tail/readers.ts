/** Where the bytes of a stream come from: a file, or a file that was compressed since. Both are read at positions of the original. */

import {
  close,
  closeSync,
  createReadStream,
  fstatSync,
  open,
  openSync,
  type ReadStream,
  read,
  readSync,
} from 'node:fs';
import { promisify } from 'node:util';
import { createGunzip, type Gunzip } from 'node:zlib';

export interface StreamReader {
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

/** A file that is held open, whatever becomes of its name. */
export class PlainReader implements StreamReader {
  readonly fd: number;

  private constructor(fd: number) {
    this.fd = fd;
  }

  /** Device and inode of what is open. */
  get key(): string {
    const { dev, ino } = fstatSync(this.fd, { bigint: true });
    return `${dev}:${ino}`;
  }

  static async open(path: string): Promise<PlainReader> {
    return new PlainReader(await openFile(path, 'r'));
  }

  async read(position: number, into: Buffer): Promise<number> {
    let length = 0;
    while (length < into.length) {
      const bytes = await readAt(this.fd, into, length, position + length);
      if (bytes === 0) break;
      length += bytes;
    }
    return length;
  }

  close(): Promise<void> {
    return closeFile(this.fd);
  }
}

/**
 * A gzip file, unpacked from its beginning on. Positions are those of the bytes that were packed; going back means to begin
 * again, which happens after a restart alone.
 */
export class GzipReader implements StreamReader {
  readonly #path: string;
  #file: ReadStream | undefined;
  #unpacking: Gunzip | undefined;
  #pieces: AsyncIterator<Buffer> | undefined;
  #held = Buffer.alloc(0);
  #heldAt = 0;

  constructor(path: string) {
    this.#path = path;
  }

  async read(position: number, into: Buffer): Promise<number> {
    if (position < this.#heldAt || this.#pieces === undefined) await this.#begin();
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

  async #begin(): Promise<void> {
    await this.close();
    this.#heldAt = 0;
    this.#held = Buffer.alloc(0);
    const unpacking = createGunzip();
    this.#unpacking = unpacking;
    this.#file = createReadStream(this.#path).on('error', (error) => unpacking.destroy(error));
    this.#file.pipe(unpacking);
    this.#pieces = unpacking[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  }

  async close(): Promise<void> {
    this.#file?.destroy();
    // The error of a file that ends too early is told by `read`; one that comes while it is being closed is nobody's.
    this.#unpacking?.on('error', () => {}).destroy();
    this.#pieces = undefined;
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
