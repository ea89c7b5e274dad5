/** The kernel's texts under `/proc` and `/sys`, read without a process and without new buffers. */

import { closeSync, openSync, readdirSync, readlinkSync, readSync } from 'node:fs';

/** What is read at most of one file. `/proc/stat` of a machine with 1,000 cores has 300 KB. */
const MAX_BYTES = 1024 * 1024;

/** Holds nearly every file whole, so that a second read only finds the end. */
const BUFFER_BYTES = 64 * 1024;

/**
 * Reading is synchronous: these files are made by the kernel as they are read and wait for no disk, and a round trip to the
 * thread pool would cost ten times what the reading does.
 */
export class HostFiles {
  /** What stands before `/proc` and `/sys`; empty for this host. */
  readonly root: string;
  #buffer = Buffer.allocUnsafe(BUFFER_BYTES);

  constructor(root = '') {
    this.root = root;
  }

  /** The text; undefined where there is no such file or it is not for us, which is no error: hosts differ. */
  read(path: string): string | undefined {
    let file: number;
    try {
      file = openSync(this.root + path, 'r');
    } catch {
      return undefined;
    }
    try {
      return this.#buffer.toString('utf8', 0, this.#fill(file));
    } catch {
      // A process that has ended in between, or a file that refuses to be read: as if it were not there.
      return undefined;
    } finally {
      closeSync(file);
    }
  }

  /** A file that holds one whole number; `max` and the like are none. */
  readNumber(path: string): number | undefined {
    const text = this.read(path)?.trim();
    return text !== undefined && /^-?\d+$/.test(text) ? Number(text) : undefined;
  }

  /** Names in a folder; none where there is no such folder. */
  list(path: string): readonly string[] {
    try {
      return readdirSync(this.root + path);
    } catch {
      return [];
    }
  }

  /** Names of the folders in a folder, links left out. */
  listFolders(path: string): readonly string[] {
    try {
      return readdirSync(this.root + path, { withFileTypes: true }).flatMap((entry) =>
        entry.isDirectory() ? [entry.name] : [],
      );
    } catch {
      return [];
    }
  }

  /** Where a link leads, as it is written in it. */
  readLink(path: string): string | undefined {
    try {
      return readlinkSync(this.root + path);
    } catch {
      return undefined;
    }
  }

  #fill(file: number): number {
    for (let length = 0; ; ) {
      const read = readSync(file, this.#buffer, length, this.#buffer.length - length, null);
      length += read;
      if (read === 0 || length >= MAX_BYTES) return length;
      if (length === this.#buffer.length) this.#buffer = Buffer.concat([this.#buffer], this.#buffer.length * 2);
    }
  }
}
