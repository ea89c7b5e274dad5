/**
 * The ledger: what survives a crash of the agent. A file of lines, each with its checksum, that is appended to and now and
 * then written anew. `tail.md` says what is in it and why that is enough.
 *
 * A batch is in the ledger, on disk, before it is sent. So after a crash the agent knows what it may have sent, makes the same
 * batch of the same bytes under the same id, and the hub knows whether it has it.
 */

import { existsSync, mkdirSync, readFileSync, renameSync, writeSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { crc32, sha256 } from '#runtime/checksum';
import { replaceFile } from './atomic-file.ts';
import { LEDGER_BYTES } from './limits.ts';
import type { PlannedSection } from './section.ts';
import type { StreamRecord } from './stream.ts';

/** A batch that was sent, or was about to be. */
export interface PlannedBatch {
  readonly seq: number;
  /** When its lines were read. */
  readonly atMs: number;
  readonly sections: readonly PlannedSection[];
}

/** A file that holds what a stream has, and is not read for it: a copy, or what was compressed. */
export interface AliasRecord {
  readonly key: string;
  readonly stream: number;
  readonly size: number;
  readonly changedMs: number;
}

export type LedgerRecord =
  | { readonly t: 'begin'; readonly version: 1; readonly boot: string; readonly host: string; readonly seq: number }
  | { readonly t: 'stream'; readonly stream: StreamRecord }
  | { readonly t: 'alias'; readonly alias: AliasRecord }
  | { readonly t: 'forget'; readonly stream: number }
  | { readonly t: 'plan'; readonly batch: PlannedBatch }
  | { readonly t: 'ack'; readonly seq: number }
  | { readonly t: 'withdraw'; readonly seq: number };

/** What a ledger said when it was opened. */
export interface LedgerContents {
  readonly boot: string;
  readonly lastSeq: number;
  readonly records: readonly LedgerRecord[];
  /** Why nothing, or not everything, of an earlier run could be used. */
  readonly warning: string | undefined;
}

export class Ledger {
  readonly #path: string;
  readonly #host = hostMark();
  #boot: string = crypto.randomUUID().slice(0, 8);
  #file: FileHandle | undefined;
  /** Bytes of whole records: what a failed write left behind lies beyond. */
  #bytes = 0;
  /** Bytes of what it began with when it was written anew. */
  #firstBytes = 0;

  constructor(path: string) {
    this.#path = path;
  }

  /** Told apart from every other state of an agent of this name: numbers of batches begin anew with it. */
  get boot(): string {
    return this.#boot;
  }

  get isLarge(): boolean {
    return this.#bytes > LEDGER_BYTES + 2 * this.#firstBytes;
  }

  /** Reads what there is. The ledger can be written to after the first {@link rewrite}. */
  read(): LedgerContents {
    mkdirSync(dirname(this.#path), { recursive: true });
    if (!existsSync(this.#path)) return this.#fresh(undefined);
    const { records, damagedAt } = parse(readFileSync(this.#path));
    const [first] = records;
    if (first?.t !== 'begin' || first.version !== 1) {
      const aside = `${this.#path}.damaged-${Date.now()}`;
      renameSync(this.#path, aside);
      return this.#fresh(
        `the ledger cannot be read and was put aside as ${aside}; files are read from their beginning`,
      );
    }
    const lastSeq = records.reduce(
      (last, record) => (record.t === 'plan' ? Math.max(last, record.batch.seq) : last),
      first.seq,
    );
    if (first.host !== this.#host) {
      // A cloned machine: under the numbers of the other one the hub would take its batches for repeated ones.
      return {
        boot: this.#boot,
        lastSeq: 0,
        records: [...records, { t: 'withdraw', seq: lastSeq }],
        warning: 'the ledger is that of another machine; positions are kept, batches are numbered anew',
      };
    }
    this.#boot = first.boot;
    // A line that was being written when the power went away is the usual end of a ledger.
    const warning =
      damagedAt === undefined
        ? undefined
        : `the ledger ends with a damaged line (byte ${damagedAt}), which is left out`;
    return { boot: first.boot, lastSeq, records, warning };
  }

  #fresh(warning: string | undefined): LedgerContents {
    return { boot: this.#boot, lastSeq: 0, records: [], warning };
  }

  /** Appends records; with `sync` they are on disk when this resolves. A write that failed leaves nothing behind. */
  async append(records: readonly LedgerRecord[], sync: boolean): Promise<void> {
    const file = this.#file;
    if (file === undefined) throw new Error('the ledger is not open');
    const bytes = format(records);
    // Into the page cache: that takes microseconds, a round trip to the thread pool ten times as long.
    for (let at = 0; at < bytes.length; ) at += writeSync(file.fd, bytes, at, bytes.length - at, this.#bytes + at);
    if (sync) await file.datasync();
    this.#bytes += bytes.length;
  }

  /** Writes the ledger anew: always the old one or the new one, whole. */
  async rewrite(lastSeq: number, records: readonly LedgerRecord[]): Promise<void> {
    const bytes = format([{ t: 'begin', version: 1, boot: this.#boot, host: this.#host, seq: lastSeq }, ...records]);
    const file = await replaceFile(this.#path, bytes);
    await this.#file?.close();
    this.#file = file;
    this.#bytes = bytes.length;
    this.#firstBytes = bytes.length;
  }

  async close(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    await file?.close();
  }
}

function format(records: readonly LedgerRecord[]): Buffer {
  return Buffer.from(
    records
      .map((record) => {
        const json = JSON.stringify(record);
        return `${crc32(json).toString(16).padStart(8, '0')} ${json}\n`;
      })
      .join(''),
  );
}

function parse(bytes: Buffer): { records: LedgerRecord[]; damagedAt: number | undefined } {
  const records: LedgerRecord[] = [];
  for (let at = 0; at < bytes.length; ) {
    const end = bytes.indexOf(0x0a, at);
    const json = bytes.toString('utf8', at + 9, end === -1 ? bytes.length : end);
    if (end === -1 || bytes.toString('latin1', at, at + 8) !== crc32(json).toString(16).padStart(8, '0')) {
      return { records, damagedAt: at };
    }
    records.push(JSON.parse(json) as LedgerRecord);
    at = end + 1;
  }
  return { records, damagedAt: undefined };
}

/** This machine, without saying which it is. Not its name: a container has another one each time it is made. */
function hostMark(): string {
  try {
    const id = readFileSync('/etc/machine-id', 'utf8').trim();
    return sha256(`flywatch ${id}`).slice(0, 16);
  } catch {
    // Not Linux, or a container without one: a clone cannot be told.
    return '';
  }
}
