/**
 * The catalog: which streams there are and in which files they lie. It looks at paths from time to time and decides for each
 * file what it is: one that is known, under its name or another one; a copy; a new one. `tail.md` has the table.
 */

import { existsSync } from 'node:fs';
import { compareContents } from './content-match.ts';
import { type FileFacts, factsOf, realPath } from './file-facts.ts';
import { Lister } from './glob.ts';
import type { AliasRecord, LedgerRecord } from './ledger.ts';
import { COPY_SEARCH_MS, FORGET_MS, HEAD_BYTES, MAX_FILES, MAX_OPEN_FILES, ROTATE_WAIT_MS, SCAN_MS } from './limits.ts';
import { openReader, unpackedBytes } from './readers.ts';
import { originalsOf, rotatedPathsOf } from './rotation-family.ts';
import { Settling } from './settling.ts';
import type { Stream, StreamState } from './stream.ts';
import { StreamIndex } from './stream-index.ts';
import type { Watch } from './watch.ts';

/** A file that came after the one that was read may have been written this long before that was read last. */
const CLOCK_MARGIN_MS = 2_000;

/** How long after a rotation its files are looked for at every scan; then at every tenth. */
const SEARCH_HARD_MS = 5_000;

/** A rotation that was noticed: its files are looked for. */
interface Search {
  readonly stream: Stream;
  readonly sinceMs: number;
  lastMs: number;
}

export interface CatalogOptions {
  readonly watches: readonly Watch[];
  /** Bytes of removed files that may be held. */
  readonly maxRemovedBytes: number;
  /** Milliseconds for everything that waits. */
  readonly now: () => number;
  readonly warn: (message: string) => void;
}

export class Catalog {
  readonly #options: CatalogOptions;
  readonly #lister = new Lister();
  readonly #index = new StreamIndex();
  readonly #searches = new Map<number, Search>();
  readonly #settling = new Settling();
  /** Files that were judged to be nobody's, by what they looked like then. */
  readonly #foreign = new Map<string, string>();
  /** Bytes that were seen, and looked for in vain. */
  #bytesLost = 0;

  constructor(options: CatalogOptions) {
    this.#options = options;
  }

  get streams(): Iterable<Stream> {
    return this.#index.streams;
  }

  /** Whether there are more files than are looked at. */
  get isCut(): boolean {
    return this.#lister.isCut || this.#index.isFull;
  }

  get bytesLost(): number {
    return this.#bytesLost;
  }

  stream(id: number): Stream | undefined {
    return this.#index.get(id);
  }

  watchOf(stream: Stream): Watch | undefined {
    return this.#options.watches.find(({ pattern }) => pattern === stream.watch);
  }

  /** Takes over what an earlier run knew. */
  restore(streams: Iterable<Stream>, aliases: Iterable<AliasRecord>): void {
    this.#index.restore(streams, aliases);
  }

  /** What has to be in the ledger before anything that is sent from now on. */
  takeChanges(): LedgerRecord[] {
    return this.#index.takeChanges();
  }

  /** The whole, for a ledger that is written anew. */
  records(): LedgerRecord[] {
    return this.#index.records();
  }

  /** The first look after a start: everything that was being read is looked for, wherever it is by now. */
  async find(): Promise<void> {
    for (const stream of this.#index.streams) {
      if (stream.state === 'done') continue;
      const { place } = stream;
      if (place !== undefined && factsOf(place.path)?.key === place.key && (await this.#open(stream))) continue;
      if (await this.#findByKey(stream)) continue;
      this.#lose(stream);
    }
    await this.scan();
  }

  /** Looks at all paths. */
  async scan(): Promise<void> {
    const nowMs = this.#options.now();
    const keys = new Map<string, string>();
    for (const watch of this.#options.watches) {
      for (const path of this.#lister.list(watch.pattern)) {
        const facts = factsOf(path);
        if (facts === undefined) continue;
        keys.set(path, facts.key);
        await this.#look(path, facts, watch, nowMs);
      }
    }
    for (const stream of this.#index.streams) {
      if (stream.state === 'live' && keys.get(stream.file) !== stream.place?.key) this.#rotated(stream);
      else if (stream.state === 'rotated') await this.#finish(stream, nowMs);
      else if (stream.state === 'done' && nowMs - stream.lastSeenMs > FORGET_MS) this.#index.forget(stream);
    }
    await this.#letGoOfRemoved();
    for (const search of this.#searches.values()) {
      const ageMs = nowMs - search.sinceMs;
      if (nowMs - search.lastMs >= (ageMs < SEARCH_HARD_MS ? 0 : 10 * SCAN_MS)) await this.#search(search, nowMs);
      if (ageMs > COPY_SEARCH_MS) this.#endSearch(search);
    }
  }

  /** The bytes of a stream are no longer where they were: its file was truncated, or is another one. */
  async cut(stream: Stream): Promise<void> {
    const { place, file, generation } = stream;
    await stream.close();
    this.#lose(stream);
    const watch = this.watchOf(stream);
    if (place === undefined || watch === undefined) return;
    const facts = factsOf(file);
    // The file goes on with other bytes, at once, since its lines are being written now. One under another name is judged
    // like any that nobody knows: its inode may have been used again for a copy or a packed file.
    if (facts?.key === place.key) {
      await this.#begin({ file, path: place.path, facts, watch, state: 'live', generation: generation + 1 });
    }
    await this.#search(this.#searches.get(stream.id)!, this.#options.now());
  }

  /** A file of which reading failed. It is opened again with the next look, a damaged gzip file never. */
  async unreadable(stream: Stream, error: Error): Promise<void> {
    this.#complain(stream, `${stream.place?.path ?? stream.file} cannot be read on: ${error.message}`);
    await stream.close();
    if (stream.place?.gzip === true) this.#done(stream);
  }

  #lose(stream: Stream): void {
    this.#index.move(stream, undefined);
    this.#setState(stream, 'cut');
    this.#startSearch(stream);
  }

  async #look(path: string, facts: FileFacts, watch: Watch, nowMs: number): Promise<void> {
    const known = this.#index.known(facts.key);
    if (known !== undefined) {
      known.stream.lastSeenMs = nowMs;
      if (known.alias === undefined) {
        if (await this.#lookAgain(known.stream, path, facts)) return;
      } else if (known.alias.size === facts.size && known.alias.changedMs === facts.changedMs) return;
      this.#index.unlink(facts.key);
    }
    const originals = originalsOf(path, this.#index.streams, watch.rotatedDirs);
    if (originals.length > 0 || path.endsWith('.gz')) {
      await this.#judge(path, facts, originals, watch, nowMs, true);
    } else if (!(await this.#isPutBack(path, facts))) {
      await this.#begin({ file: path, path: realPath(path), facts, watch, state: 'live', generation: 0 });
    }
  }

  /** A file that is known, perhaps under another path than before. False where it is another one: inodes are used again. */
  async #lookAgain(stream: Stream, path: string, facts: FileFacts): Promise<boolean> {
    if (stream.state === 'live' && path !== stream.file && factsOf(stream.file)?.key !== facts.key)
      this.#rotated(stream);
    if (stream.state === 'done') {
      if (facts.changedMs === stream.changedMs && facts.size === stream.readAt) return true;
      if (stream.place?.gzip === true && facts.changedMs === stream.changedMs) return true;
      if ((await compareContents(path, [stream]))?.at !== stream.readAt) return false;
      stream.changedMs = facts.changedMs;
      if (stream.place?.gzip === true || facts.size === stream.readAt) return true;
      this.#setState(stream, 'rotated');
    }
    // An open file is checked with each read; while it is open, nobody else gets its inode.
    if (stream.reader === undefined) await this.#open(stream);
    return true;
  }

  /** A file with a name as rotations give it: what a stream has, a copy of it, or one that nobody has seen. */
  async #judge(
    path: string,
    facts: FileFacts,
    originals: readonly Stream[],
    watch: Watch,
    nowMs: number,
    mayBegin: boolean,
  ): Promise<void> {
    const look = `${facts.size} ${facts.changedMs}`;
    if (!mayBegin && this.#foreign.get(facts.key) === look) return;
    // While it is being compressed, the whole is beside it.
    if (facts.size === 0 || (path.endsWith('.gz') && existsSync(path.slice(0, -'.gz'.length)))) return;
    const match = await compareContents(path, originals);
    if (match !== undefined) {
      await this.#matched(match.stream, match.at, path, facts);
    } else if (this.#settling.isSettled(facts.key, facts.size, nowMs)) {
      if (mayBegin) {
        const file = originals[0]?.file ?? path;
        await this.#begin({ file, path: realPath(path), facts, watch, state: 'rotated', generation: 0 });
        return;
      }
      if (this.#foreign.size >= MAX_FILES) this.#foreign.clear();
      this.#foreign.set(facts.key, look);
    }
  }

  /** A file turned out to have what a stream has, up to `at` at least. */
  async #matched(stream: Stream, at: number, path: string, facts: FileFacts): Promise<void> {
    const hasMore = path.endsWith('.gz') ? unpackedBytes(path) !== stream.readAt : facts.size > stream.readAt;
    const isWanted = stream.state !== 'live' && stream.reader === undefined && at >= stream.readAt;
    if (isWanted && hasMore) {
      await this.#adopt(stream, path, facts);
      return;
    }
    this.#index.alias(stream, facts);
    stream.lastSeenMs = this.#options.now();
    if (stream.state === 'cut') this.#setState(stream, 'done');
  }

  /** From now on a stream is read from here. */
  async #adopt(stream: Stream, path: string, facts: FileFacts): Promise<void> {
    this.#index.move(stream, { key: facts.key, path: realPath(path), gzip: path.endsWith('.gz') });
    stream.lastSeenMs = this.#options.now();
    this.#setState(stream, 'rotated');
    await this.#open(stream);
  }

  /** A file that came back under its name from a backup or another disk. Only one that is surely the same. */
  async #isPutBack(path: string, facts: FileFacts): Promise<boolean> {
    const gone = [...this.#index.streams].filter(
      ({ file, state, head }) => file === path && state === 'cut' && head.bytes === HEAD_BYTES,
    );
    if (gone.length === 0) return false;
    const match = await compareContents(path, gone);
    if (match === undefined || match.at < match.stream.readAt) return false;
    await this.#adopt(match.stream, path, facts);
    this.#setState(match.stream, 'live');
    return true;
  }

  async #begin(given: {
    readonly file: string;
    readonly path: string;
    readonly facts: FileFacts;
    readonly watch: Watch;
    readonly state: StreamState;
    readonly generation: number;
  }): Promise<void> {
    const { file, path, facts, watch, state, generation } = given;
    const place = { key: facts.key, path, gzip: path.endsWith('.gz') };
    // The time of day, as files have it.
    const stream = this.#index.begin({ file, watch: watch.pattern, generation, state }, place, Date.now());
    if (stream !== undefined) await this.#open(stream);
  }

  /** Opens the file of a stream. False where it is not there any more. */
  async #open(stream: Stream): Promise<boolean> {
    const { place } = stream;
    if (place === undefined) return false;
    let open = 0;
    for (const { reader } of this.#index.streams) if (reader !== undefined) open++;
    // Its turn comes when another one is done; until then it is looked at with each scan.
    if (open >= MAX_OPEN_FILES) return true;
    try {
      stream.reader = await openReader(place.path);
      if (stream.reader.key !== place.key) {
        await stream.close();
        return false;
      }
      stream.sawEnd = false;
      stream.sinceMs = this.#options.now();
      return true;
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code !== 'ENOENT') this.#complain(stream, `${place.path} cannot be opened: ${message}`);
      return code !== 'ENOENT';
    }
  }

  async #findByKey(stream: Stream): Promise<boolean> {
    const { place } = stream;
    if (place === undefined) return false;
    for (const path of this.#family(stream)) {
      if (path.endsWith('.gz') !== place.gzip || factsOf(path)?.key !== place.key) continue;
      this.#index.move(stream, { ...place, path: realPath(path) });
      this.#rotated(stream);
      return this.#open(stream);
    }
    return false;
  }

  #family(stream: Stream): string[] {
    return rotatedPathsOf(this.#lister, stream.file, this.watchOf(stream)?.rotatedDirs ?? []);
  }

  /** The file of a stream has lost its name; it is read to its end, and what came after it is looked for. */
  #rotated(stream: Stream): void {
    this.#setState(stream, 'rotated');
    this.#startSearch(stream);
  }

  #startSearch(stream: Stream): void {
    const sinceMs = this.#options.now();
    this.#searches.set(stream.id, { stream, sinceMs, lastMs: 0 });
  }

  /** Looks through the rotated files of a stream: for its own bytes, and for files that came and went unseen after it. */
  async #search(search: Search, nowMs: number): Promise<void> {
    search.lastMs = nowMs;
    const { stream } = search;
    const watch = this.watchOf(stream);
    if (watch === undefined) return;
    for (const path of this.#family(stream)) {
      const facts = factsOf(path);
      if (facts === undefined) continue;
      const known = this.#index.known(facts.key);
      if (known?.alias !== undefined && known.stream === stream && stream.state === 'cut')
        this.#index.unlink(facts.key);
      else if (known !== undefined) continue;
      const originals = originalsOf(path, this.#index.streams, watch.rotatedDirs);
      await this.#judge(path, facts, originals, watch, nowMs, cameAfter(facts, stream));
    }
  }

  #endSearch({ stream }: Search): void {
    this.#searches.delete(stream.id);
    if (stream.state !== 'cut') return;
    this.#setState(stream, 'done');
    const bytes = Math.max(0, stream.seenEnd - stream.readAt);
    this.#bytesLost += bytes;
    if (bytes === 0) return;
    this.#options.warn(
      `${stream.file} is gone or was truncated, and no copy of it was found: ${bytes} bytes could not be read`,
    );
  }

  /** Lets go of a file that was read to its end and has not grown for a while. */
  async #finish(stream: Stream, nowMs: number): Promise<void> {
    const quietMs = nowMs - Math.max(stream.grewMs, stream.sinceMs);
    if (stream.reader === undefined || !stream.sawEnd || quietMs < ROTATE_WAIT_MS) return;
    if (stream.acked !== stream.readAt || stream.readAt < stream.seenEnd) return;
    await stream.close();
    this.#done(stream);
  }

  /** What a file looks like when it is done with tells later that nothing has come since, without another look inside. */
  #done(stream: Stream): void {
    const { place } = stream;
    const facts = place === undefined ? undefined : factsOf(place.path);
    if (facts?.key === place?.key) stream.changedMs = facts?.changedMs;
    this.#setState(stream, 'done');
  }

  /** Files without a name are held until they are read, as long as they do not fill the disk. */
  async #letGoOfRemoved(): Promise<void> {
    let bytes = 0;
    const newestFirst = [...this.#index.streams].reverse();
    for (const stream of newestFirst) {
      const removed = stream.state === 'rotated' ? (stream.reader?.removedBytes() ?? 0) : 0;
      bytes += removed;
      if (removed === 0 || bytes <= this.#options.maxRemovedBytes) continue;
      bytes -= removed;
      const unread = removed - stream.readAt;
      stream.seenEnd = Math.max(stream.seenEnd, removed);
      await stream.close();
      // What was packed before it was removed is found by its contents, and read from there.
      this.#lose(stream);
      if (unread === 0) continue;
      this.#options.warn(
        `${stream.file}: a removed file with ${unread} unread bytes was let go, so that it does not fill the disk`,
      );
    }
  }

  #setState(stream: Stream, state: StreamState): void {
    this.#index.setState(stream, state, this.#options.now());
  }

  /** A file that cannot be read: said once, and in the status as long as it is so. */
  #complain(stream: Stream, problem: string): void {
    if (stream.problem !== problem) this.#options.warn(problem);
    stream.problem = problem;
  }

  async close(): Promise<void> {
    for (const stream of this.#index.streams) await stream.close();
  }
}

/** Whether a file can have been written after what was read of a stream: one that was there before is not ours to read. */
function cameAfter({ changedMs, bornMs }: FileFacts, { lastReadMs, firstSeenMs }: Stream): boolean {
  const isNew = bornMs === 0 ? changedMs > firstSeenMs - CLOCK_MARGIN_MS : bornMs > firstSeenMs - CLOCK_MARGIN_MS;
  return isNew && changedMs > lastReadMs - CLOCK_MARGIN_MS;
}
