/** Where the bytes of a stream come from: a file, or a file that was compressed since. Both are read at positions of the original. */

import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { closeFile, keyOf, openFile, removedBytes } from './descriptor.ts';

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

/** Opens a file, packed or not. It is held open, whatever becomes of its name. */
export async function openReader(path: string): Promise<StreamReader> {
  const fd = await openFile(path);
  if (!path.endsWith('.gz')) return new PlainReader(fd);
  // Loaded when it is needed: most agents never meet a packed file, and unpacking takes 8 MB on Bun.
  const { GzipReader } = await import('./gzip-reader.ts');
  return new GzipReader(fd);
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

  /** At once: what was just written is in the page cache, and a round trip to the thread pool costs ten times what reading it does. */
  async read(position: number, into: Buffer): Promise<number> {
    let length = 0;
    while (length < into.length) {
      const bytes = readSync(this.#fd, into, length, into.length - length, position + length);
      if (bytes === 0) break;
      length += bytes;
    }
    return length;
  }

  close(): Promise<void> {
    return closeFile(this.#fd);
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
