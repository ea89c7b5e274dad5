/**
 * Rows that are not acknowledged yet, in memory and in a file beside it, so that a restart or a crash of the agent loses none and
 * sends none twice.
 *
 * The file is a journal of lines, each with its checksum: a row that was added, a batch that is about to be sent (its number, and
 * how many of the oldest rows it has), its acknowledgement, rows that were shed. What a batch was made of is written before it is
 * sent; so the next run sends the same rows under the same id, and the hub knows whether it has them. Most of the time everything is
 * acknowledged, and the file is written anew with nothing in it.
 */

import { closeSync, fstatSync, ftruncateSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { crc32 } from '#runtime/checksum';

/** A file in which so much is done with is written anew. */
const COMPACT_BYTES = 256 * 1024;

export interface RowBatch {
  readonly boot: string;
  readonly seq: number;
  readonly rows: readonly string[];
}

type Entry =
  | { readonly t: 'begin'; readonly version: 1; readonly boot: string; readonly seq: number }
  | { readonly t: 'row'; readonly row: string }
  | { readonly t: 'plan'; readonly seq: number; readonly rows: number }
  | { readonly t: 'ack' }
  | { readonly t: 'shed'; readonly rows: number };

export class RowSpool {
  readonly #path: string;
  readonly #warn: (message: string) => void;
  #boot: string = crypto.randomUUID();
  #seq = 0;
  #planned: string[] = [];
  #waiting: string[] = [];
  #waitingBytes = 0;
  #file: number | undefined;
  #fileBytes = 0;
  /** A write has failed: what is in the file is not all, and it is written anew before anything else. */
  #isBehind = false;

  constructor(path: string, warn: (message: string) => void) {
    this.#path = path;
    this.#warn = warn;
  }

  /** Rows that are not acknowledged. */
  get size(): number {
    return this.#planned.length + this.#waiting.length;
  }

  /** Characters of the rows that are in no batch. */
  get waitingBytes(): number {
    return this.#waitingBytes;
  }

  /** Takes up what an earlier run has left. */
  open(): void {
    for (const entry of readEntries(this.#path)) this.#apply(entry);
    this.#rewrite();
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }

  add(row: string): void {
    this.#do({ t: 'row', row });
  }

  /** The oldest rows as a batch: the one that was planned before, until it is acknowledged. Undefined where there are none. */
  plan(maxRows: number): RowBatch | undefined {
    const rows = Math.min(maxRows, this.#waiting.length);
    if (this.#planned.length === 0 && rows > 0) this.#do({ t: 'plan', seq: this.#seq + 1, rows });
    if (this.#planned.length === 0) return undefined;
    return { boot: this.#boot, seq: this.#seq, rows: this.#planned };
  }

  /** The planned batch is done with. */
  acknowledge(): void {
    this.#do({ t: 'ack' });
    if (this.size === 0 || this.#fileBytes > COMPACT_BYTES + this.#waitingBytes) this.#rewrite();
  }

  /** Gives up the oldest rows that are in no batch. */
  shed(rows: number): void {
    this.#do({ t: 'shed', rows });
    if (this.#fileBytes > COMPACT_BYTES + this.#waitingBytes) this.#rewrite();
  }

  #do(entry: Entry): void {
    this.#apply(entry);
    if (this.#isBehind) this.#rewrite();
    else this.#write(format(entry));
  }

  #apply(entry: Entry): void {
    switch (entry.t) {
      case 'begin':
        this.#boot = entry.boot;
        this.#seq = entry.seq;
        return;
      case 'row':
        this.#waiting.push(entry.row);
        this.#waitingBytes += entry.row.length;
        return;
      case 'plan':
        this.#seq = entry.seq;
        this.#planned = this.#takeOldest(entry.rows);
        return;
      case 'ack':
        this.#planned = [];
        return;
      case 'shed':
        this.#takeOldest(entry.rows);
    }
  }

  #takeOldest(count: number): string[] {
    const rows = this.#waiting.splice(0, count);
    for (const row of rows) this.#waitingBytes -= row.length;
    return rows;
  }

  /** The file with nothing in it but what is not done with, and whole at any moment: the old one or the new one. */
  #rewrite(): void {
    const isPlanned = this.#planned.length > 0;
    const entries: Entry[] = [
      { t: 'begin', version: 1, boot: this.#boot, seq: isPlanned ? this.#seq - 1 : this.#seq },
      ...this.#planned.map((row) => ({ t: 'row', row }) as const),
      ...(isPlanned ? [{ t: 'plan', seq: this.#seq, rows: this.#planned.length } as const] : []),
      ...this.#waiting.map((row) => ({ t: 'row', row }) as const),
    ];
    this.close();
    this.#attempt(() => {
      const file = openSync(`${this.#path}.new`, 'w', 0o600);
      this.#file = file;
      this.#fileBytes = writeWhole(file, entries.map(format).join(''));
      renameSync(`${this.#path}.new`, this.#path);
    });
  }

  #write(line: string): void {
    const file = this.#file;
    if (file === undefined) return;
    this.#attempt(() => {
      this.#fileBytes += writeWhole(file, line);
    });
  }

  /** A disk that is full must not stop the agent: rows are in memory too, and the file catches up when it can. */
  #attempt(work: () => void): void {
    try {
      work();
      this.#isBehind = false;
    } catch (error) {
      if (!this.#isBehind)
        this.#warn(`${this.#path} cannot be written, so a restart would lose what waits: ${(error as Error).message}`);
      this.#isBehind = true;
    }
  }
}

function format(entry: Entry): string {
  const text = JSON.stringify(entry);
  return `${crc32(text).toString(16).padStart(8, '0')} ${text}\n`;
}

/** All of it or an error; of half a line nothing is left behind. */
function writeWhole(file: number, text: string): number {
  const bytes = Buffer.from(text);
  const before = fstatSync(file).size;
  const written = writeSync(file, bytes, 0, bytes.length, before);
  if (written === bytes.length) return written;
  ftruncateSync(file, before);
  throw new Error('the disk is full');
}

/** Entries up to the first that is not whole: a crash may have cut the last one. A file that is none of ours has none. */
function readEntries(path: string): Entry[] {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    // Not there: the first run.
    return [];
  }
  const entries: Entry[] = [];
  for (const line of text.split('\n')) {
    const entry = line.slice(9);
    if (line.slice(0, 9) !== `${crc32(entry).toString(16).padStart(8, '0')} `) break;
    entries.push(JSON.parse(entry) as Entry);
  }
  return entries[0]?.t === 'begin' && entries[0].version === 1 ? entries : [];
}
