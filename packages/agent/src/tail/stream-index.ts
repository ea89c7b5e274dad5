/** Which streams are known, in which files they lie, and what of that the ledger does not know yet. */

import type { AliasRecord, LedgerRecord } from './ledger.ts';
import { MAX_FILES } from './limits.ts';
import { type Place, Stream, type StreamRecord, type StreamState } from './stream.ts';

/** What a file is by its device and inode. */
export interface Known {
  readonly stream: Stream;
  /** Set where the file is not read for its stream. */
  readonly alias?: AliasRecord;
}

export class StreamIndex {
  readonly #streams = new Map<number, Stream>();
  readonly #files = new Map<string, Known>();
  readonly #changed = new Set<Stream>();
  #notes: LedgerRecord[] = [];
  #lastId = 0;

  get streams(): Iterable<Stream> {
    return this.#streams.values();
  }

  get isFull(): boolean {
    return this.#streams.size >= MAX_FILES;
  }

  get(id: number): Stream | undefined {
    return this.#streams.get(id);
  }

  /** What lies in a file. */
  known(key: string): Known | undefined {
    return this.#files.get(key);
  }

  /** A file is no longer what it was. */
  unlink(key: string): void {
    this.#files.delete(key);
  }

  /** A new stream; undefined where there is no room for one. */
  begin(given: Pick<StreamRecord, 'file' | 'watch' | 'generation' | 'state'>, place: Place, nowMs: number) {
    if (this.isFull && !this.#makeRoom()) return undefined;
    const stream = Stream.begin({ ...given, id: ++this.#lastId, place }, nowMs);
    this.#streams.set(stream.id, stream);
    this.#files.set(place.key, { stream });
    this.#changed.add(stream);
    return stream;
  }

  /** From now on a stream lies here, or nowhere that is known. */
  move(stream: Stream, place: Place | undefined): void {
    if (stream.place !== undefined) this.#files.delete(stream.place.key);
    stream.place = place;
    if (place !== undefined) this.#files.set(place.key, { stream });
    this.#changed.add(stream);
  }

  /** A file that has what a stream has, and is not read. */
  alias(stream: Stream, { key, size, changedMs }: Omit<AliasRecord, 'stream'>): void {
    const alias = { key, stream: stream.id, size, changedMs };
    this.#files.set(key, { stream, alias });
    this.#notes.push({ t: 'alias', alias });
  }

  setState(stream: Stream, state: StreamState, nowMs: number): void {
    stream.state = state;
    stream.sinceMs = nowMs;
    this.#changed.add(stream);
  }

  forget(stream: Stream): void {
    this.#streams.delete(stream.id);
    for (const [key, known] of this.#files) if (known.stream === stream) this.#files.delete(key);
    this.#changed.delete(stream);
    this.#notes.push({ t: 'forget', stream: stream.id });
  }

  /** Forgets the file that was done and has not been seen for the longest time. */
  #makeRoom(): boolean {
    let oldest: Stream | undefined;
    for (const stream of this.#streams.values()) {
      if (stream.state !== 'done' || (oldest !== undefined && stream.lastSeenMs >= oldest.lastSeenMs)) continue;
      oldest = stream;
    }
    if (oldest !== undefined) this.forget(oldest);
    return oldest !== undefined;
  }

  /** Takes over what an earlier run knew. */
  restore(streams: Iterable<Stream>, aliases: Iterable<AliasRecord>): void {
    for (const stream of streams) {
      this.#streams.set(stream.id, stream);
      this.#lastId = Math.max(this.#lastId, stream.id);
      if (stream.place !== undefined) this.#files.set(stream.place.key, { stream });
    }
    for (const alias of aliases) {
      const stream = this.#streams.get(alias.stream);
      if (stream !== undefined && !this.#files.has(alias.key)) this.#files.set(alias.key, { stream, alias });
    }
  }

  /** What has to be in the ledger before anything that is sent from now on. */
  takeChanges(): LedgerRecord[] {
    const changes: LedgerRecord[] = [...this.#changed].map((stream) => ({ t: 'stream', stream: stream.toRecord() }));
    changes.push(...this.#notes);
    this.#forgetChanges();
    return changes;
  }

  /** The whole, for a ledger that is written anew. */
  records(): LedgerRecord[] {
    this.#forgetChanges();
    const records: LedgerRecord[] = [];
    for (const stream of this.#streams.values()) records.push({ t: 'stream', stream: stream.toRecord() });
    for (const { alias } of this.#files.values()) if (alias !== undefined) records.push({ t: 'alias', alias });
    return records;
  }

  #forgetChanges(): void {
    this.#changed.clear();
    this.#notes = [];
  }
}
