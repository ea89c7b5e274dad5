/**
 * One path whose bytes are read as they come, over rotation: a file that is renamed is read to its end before the new one under
 * its name is begun, one that became shorter is read from its beginning. For looking, not for keeping: no position survives
 * the program, and what is truncated between two looks is gone. The agent's tail is the one that loses nothing.
 */

import { type FileHandle, open, stat } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import { startOfLast } from './tail-start.ts';

/** Bytes of one read, and of one write where bytes go through as they are. */
const READ_BYTES = 512 * 1024;

export class FollowedFile {
  readonly path: string;
  readonly #buffer = Buffer.allocUnsafe(READ_BYTES);
  #file: FileHandle | undefined;
  #inode = -1;
  #position = 0;

  constructor(path: string) {
    this.path = path;
  }

  get isOpen(): boolean {
    return this.#file !== undefined;
  }

  /** @param lastLines - begin with so many; undefined: with the first. Throws where the file cannot be read. */
  async open(lastLines: number | undefined): Promise<void> {
    const file = await open(this.path);
    const facts = await file.stat();
    if (facts.isDirectory()) {
      await file.close();
      throw Object.assign(new Error('a folder'), { code: 'EISDIR' });
    }
    this.#inode = facts.ino;
    this.#position = lastLines === undefined ? 0 : await startOfLast(file, facts.size, lastLines);
    this.#file = file;
  }

  /** What is there and was not read. The bytes are valid until the next are asked for. */
  async *read(): AsyncGenerator<Buffer, void, undefined> {
    for (let file = this.#file; file !== undefined; ) {
      const { bytesRead } = await file.read(this.#buffer, 0, READ_BYTES, this.#position);
      if (bytesRead === 0) return;
      this.#position += bytesRead;
      yield this.#buffer.subarray(0, bytesRead);
    }
  }

  /** Everything, unpacked where it is packed with gzip. */
  async *readWhole(): AsyncGenerator<Buffer, void, undefined> {
    if (!this.path.endsWith('.gz')) yield* this.read();
    else if (this.#file !== undefined) {
      yield* this.#file.createReadStream({ autoClose: false }).pipe(createGunzip());
    }
  }

  /**
   * What has become of the path: `same`; `begun-anew`, where what follows is the beginning of a file. The old one was read to its
   * end, since its writer goes on for a moment: so this is to be called after {@link read}, and `read` once more after it.
   */
  async look(): Promise<'same' | 'begun-anew'> {
    const facts = await stat(this.path).catch(() => undefined);
    // Between the rename and the new file there is none: the old one goes on.
    if (facts === undefined || this.#file === undefined) return 'same';
    if (facts.ino !== this.#inode) {
      const next = new FollowedFile(this.path);
      await next.open(undefined);
      await this.#file.close();
      this.#file = next.#file;
      this.#inode = next.#inode;
    } else if (facts.size >= this.#position) return 'same';
    this.#position = 0;
    return 'begun-anew';
  }

  async close(): Promise<void> {
    await this.#file?.close();
    this.#file = undefined;
  }
}
