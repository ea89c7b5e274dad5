/**
 * One path whose bytes are read as they come, over rotation: a file that is renamed is read to its end before the new one under
 * its name is begun, one that became shorter is read from its beginning. For looking, not for keeping: no position survives
 * the program, and what is truncated between two looks is gone. The agent's tail is the one that loses nothing.
 */

import { type FileHandle, open, stat } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import { startOfLast } from './tail-start.ts';

/** Bytes of one read, and of one write where bytes go through as they are. */
export const READ_BYTES = 512 * 1024;

interface OpenFile {
  readonly handle: FileHandle;
  readonly inode: number;
  readonly size: number;
}

export class FollowedFile {
  readonly path: string;
  readonly #buffer: Buffer;
  #file: OpenFile | undefined;
  #position = 0;

  /** @param buffer - to read into; files that are read one after the other share it */
  constructor(path: string, buffer: Buffer) {
    this.path = path;
    this.#buffer = buffer;
  }

  /** Whether it is read as a whole and unpacked, and never grows. */
  get isPacked(): boolean {
    return this.path.endsWith('.gz');
  }

  /** @param lastLines - begin with so many; undefined: with the first. Throws where the file cannot be read. */
  async open(lastLines: number | undefined): Promise<void> {
    this.#file = await openFile(this.path);
    const { handle, size } = this.#file;
    this.#position = lastLines === undefined || this.isPacked ? 0 : await startOfLast(handle, size, lastLines);
  }

  /** What is there and was not read. The bytes are valid until the next are asked for. */
  async *read(): AsyncGenerator<Buffer, void, undefined> {
    const handle = this.#file?.handle;
    if (handle === undefined) return;
    if (this.isPacked) {
      yield* handle.createReadStream({ autoClose: false }).pipe(createGunzip());
      return;
    }
    for (;;) {
      const { bytesRead } = await handle.read(this.#buffer, 0, this.#buffer.length, this.#position);
      if (bytesRead === 0) return;
      this.#position += bytesRead;
      yield this.#buffer.subarray(0, bytesRead);
    }
  }

  /**
   * What has become of the path: `same`; `replaced`, another file has the name; `truncated`, it is shorter than what was read.
   * Between a rename and the new file there is none: the old one goes on.
   */
  async look(): Promise<'same' | 'replaced' | 'truncated'> {
    const facts = await stat(this.path).catch(() => undefined);
    if (facts === undefined || this.#file === undefined) return 'same';
    if (facts.ino !== this.#file.inode) return 'replaced';
    return facts.size < this.#position ? 'truncated' : 'same';
  }

  /** What is read next is the beginning of the file that has the path now. */
  async beginAnew(): Promise<void> {
    const next = await openFile(this.path);
    await this.#file?.handle.close();
    this.#file = next;
    this.#position = 0;
  }

  async close(): Promise<void> {
    await this.#file?.handle.close();
    this.#file = undefined;
  }
}

async function openFile(path: string): Promise<OpenFile> {
  const handle = await open(path);
  const facts = await handle.stat();
  if (!facts.isDirectory()) return { handle, inode: facts.ino, size: facts.size };
  await handle.close();
  throw Object.assign(new Error('a folder'), { code: 'EISDIR' });
}
