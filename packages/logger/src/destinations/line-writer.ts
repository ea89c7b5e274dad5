/**
 * Lines into a file descriptor. What is logged in one turn of the event loop is written at its end by one call, or
 * sooner when it is much, so that a line costs a fraction of a system call. The call itself is synchronous: for a file
 * it copies into the page cache, and what has been copied survives the process. Lines at `error` and above do not wait
 * for the end of the turn.
 *
 * pino's default writes each line by a call of its own; its faster modes lose what waits when a signal ends the process.
 */

import { fstatSync, writeSync } from 'node:fs';
import { EXIT_WAIT_MS, MAX_WAITING_BYTES, WRITE_CHARS, WRITE_RETRY_MAX_MS, WRITE_RETRY_MIN_MS } from '../limits.ts';
import { droppedLine } from './dropped-line.ts';
import type { Problems } from './problems.ts';

/** What is written to. */
export interface WriteTarget {
  /** For messages: `/var/log/app.log`, `standard output`. */
  readonly name: string;
  /** The descriptor for the next so many bytes. May throw: then it is tried again. */
  open(bytes: number): number;
  close(): void;
}

/** Bytes that wait for a target that takes nothing, and the lines in them. */
interface Chunk {
  bytes: Uint8Array;
  readonly lines: number;
}

/** Nobody will ever read it: the other end of a pipe is gone. */
const GONE = new Set(['EPIPE', 'ECONNRESET']);

export class LineWriter {
  readonly #target: WriteTarget;
  readonly #problems: Problems;
  /** Lines of this turn. */
  #text = '';
  #lines = 0;
  #isScheduled = false;
  /** What the target did not take, oldest first. */
  #chunks: Chunk[] = [];
  #chunkBytes = 0;
  #retry: NodeJS.Timeout | undefined;
  #retryMs = WRITE_RETRY_MIN_MS;
  /** Lines that could not be kept: since the start, and since the file was told. */
  #dropped = 0;
  #untold = 0;
  /** Whether the last failure was a pipe that is full. */
  #isBusy = false;
  #isGone = false;

  constructor(target: WriteTarget, problems: Problems) {
    this.#target = target;
    this.#problems = problems;
  }

  /** @param line - with its line break. @param isUrgent - written before this returns. */
  write(line: string, isUrgent: boolean): void {
    this.#text += line;
    this.#lines++;
    if (isUrgent || this.#text.length >= WRITE_CHARS) {
      this.#gather();
      // Also while it waits for its retry: a loop that logs without a pause leaves timers no turn.
      this.#writeChunks();
    } else if (!this.#isScheduled) {
      this.#isScheduled = true;
      setImmediate(() => {
        this.#isScheduled = false;
        this.writeOut();
      });
    }
  }

  /** Hands everything to the system, as far as it takes it. */
  writeOut(): void {
    this.#gather();
    // What waits for its retry is not tried for each line: a full disk is asked some times a second.
    if (this.#retry === undefined) this.#writeChunks();
  }

  /** As {@link writeOut}, with patience: the process ends. */
  writeAtExit(): void {
    const giveUpMs = Date.now() + EXIT_WAIT_MS;
    this.#gather();
    do {
      this.#writeChunks();
      if (this.#chunks.length === 0) return;
      // A reader may move on within a moment; a full disk does not get emptier.
      if (!this.#isBusy) break;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    } while (Date.now() < giveUpMs);
    const lines = this.#chunks.reduce((sum, chunk) => sum + chunk.lines, 0);
    this.#problems.tell('exit', `${lines} lines could not be written to ${this.#target.name} before the end`);
  }

  close(): void {
    this.writeOut();
    clearTimeout(this.#retry);
    this.#target.close();
  }

  /** Makes the lines of this turn a chunk. */
  #gather(): void {
    if (this.#text === '') return;
    const chunk = { bytes: Buffer.from(this.#text), lines: this.#lines };
    this.#text = '';
    this.#lines = 0;
    this.#keep(chunk);
  }

  #keep(chunk: Chunk): void {
    if (this.#isGone || this.#chunkBytes + chunk.bytes.length > MAX_WAITING_BYTES) {
      this.#dropped += chunk.lines;
      this.#untold += chunk.lines;
      const why = this.#isGone ? 'nobody reads it any more' : 'it takes nothing';
      this.#problems.tell('dropped', `lines for ${this.#target.name} are dropped: ${why}; ${this.#dropped} so far`);
      return;
    }
    this.#mark();
    this.#push(chunk);
  }

  /** A line in place of those that were dropped. */
  #mark(): void {
    if (this.#untold === 0) return;
    const line = droppedLine(this.#untold, `${this.#target.name} took nothing for too long`);
    this.#untold = 0;
    this.#push({ bytes: Buffer.from(line), lines: 0 });
    this.#problems.over('dropped');
  }

  #push(chunk: Chunk): void {
    this.#chunks.push(chunk);
    this.#chunkBytes += chunk.bytes.length;
  }

  #writeChunks(): void {
    for (let chunk = this.#chunks[0]; chunk !== undefined; chunk = this.#chunks[0]) {
      let written: number;
      try {
        written = writeSync(this.#target.open(chunk.bytes.length), chunk.bytes);
      } catch (error) {
        this.#failed(error as NodeJS.ErrnoException);
        return;
      }
      this.#chunkBytes -= written;
      this.#retryMs = WRITE_RETRY_MIN_MS;
      if (written < chunk.bytes.length) chunk.bytes = chunk.bytes.subarray(written);
      else this.#chunks.shift();
      if (this.#chunks.length === 0) this.#mark();
    }
  }

  #failed(error: NodeJS.ErrnoException): void {
    if (GONE.has(error.code ?? '')) {
      this.#isGone = true;
      this.#dropped += this.#chunks.reduce((sum, { lines }) => sum + lines, 0);
      this.#chunks = [];
      this.#chunkBytes = 0;
      return;
    }
    this.#isBusy = error.code === 'EAGAIN';
    // A pipe whose reader is slow is no trouble yet.
    if (!this.#isBusy) {
      this.#problems.tell('failed', `${this.#target.name} cannot be written: ${error.message}; tried again`);
    }
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => {
      this.#retry = undefined;
      this.writeOut();
    }, this.#retryMs);
    this.#retryMs = Math.min(WRITE_RETRY_MAX_MS, this.#retryMs * 2);
    // The end of the process tries once more by itself.
    this.#retry.unref();
  }
}

/** Whether a descriptor is a pipe: only then a reader may stand still. */
export function isPipe(fd: number): boolean {
  try {
    return fstatSync(fd).isFIFO();
  } catch {
    // Closed: writing to it will say so.
    return false;
  }
}
