/**
 * A file that is kept below a size: `app.log`, with `app.log.1` to `app.log.5` behind it, newest first, as logcore has
 * it.
 *
 * Several processes may write to one file. Each write is appended whole (`O_APPEND`). A rotation is made by one of
 * them, which holds `app.log.lock` for that moment; the others see that the name leads elsewhere, and follow. In
 * between they may write some lines more to what is `app.log.1` by then: nothing is lost, and nothing is cut in two.
 * The same look finds a file that logrotate has moved, or that somebody has deleted.
 */

import { closeSync, fstatSync, mkdirSync, openSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { FILE_LOOK_BYTES, FILE_LOOK_MS, LOCK_STALE_MS } from '../limits.ts';
import type { WriteTarget } from './line-writer.ts';

export interface RotatingFileOptions {
  /** Absolute path. */
  readonly path: string;
  /** Bytes of a file. */
  readonly maxBytes: number;
  /** Old files that are kept; 0: the file is emptied. */
  readonly maxFiles: number;
}

export class RotatingFile implements WriteTarget {
  readonly name: string;
  readonly #options: RotatingFileOptions;
  #fd: number | undefined;
  #size = 0;
  #lookedMs = 0;
  #bytesSinceLook = 0;

  constructor(options: RotatingFileOptions) {
    this.name = options.path;
    this.#options = options;
  }

  open(bytes: number): number {
    let fd = this.#fd ?? this.#openFile();
    const nowMs = Date.now();
    const isDue = nowMs - this.#lookedMs >= FILE_LOOK_MS || this.#bytesSinceLook >= FILE_LOOK_BYTES;
    if (isDue || this.#size + bytes > this.#options.maxBytes) {
      this.#lookedMs = nowMs;
      this.#bytesSinceLook = 0;
      fd = this.#look(fd);
      if (this.#size > 0 && this.#size + bytes > this.#options.maxBytes) fd = this.#rotate(fd);
    }
    this.#size += bytes;
    this.#bytesSinceLook += bytes;
    return fd;
  }

  close(): void {
    if (this.#fd !== undefined) closeSync(this.#fd);
    this.#fd = undefined;
  }

  #openFile(): number {
    const { path } = this.#options;
    mkdirSync(dirname(path), { recursive: true });
    this.#fd = openSync(path, 'a');
    this.#size = fstatSync(this.#fd).size;
    return this.#fd;
  }

  /** Follows the name where it leads elsewhere by now, and learns how much others have written. */
  #look(fd: number): number {
    const named = statSync(this.#options.path, { throwIfNoEntry: false });
    const opened = fstatSync(fd);
    if (named !== undefined && named.ino === opened.ino && named.dev === opened.dev) {
      this.#size = opened.size;
      return fd;
    }
    this.close();
    return this.#openFile();
  }

  #rotate(fd: number): number {
    const lock = `${this.#options.path}.lock`;
    if (!takeLock(lock)) return fd;
    try {
      // Somebody may have been quicker: then the name leads to a new file.
      const current = this.#look(fd);
      if (this.#size === 0) return current;
      this.#shift();
      this.close();
      return this.#openFile();
    } finally {
      rmSync(lock, { force: true });
    }
  }

  #shift(): void {
    const { path, maxFiles } = this.#options;
    rmSync(maxFiles === 0 ? path : `${path}.${maxFiles}`, { force: true });
    for (let number = maxFiles - 1; number >= 0; number--) {
      const from = number === 0 ? path : `${path}.${number}`;
      if (statSync(from, { throwIfNoEntry: false }) !== undefined) renameSync(from, `${path}.${number + 1}`);
    }
  }
}

/** Whether the lock is ours now. Nobody waits for it: the file grows a little over its size instead. */
function takeLock(lock: string): boolean {
  try {
    closeSync(openSync(lock, 'wx'));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const found = statSync(lock, { throwIfNoEntry: false });
  // Taken away at the next try: two that find it stale at the same time must not both hold it.
  if (found !== undefined && Date.now() - found.mtimeMs > LOCK_STALE_MS) rmSync(lock, { force: true });
  return false;
}
